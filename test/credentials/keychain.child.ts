/** Runs inside a D-Bus session with a keyring; prints what it saw as one JSON line. Started by keychain.test.ts. */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sessionBus } from 'dbus-native';
import type { SallyportError } from '../../proxy/contract/index.js';
import { createKeychainStore, createSecretStore, keychainState, moveSecrets } from '../../proxy/credentials/index.js';

async function lockCollection(): Promise<void> {
  const bus = sessionBus();
  const path = '/org/freedesktop/secrets';
  const service = { destination: 'org.freedesktop.secrets', path, interface: 'org.freedesktop.Secret.Service' };
  const collection: string = await bus.invoke({ ...service, member: 'ReadAlias', signature: 's', body: ['default'] });
  await bus.invoke({ ...service, member: 'Lock', signature: 'ao', body: [[collection]] });
  bus.connection.end();
}

const failure = (error: SallyportError) => ({ code: error.code, state: (error.details as { state?: string } | undefined)?.state });
const seen: Record<string, unknown> = { state: await keychainState() };
const store = createKeychainStore({ service: 'sallyport-child-test', deadlineMs: 5000 });

if (process.argv[2] === 'unlocked') {
  const value = `äöü 😀 ${'x'.repeat(100_000)}`;
  await store.set('provider/openai', value);
  seen['roundTrip'] = (await store.get('provider/openai')) === value;
  seen['missing'] = (await store.get('provider/nothing')) ?? null;
  await store.delete('provider/openai');
  await store.delete('provider/openai');
  seen['deleted'] = (await store.get('provider/openai')) ?? null;

  const directories = [await mkdtemp(join(tmpdir(), 'sallyport-kc-')), await mkdtemp(join(tmpdir(), 'sallyport-kc-'))];
  const [one, two] = await Promise.all(directories.map((directory) => createSecretStore({ directory, env: process.env })));
  await one!.set('ledger/seal', 'secret-of-one');
  seen['kind'] = one!.kind;
  seen['apart'] = (await two!.get('ledger/seal')) ?? null;
  const again = await createSecretStore({ directory: directories[0]!, env: process.env });
  seen['kept'] = (await again.get('ledger/seal')) === 'secret-of-one';
  const texts = await Promise.all((await readdir(directories[0]!)).map((name) => readFile(join(directories[0]!, name), 'utf8')));
  seen['onDisk'] = texts.some((text) => text.includes('secret-of-one'));

  const third = await mkdtemp(join(tmpdir(), 'sallyport-kc-'));
  const before = await createSecretStore({ directory: third, env: process.env, keychainState: async () => 'absent' });
  await before.set('ledger/seal', 'made before there was a keychain');
  const moved = await moveSecrets({ directory: third, env: process.env });
  seen['moved'] = [before.kind, moved.kind, await moved.get('ledger/seal'), (await readdir(third)).join()];
  await Promise.all([...directories, third].slice(1).map((directory) => rm(directory, { recursive: true })));

  await lockCollection();
  seen['stateWhenLocked'] = await keychainState();
  seen['whenLocked'] = await again.get('ledger/seal').then(() => 'read', failure);
  // A remembered keychain that is locked must not be replaced by a file with new keys.
  const env = { ...process.env, DISPLAY: undefined, WAYLAND_DISPLAY: undefined };
  seen['kindWhenLocked'] = (await createSecretStore({ directory: directories[0]!, env })).kind;
  await rm(directories[0]!, { recursive: true });
} else {
  seen['set'] = await store.set('a', 'b').then(() => 'written', failure);
}
console.log(`SEEN ${JSON.stringify(seen)}`);
process.exit(0);
