#!/usr/bin/env node
/**
 * `npm start`: sets up whatever is missing, then runs the product: the desktop app where there is a display, else the gateway
 * with its web console. With no settings yet, a headless start opens the demo workspace, in a data directory of its own.
 * Arguments: --desktop, --headless, --no-demo; everything else goes to `sallyport serve`.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { ensureBuilt } from './setup/build.mjs';
import { ensureDebianPackages } from './setup/debian-packages.mjs';
import { ensureElectron } from './setup/electron.mjs';
import { ensurePackages, requireNode } from './setup/node-packages.mjs';
import { orExplain, SetupError, say } from './setup/say.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const given = process.argv.slice(2);
const rest = given.filter((a) => !['--desktop', '--headless', '--no-demo'].includes(a));

/** Desktop or headless, and why, in words. */
function choose() {
  const asRoot = process.getuid?.() === 0;
  const display = process.platform !== 'linux' || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);
  if (given.includes('--headless')) return { desktop: false, why: 'asked for' };
  if (given.includes('--desktop')) return { desktop: true, why: 'asked for' };
  if (!display) return { desktop: false, why: 'there is no display' };
  if (asRoot) return { desktop: false, why: 'root gets no desktop app; --desktop insists, with the sandbox off' };
  return { desktop: true, why: 'there is a display' };
}

function become(command, args, env = {}) {
  const child = spawn(command, args, { cwd: root, stdio: 'inherit', env: { ...process.env, ...env } });
  // A terminal's Ctrl-C reaches the child by itself; a second one would cut its orderly end short.
  process.on('SIGINT', () => process.stdin.isTTY || child.kill('SIGINT'));
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 1)));
}

const cli = join(root, 'out/proxy/cli.js');

async function hasSettings() {
  const { dataDirectory } = await import(pathToFileURL(join(root, 'out/proxy/settings/index.js')).href);
  return existsSync(join(dataDirectory(process.env), 'settings.json'));
}

/** Without Electron's runtime the product still runs headless, unless the desktop was asked for. */
function electronOrHeadless() {
  try {
    ensureElectron(root);
    return true;
  } catch (error) {
    if (!(error instanceof SetupError) || given.includes('--desktop')) throw error;
    say(`${error.message} Going on headless.`);
    return false;
  }
}

await orExplain(async () => {
  requireNode();
  ensurePackages(root);
  ensureBuilt(root);
  const mode = choose();
  const built = existsSync(join(root, 'out/main/index.js'));
  if (mode.desktop && built) ensureDebianPackages(['desktop']);
  if (mode.desktop && built && electronOrHeadless()) {
    const asRoot = process.getuid?.() === 0;
    if (asRoot) say("running as root: Chromium's sandbox is OFF");
    say(`starting the desktop app (${mode.why})`);
    become(createRequire(join(root, 'package.json'))('electron'), [...(asRoot ? ['--no-sandbox'] : []), root, ...rest]);
    return;
  }
  say(`starting headless, with the web console${mode.desktop ? '' : ` (${mode.why})`}`);
  const demo = !given.includes('--no-demo') && !(await hasSettings());
  if (demo) say('there are no settings yet: this is the demo workspace. `npm start -- --no-demo` begins without it');
  // The demo's data are thrown away with it, so its own secrets may lie beside them.
  become(process.execPath, [cli, ...(demo ? ['--demo'] : []), 'serve', ...rest], demo ? { SALLYPORT_THROW_AWAY: '1' } : {});
});
