import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { autostartEntry } from '../../main/autostart/entry.js';
import { pageFile } from '../../main/bridge/pages.js';
import { checkExternal } from '../../main/security/external-link.js';
import { CONTENT_SECURITY_POLICY, isOurs } from '../../main/security/origin.js';
import { PersonsWord } from '../../main/sign-in/word.js';
import { beforeAnything } from '../../main/start/circumstances.js';
import { sayOnce } from '../../main/start/once.js';
import { trayHostPresent } from '../../main/tray/host.js';
import { updateChannel } from '../../main/updates/channel.js';
import { checkForUpdate, newer } from '../../main/updates/check.js';
import { freeName } from '../../main/windows/free-name.js';
import { reloadPlan } from '../../main/windows/reloads.js';
import { brokerBus } from '../support/desktop-bus.js';
import { fakeDesktop } from '../support/fake-desktop.js';

describe('the door to the system browser', () => {
  it('opens https, and http on this computer', () => {
    for (const url of ['https://login.example.com/authorize?x=1', 'http://127.0.0.1:4444/auth', 'http://localhost/x', 'http://[::1]:3/'])
      assert.equal(checkExternal(url), new URL(url).href);
  });
  it('opens nothing else', () => {
    for (const url of [
      'http://example.com/',
      'http://127.0.0.1.example.com/',
      'http://localhost@example.com/',
      'https://user:pass@example.com/',
      'file:///etc/passwd',
      'javascript:alert(1)',
      'smb://host/share',
      'ms-msdt:/id',
      'app://sallyport/',
      'data:text/html,x',
      '--version',
      '',
    ])
      assert.throws(() => checkExternal(url), url);
  });
});

describe('what is ours', () => {
  it('is the one origin, and files that its page made', () => {
    for (const url of ['app://sallyport', 'app://sallyport/index.html', 'app://sallyport/api/status', 'blob:app://sallyport/1-2'])
      assert.ok(isOurs(url), url);
    for (const url of [
      'app://sallyport.evil/',
      'app://sallyportx',
      'https://sallyport/',
      'blob:https://x/1',
      'file:///x',
      'ws://127.0.0.1/',
      'devtools://x',
    ])
      assert.ok(!isOurs(url), url);
  });
  it('has a strict policy', () => {
    for (const part of ["default-src 'none'", "connect-src 'self'", "require-trusted-types-for 'script'", "frame-ancestors 'none'"])
      assert.ok(CONTENT_SECURITY_POLICY.includes(part));
    assert.ok(!/unsafe|\*|https?:/.test(CONTENT_SECURITY_POLICY));
  });
  it('are files below the console alone', () => {
    assert.equal(pageFile('/app/out/renderer', '/')?.file, '/app/out/renderer/index.html');
    assert.equal(pageFile('/app/out/renderer', '/sessions/x')?.file, '/app/out/renderer/index.html');
    assert.equal(pageFile('/app/out/renderer', '/assets/a.js')?.type, 'text/javascript; charset=utf-8');
    for (const path of [
      '/../../package.json',
      '/..%2f..%2fpackage.json',
      '/%2e%2e/%2e%2e/package.json',
      '/x.node',
      '/%zz.js',
      '/a%00.js',
      '/../renderer-x/a.js',
    ])
      assert.equal(pageFile('/app/out/renderer', path), undefined, path);
  });
});

describe('whose word main may give', () => {
  const ada = { capability: 'cap_ada', person: { id: 'i|ada', name: 'Ada', groups: [], via: 'oidc' as const } };
  it('local mode: the person at this computer', () => {
    const word = new PersonsWord();
    assert.ok(word.locked);
    word.start('cap_local');
    assert.equal(word.capability, 'cap_local');
  });
  it('where persons sign in, nobody’s before and after: signing out locks', () => {
    const word = new PersonsWord();
    word.start('cap_local');
    word.canSignIn = true;
    assert.equal(word.capability, undefined);
    word.keep(ada);
    assert.equal(word.capability, 'cap_ada');
    assert.equal(word.person?.name, 'Ada');
    word.end();
    assert.ok(word.locked && word.person === undefined && word.session === 'signed-out');
  });
  it('a new gateway knows none of the old words', () => {
    const word = new PersonsWord();
    word.start('cap_1');
    word.canSignIn = true;
    word.keep(ada);
    word.start('cap_2');
    assert.ok(word.locked);
  });
});

describe('before anything', () => {
  const base = { root: false, packaged: true, platform: 'linux' as const, env: { DISPLAY: ':0' }, headless: false };
  it('an installed app refuses root; nothing starts without a display', () => {
    assert.equal(beforeAnything(base), undefined);
    assert.equal(beforeAnything({ ...base, root: true })?.code, 77);
    assert.equal(beforeAnything({ ...base, root: true, packaged: false }), undefined);
    assert.equal(beforeAnything({ ...base, env: {} })?.code, 69);
    assert.equal(beforeAnything({ ...base, env: { WAYLAND_DISPLAY: 'wayland-0' } }), undefined);
    assert.equal(beforeAnything({ ...base, env: {}, platform: 'darwin' }), undefined);
  });
  it('says a thing once', () => {
    const home = mkdtempSync(join(tmpdir(), 'sallyport-once-'));
    try {
      const file = join(home, 'deep', 'said.json');
      assert.deepEqual([sayOnce(file, 'a'), sayOnce(file, 'a'), sayOnce(file, 'b'), sayOnce(file, 'b')], [true, false, true, false]);
    } finally {
      rmSync(home, { recursive: true, force: true });
    }
  });
});

describe('is there a tray?', { skip: process.platform !== 'linux' }, () => {
  const asked = async (address: string) => {
    const before = process.env['DBUS_SESSION_BUS_ADDRESS'];
    process.env['DBUS_SESSION_BUS_ADDRESS'] = address;
    try {
      return await trayHostPresent();
    } finally {
      if (before === undefined) delete process.env['DBUS_SESSION_BUS_ADDRESS'];
      else process.env['DBUS_SESSION_BUS_ADDRESS'] = before;
    }
  };
  it('yes, no, and not to be known', async () => {
    const bus = await brokerBus();
    const bare = await fakeDesktop(bus.address, { tray: false });
    assert.equal(await asked(bus.address), false);
    bare.close();
    const full = await fakeDesktop(bus.address);
    assert.equal(await asked(bus.address), true);
    full.close();
    await bus.close();
    assert.equal(await asked('unix:path=/nonexistent/bus'), undefined);
  });
});

describe('small things', () => {
  it('a saved file takes a name that is free, and no place but the folder', () => {
    const there = new Set(['a.json', 'a (1).json']);
    const name = (wanted: string) => freeName(wanted, (n) => there.has(n));
    assert.equal(name('b.json'), 'b.json');
    assert.equal(name('a.json'), 'a (2).json');
    assert.equal(name('../../.bashrc'), 'bashrc');
    assert.equal(name('x\u202egnp.json'), 'xgnp.json');
    assert.equal(name('..'), 'sallyport');
  });
  it('an autostart entry is quoted as the specification says', () => {
    const exec = (program: string, args?: string[]) => /^Exec=(.*)$/m.exec(autostartEntry(program, args))?.[1];
    assert.equal(exec('/opt/Sallyport/sallyport-desktop'), '/opt/Sallyport/sallyport-desktop --hidden');
    assert.equal(exec('/home/a b/App.AppImage'), '"/home/a b/App.AppImage" --hidden');
    assert.equal(exec('/x/100%', ['/y z']), '"/x/100%%" "/y z" --hidden');
    assert.equal(exec('/x/$y"`'), '"/x/\\\\$y\\\\"\\\\`" --hidden');
  });
  it('a page that keeps crashing is not loaded for ever', () => {
    let now = 0;
    const plan = reloadPlan(() => now);
    assert.deepEqual([plan(), plan(), plan(), plan()], [300, 600, 900, undefined]);
    now = 61_000;
    assert.equal(plan(), 300);
  });
  it('updates: only newer releases, only by https, only when asked for', async () => {
    assert.ok(newer('1.2.10', '1.2.9') && newer('2.0.0', '1.9.9'));
    for (const [a, b] of [
      ['1.0.0', '1.0.0'],
      ['0.9.9', '1.0.0'],
      ['2.0.0-beta', '1.0.0'],
      ['x', '1.0.0'],
    ] as const)
      assert.ok(!newer(a, b));
    const answer = async () => ({ version: '9.0.0' });
    assert.equal(await checkForUpdate({ url: 'https://u.example/latest.json' }, '1.0.0', answer), '9.0.0');
    assert.equal(await checkForUpdate({ url: 'http://u.example/latest.json' }, '1.0.0', answer), undefined);
    assert.equal(await checkForUpdate(undefined, '1.0.0', answer), undefined);
    assert.equal(await checkForUpdate({ url: 'https://u.example/' }, '1.0.0', async () => null), undefined);
    assert.equal(updateChannel({}), undefined);
    assert.equal(updateChannel({ SALLYPORT_UPDATES: 'file:///x' }), undefined);
    assert.deepEqual(updateChannel({ SALLYPORT_UPDATES: 'https://u.example/l.json' }), { url: 'https://u.example/l.json' });
  });
});
