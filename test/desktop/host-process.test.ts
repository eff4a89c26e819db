import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import { ROOT } from '../../scripts/demo/launch.js';
import { desktopEnv, runElectron, startDesktop } from '../support/desktop-app.js';
import { until } from '../support/until.js';

const NO_BUS = { DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nonexistent/bus' };

const CHILD = `process.parentPort.on('message', ({ data }) => process.parentPort.postMessage(data));`;

/** Forks the same child for each moment to kill it at, and prints what became of each. */
const MAIN = `
import { app } from 'electron';
import { forkHost } from ${JSON.stringify(pathToFileURL(join(ROOT, 'out/main/gateway/utility.js')).href)};
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const run = async (killAfter) => {
  const host = forkHost(process.env.CHILD_FILE);
  const ended = new Promise((resolve) => host.onExit(() => resolve('ended')));
  const echoed = new Promise((resolve) => host.onMessage(resolve));
  host.post('said at once');
  if (killAfter === undefined) {
    const echo = await echoed;
    host.kill();
    return echo + ', ' + (await ended);
  }
  if (killAfter > 0) await pause(killAfter);
  host.kill();
  return Promise.race([ended, pause(10_000).then(() => 'lives on')]);
};
// Electron is not ready before its main module has been read to the end.
app.whenReady().then(async () => {
  const out = [];
  for (const killAfter of [undefined, 0, 1, 2, 3, 5, 20]) out.push(await run(killAfter));
  console.log('RESULT ' + JSON.stringify(out));
  app.exit(0);
});
`;

describe('the process of the gateway, in a real Electron', {
  timeout: 240_000,
  skip: process.platform === 'linux' ? false : 'Linux only',
}, () => {
  let home = '';
  before(() => {
    home = mkdtempSync(join(tmpdir(), 'sallyport-desktop-'));
  });
  after(() => rmSync(home, { recursive: true, force: true }));

  it('hears what is said before it has spawned, and ends when it is killed at any moment', async () => {
    writeFileSync(join(home, 'child.cjs'), CHILD);
    writeFileSync(join(home, 'main.mjs'), MAIN);
    writeFileSync(join(home, 'package.json'), JSON.stringify({ name: 'host-process', main: 'main.mjs' }));
    const { code, output } = await runElectron(
      [`--user-data-dir=${join(home, 'profile')}`, home],
      desktopEnv(home, { ...NO_BUS, CHILD_FILE: join(home, 'child.cjs') }),
    );
    assert.equal(code, 0, output);
    const result = /RESULT (.*)/.exec(output)?.[1] ?? output;
    assert.deepEqual(JSON.parse(result), ['said at once, ended', ...Array(6).fill('ended')]);
  });

  it('a gateway that hangs is ended and started again by itself; quitting does not wait for one', async () => {
    const desk = await startDesktop({ env: NO_BUS, settings: () => {} });
    try {
      await until(() => desk.api('GET', '/api/status').catch(() => undefined), 'the gateway');
      const hung = await desk.gatewayPid();
      process.kill(hung, 'SIGSTOP');
      const next = await until(
        () => desk.gatewayPid().then((pid) => (pid === hung ? undefined : pid)),
        'another gateway than the one that hangs',
        90_000,
      );
      await until(() => desk.api('GET', '/api/status').catch(() => undefined), 'the gateway again');

      process.kill(next, 'SIGSTOP');
      const ended = once(desk.app.process(), 'exit');
      await desk.app.evaluate(({ app }) => app.quit()).catch(() => {});
      await ended;
      assert.throws(() => process.kill(next, 0), 'it went with the app');
    } finally {
      await desk.close();
    }
  });
});
