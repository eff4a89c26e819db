import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import type { Settings } from '../../proxy/contract/index.js';
import { ControlClient, readAddress } from '../../proxy/control/index.js';
import { type SimulatedProvider, startSimulatedProvider } from '../../proxy/demo/index.js';
import { freePort, ROOT } from '../../scripts/demo/launch.js';
import { type DesktopApp, desktopEnv, runElectron, startDesktop } from '../support/desktop-app.js';
import { brokerBus, daemonBus, KEYRING_PASSWORD, PROMPTER } from '../support/desktop-bus.js';
import { fakeDesktop, type TrayMenuItem } from '../support/fake-desktop.js';
import { ASK_LAUNCH, policyOf } from '../support/policies.js';
import { readDialogs } from '../support/said.js';
import { connectionTo, EVERYTHING } from '../support/settings.js';
import { until } from '../support/until.js';

const LIMIT = { timeout: 90_000 };
const NO_BUS = { DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nonexistent/bus' };
const POLICY = policyOf(ASK_LAUNCH);
const has = (label: RegExp) => (items: TrayMenuItem[]) => items.some((i) => label.test(i.label));
const own = (settings: Settings, provider: SimulatedProvider) => {
  settings.connections = [connectionTo(provider.origin, { credential: 'env:DESK_KEY' })];
};

describe('the desktop app where something is missing', {
  skip: process.platform === 'linux' ? false : 'Linux only',
  timeout: 300_000,
}, () => {
  const undo: (() => Promise<unknown> | unknown)[] = [];
  after(async () => {
    for (const one of undo.reverse()) await one();
  });

  it('no display: says so, and what to do, and ends with 69', LIMIT, async () => {
    const home = mkdtempSync(join(tmpdir(), 'sallyport-desktop-'));
    undo.push(() => rmSync(home, { recursive: true, force: true }));
    const { DISPLAY: _display, ...env } = desktopEnv(home, NO_BUS);
    const { code, output } = await runElectron([`--user-data-dir=${join(home, 'profile')}`, ROOT], env);
    assert.equal(code, 69, output);
    assert.match(output, /there is no display.*sallyport serve/s);
    assert.ok(!existsSync(join(home, 'sallyport')), 'nothing was made');
  });

  describe('no D-Bus, so no tray, no notifications and no keychain', () => {
    let desk: DesktopApp;
    let provider: SimulatedProvider;
    it('shows its window although it was started hidden, and says that keys are not protected', LIMIT, async () => {
      provider = await startSimulatedProvider();
      undo.push(() => provider.close());
      desk = await startDesktop({
        env: { ...NO_BUS, DESK_KEY: provider.apiKey },
        args: ['--hidden'],
        settings: (settings) => own(settings, provider),
      });
      undo.push(() => desk.close());
      await desk.page();
      const status = await until(() => desk.api('GET', '/api/status').catch(() => undefined), 'the gateway');
      assert.deepEqual(status.secrets, { kind: 'unprotected-file', protected: false });
      await assert.rejects(
        desk.api('PUT', '/api/connections/openai/key', { key: 'sk-test-key-of-a-test-0000' }),
        (error: Error & { code?: string }) => {
          assert.equal(error.code, 'keychain_unavailable');
          assert.match(error.message, /apt install gnome-keyring/);
          return true;
        },
      );
      await until(() => existsSync(join(desk.profile, 'said.json')) || undefined, 'the sentence about the tray to be said once');
    });

    it('the window opens at a request that nobody could be notified of; credentials of the environment are read', LIMIT, async () => {
      await desk.api('PUT', '/api/policies/ask.yaml', { source: POLICY });
      const { key } = await desk.api('POST', '/api/agents', {
        name: 'bot',
        scope: EVERYTHING,
      });
      const ask = (content: string) =>
        fetch(`${desk.baseUrl}/openai/v1/chat/completions`, {
          method: 'POST',
          headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
          body: JSON.stringify({ model: 'gpt-4o', messages: [{ role: 'user', content }] }),
        });
      assert.equal((await ask('Good morning')).status, 200);
      const running = ask('Please read the launch code');
      const page = await desk.page();
      await page.waitForFunction(() => location.hash.startsWith('#/approvals/ap_'));
      const [, id] = /(ap_\w+)/.exec(page.url()) ?? [];
      const approval = await desk.api('GET', `/api/approvals/${id}`);
      await until(
        () => desk.api('POST', `/api/approvals/${id}/decision`, { version: approval.version, decision: 'deny' }).catch(() => undefined),
        'the decision',
      );
      assert.equal((await running).status, 403);
      assert.equal(provider.log.total, 1);
    });

    it('the page reaches nothing but its own origin, opens nothing, and holds no capability', LIMIT, async () => {
      const page = await desk.page();
      const tried = await page.evaluate(async (base) => {
        const results = await Promise.allSettled([
          fetch(`${base}/openai/v1/models`),
          fetch('https://example.com/'),
          fetch('app://sallyport/..%2f..%2fpackage.json').then((r) => (r.ok ? r : Promise.reject(r.status))),
        ]);
        return {
          fetched: results.filter((r) => r.status === 'fulfilled').length,
          window: window.open('https://example.com/') !== null,
          node: typeof (globalThis as { require?: unknown }).require,
        };
      }, desk.baseUrl);
      assert.deepEqual(tried, { fetched: 0, window: false, node: 'undefined' });
      // A program of the same user that opens the socket is no person, also while no passphrase is set.
      const outside = new ControlClient(readAddress(join(desk.home, 'sallyport'))!);
      await assert.rejects(
        outside.call('POST', '/api/persons/passphrase', { body: { passphrase: 'a passphrase of the agent' } }),
        /set in the window of the desktop app/,
      );
      outside.close();
      const given = await desk.api('POST', '/api/persons/passphrase', { passphrase: 'a long enough passphrase' });
      assert.ok(given.person && !('capability' in given));
      assert.equal((await desk.api('GET', '/api/persons/current')).unlocked, true);
    });

    it('starts at login when the setting says so', LIMIT, async () => {
      const file = join(desk.home, 'config/autostart/sallyport.desktop');
      await desk.api('PATCH', '/api/settings', { preferences: { launchAtLogin: true } });
      await until(() => existsSync(file) || undefined, 'the autostart entry');
      assert.match(readFileSync(file, 'utf8'), /^Exec=.* --hidden$/m);
      await desk.api('PATCH', '/api/settings', { preferences: { launchAtLogin: false } });
      await until(() => !existsSync(file) || undefined, 'the autostart entry to go');
    });

    it('a crashed page is loaded again', LIMIT, async () => {
      const state = () =>
        desk.app.evaluate(({ BrowserWindow }) => {
          const contents = BrowserWindow.getAllWindows()[0]?.webContents;
          return contents && { pid: contents.getOSProcessId(), crashed: contents.isCrashed() };
        });
      const before = await state();
      assert.ok(before && before.pid > 0);
      process.kill(before.pid, 'SIGSEGV');
      await until(async () => {
        const now = await state();
        return now && !now.crashed && now.pid > 0 && now.pid !== before.pid ? true : undefined;
      }, 'a new page process');
    });
  });

  it('the port is taken: shown in the tray, and taken up by itself when it is free', LIMIT, async () => {
    const bus = await brokerBus();
    undo.push(() => bus.close());
    const desktop = await fakeDesktop(bus.address);
    undo.push(() => desktop.close());
    const port = await freePort();
    const other = createServer().listen(port, '127.0.0.1');
    await once(other, 'listening');
    const desk = await startDesktop({ env: bus.env, port, args: ['--hidden'] });
    undo.push(() => desk.close());
    const menu = await desktop.tray.menu(has(/The port is taken/));
    assert.ok(menu.some((i) => i.label === 'Start the gateway again') && menu.some((i) => i.label === 'What is wrong…'));
    assert.equal(desk.app.windows().length, 0, 'hidden stays hidden where there is a tray');
    other.close();
    await desktop.tray.click(/^Start the gateway again$/);
    await desktop.tray.menu(has(/^On guard$/));
    await desktop.tray.activate();
    await desk.page();
  });

  it('the keychain that held the keys is gone: nothing starts anew behind its back, and the tray says what is wrong', LIMIT, async () => {
    const bus = await daemonBus('unlocked');
    undo.push(() => bus.close());
    const first = await fakeDesktop(bus.address);
    undo.push(() => first.close());
    const home = mkdtempSync(join(tmpdir(), 'sallyport-desktop-'));
    undo.push(() => rmSync(home, { recursive: true, force: true }));
    const port = await freePort();
    const before = await startDesktop({ env: bus.env, home, port, settings: () => {}, args: ['--hidden'] });
    await first.tray.menu(has(/^On guard$/));
    await before.close();
    assert.match(readFileSync(join(home, 'sallyport/secret-store.json'), 'utf8'), /"keychain"/);

    const bare = await daemonBus();
    undo.push(() => bare.close());
    const second = await fakeDesktop(bare.address);
    undo.push(() => second.close());
    const desk = await startDesktop({ env: bare.env, home, port, args: ['--hidden'] });
    undo.push(() => desk.close());
    await second.tray.menu(has(/^The keychain cannot be read$/));
    await second.tray.click(/^History…$/);
    await assert.rejects(
      desk.api('GET', '/api/status'),
      (error: Error) => /keychain/i.test(error.message) && /gateway_down/.test(error.message),
    );
    const refused = await fetch(desk.baseUrl).then(
      () => 'answered',
      () => 'refused',
    );
    assert.equal(refused, 'refused');
  });

  it('the keychain is locked: the system asks, a person may say no, and is asked again when they want to', {
    timeout: 200_000,
    skip: spawnSync('xdotool', ['version']).error || !existsSync(PROMPTER) ? 'no xdotool to type with, or no dialog of GNOME' : false,
  }, async () => {
    const bus = await daemonBus('unlocked', { prompter: true });
    undo.push(() => bus.close());
    const first = await fakeDesktop(bus.address);
    const home = mkdtempSync(join(tmpdir(), 'sallyport-desktop-'));
    undo.push(() => rmSync(home, { recursive: true, force: true }));
    const port = await freePort();
    const before = await startDesktop({ env: bus.env, home, port, settings: () => {}, args: ['--hidden'] });
    await first.tray.menu(has(/^On guard$/));
    await before.close();
    first.close();
    await bus.lock();

    const desktop = await fakeDesktop(bus.address);
    undo.push(() => desktop.close());
    const desk = await startDesktop({ env: bus.env, home, port, args: ['--hidden'] });
    undo.push(() => desk.close());
    const said = await readDialogs(desk);
    const xdotool = (...args: string[]) => spawnSync('xdotool', args, { encoding: 'utf8', timeout: 20_000 }).stdout.trim();
    const asked = () => xdotool('search', '--onlyvisible', '--name', '^Unlock') !== '';
    await until(() => asked() || undefined, 'the dialog of the keyring');
    await desktop.tray.menu(has(/^Waiting for the keychain|^The keychain is locked/));

    xdotool('key', 'Escape');
    await desktop.tray.menu(has(/^The keychain is locked: agents are refused$/));
    await until(
      async () => {
        // Menus change with every try; one that just closed is no fault.
        await desktop.tray.click(/^What is wrong…$/).catch(() => undefined);
        return (await said()).some((s) => /keychain is locked\. Unlock it.*tried again every (?:3|10|30) s/s.test(s.detail)) || undefined;
      },
      'some more tries',
      60_000,
    );
    assert.equal(asked(), false, 'whoever said no is not asked again and again');
    await assert.rejects(fetch(desk.baseUrl), 'nothing passes meanwhile');

    await desktop.tray.click(/^Start the gateway again$/);
    await until(() => asked() || undefined, 'the dialog again');
    const type = (password: string): void => {
      xdotool('search', '--onlyvisible', '--name', '^Unlock', 'windowfocus', 'key', 'ctrl+a');
      xdotool('type', '--delay', '20', password);
      xdotool('key', 'Return');
    };
    type('not the password');
    await until(
      async () => {
        if (has(/^On guard$/)(await desktop.tray.menu())) return true;
        // What is typed while the dialog still judges the wrong password is lost: it is typed again.
        if (asked()) type(KEYRING_PASSWORD);
        await new Promise((resolve) => setTimeout(resolve, 1_000));
        return undefined;
      },
      'the gateway with its keys',
      60_000,
    );
    await desktop.tray.click(/^History…$/);
    assert.deepEqual((await desk.api('GET', '/api/status')).secrets, { kind: 'keychain', protected: true });

    await desk.close();
    await bus.lock();
    const third = await startDesktop({ env: bus.env, home, port, args: ['--hidden'] });
    await until(() => asked() || undefined, 'the dialog at the next start');
    const ended = once(third.app.process(), 'exit');
    await third.app.evaluate(({ app }) => app.quit()).catch(() => {});
    await ended;
    assert.equal(asked(), true, 'quitting did not wait for an answer');
  });
});
