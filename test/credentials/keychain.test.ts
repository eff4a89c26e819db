import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { createBroker } from 'dbus-native';
import { keychainAdvice, keychainState } from '../../proxy/credentials/index.js';

const CHILD = fileURLToPath(new URL('./keychain.child.ts', import.meta.url));
const WITH_KEYRING = fileURLToPath(new URL('../support/with-keyring.sh', import.meta.url));
const have = (...programs: string[]) =>
  programs.every((name) => (process.env['PATH'] ?? '').split(':').some((at) => existsSync(join(at, name))));
const skip = have('dbus-run-session', 'gnome-keyring-daemon') ? false : 'no dbus-run-session or gnome-keyring-daemon';

async function inSession(prefix: string[], mode: string): Promise<Record<string, unknown>> {
  const [program, ...rest] = ['dbus-run-session', '--', ...prefix, process.execPath, '--import', 'tsx', CHILD, mode];
  const env = { ...process.env, DISPLAY: '', WAYLAND_DISPLAY: '', DBUS_SESSION_BUS_ADDRESS: '' };
  const { stdout } = await promisify(execFile)(program!, rest, { env, timeout: 60_000 });
  return JSON.parse(/^SEEN (.*)$/m.exec(stdout)![1]!);
}

test('a real, unlocked keyring: round trip, apart by data directory, nothing on disk; then locked', { skip }, async () => {
  assert.deepEqual(await inSession([WITH_KEYRING], 'unlocked'), {
    state: 'unlocked',
    roundTrip: true,
    missing: null,
    deleted: null,
    kind: 'keychain',
    apart: null,
    kept: true,
    onDisk: false,
    moved: ['unprotected-file', 'keychain', 'made before there was a keychain', 'secret-store.json'],
    stateWhenLocked: 'locked',
    whenLocked: { code: 'keychain_unavailable', state: 'locked' },
    kindWhenLocked: 'keychain',
  });
});

test('a keyring without a collection is named so', { skip }, async () => {
  const home = await mkdtemp(join(tmpdir(), 'sallyport-nokeyring-'));
  try {
    const seen = await inSession(['env', `XDG_DATA_HOME=${home}`, `XDG_CACHE_HOME=${home}`, `XDG_RUNTIME_DIR=${home}`], 'empty');
    assert.deepEqual(seen, { state: 'no-collection', set: { code: 'keychain_unavailable', state: 'no-collection' } });
  } finally {
    await rm(home, { recursive: true, force: true });
  }
});

test('no bus, a bus without a keychain, a bus that hangs: each has its state and none takes long', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'sallyport-bus-'));
  const at = (name: string) => ({ DBUS_SESSION_BUS_ADDRESS: `unix:path=${join(directory, name)}` });
  assert.equal(await keychainState({ env: {}, platform: 'linux' }), 'absent');
  assert.equal(await keychainState({ env: at('nobody'), platform: 'linux' }), 'absent');
  assert.equal(await keychainState({ env: {}, platform: 'darwin' }), 'unlocked');

  const broker = createBroker();
  await new Promise<void>((resolve) => broker.listen({ socket: join(directory, 'empty') }, () => resolve()));
  assert.equal(await keychainState({ env: at('empty'), platform: 'linux' }), 'absent');
  broker.close();

  const silent = createServer(() => undefined).listen(join(directory, 'silent'));
  assert.equal(await keychainState({ env: at('silent'), platform: 'linux', timeoutMs: 200 }), 'error');
  silent.close();
  await rm(directory, { recursive: true, force: true });
});

test('every state but unlocked comes with something to do', () => {
  assert.equal(keychainAdvice('unlocked'), undefined);
  assert.match(keychainAdvice('absent', 'linux')!, /gnome-keyring/);
  for (const state of ['locked', 'no-collection', 'absent', 'unsupported', 'error'] as const)
    assert.match(keychainAdvice(state)!, /env:NAME/);
});
