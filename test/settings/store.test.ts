import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import type { Connection, SallyportError } from '../../proxy/contract/index.js';
import { defaultSettings, openSettings } from '../../proxy/settings/index.js';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'sallyport-settings-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const openai: Connection = {
  name: 'openai',
  dialect: 'openai',
  origin: 'https://api.openai.com',
  pathPrefix: '',
  credential: 'keychain:openai',
};
const file = () => join(directory, 'settings.json');
const good = () => join(directory, 'settings.last-good.json');

test('with nothing on disk the defaults are in use and nothing is written until something changes', async () => {
  const store = await openSettings(directory);
  assert.deepEqual(store.get(), defaultSettings());
  assert.deepEqual(await readdir(directory), []);
});

test('a change is written, readable by this user alone, and there after a restart', async () => {
  const store = await openSettings(directory);
  const seen: number[] = [];
  store.onChange((settings) => seen.push(settings.connections.length));
  await store.update((draft) => void draft.connections.push({ ...openai }));
  assert.deepEqual(seen, [1]);
  assert.equal((await stat(file())).mode & 0o777, 0o600);
  assert.equal((await stat(good())).mode & 0o777, 0o600);
  const again = await openSettings(directory);
  assert.deepEqual(again.get(), store.get());
  assert.equal(again.get().connections[0]?.credentialOrigin, 'https://api.openai.com');
  assert.deepEqual((await readdir(directory)).sort(), ['settings.json', 'settings.last-good.json']);
});

test('what get returns cannot be changed behind the store', async () => {
  const store = await openSettings(directory);
  assert.throws(() => store.get().connections.push(openai), TypeError);
});

test('an invalid change names every path, and changes neither memory nor disk', async () => {
  const store = await openSettings(directory);
  await store.update((draft) => void draft.connections.push({ ...openai }));
  const before = await readFile(file(), 'utf8');
  await assert.rejects(
    store.update((draft) => {
      draft.connections[0]!.origin = 'https://api.openai.com/v1';
      draft.listen.port = 99_999;
    }),
    (error: SallyportError) => {
      assert.equal(error.code, 'invalid');
      assert.deepEqual(Object.keys(error.details as object).sort(), ['connections.0.origin', 'listen.port']);
      return true;
    },
  );
  assert.equal(store.get().listen.port, 4141);
  assert.equal(await readFile(file(), 'utf8'), before);
});

test('changes asked for at the same time all happen, one after the other', async () => {
  const store = await openSettings(directory);
  await Promise.all(Array.from({ length: 20 }, (_, i) => store.update((draft) => void draft.detection.denyWords.push(`word ${i}`))));
  assert.equal((await openSettings(directory)).get().detection.denyWords.length, 20);
});

for (const [name, damage] of [
  ['half a file', (text: string) => text.slice(0, text.length / 2)],
  ['an empty file', () => ''],
  ['valid JSON with a wrong type', (text: string) => text.replace('"port": 4141', '"port": "4141"')],
  ['an unknown setting', (text: string) => text.replace('"port": 4141', '"port": 4141, "prot": 1')],
] as const) {
  test(`damaged settings (${name}): the last good copy is in use and the problem is named`, async () => {
    const store = await openSettings(directory);
    await store.update((draft) => void draft.connections.push({ ...openai }));
    await writeFile(file(), damage(await readFile(file(), 'utf8')));
    const again = await openSettings(directory);
    assert.equal(again.get().connections[0]?.name, 'openai');
    assert.match(again.problem ?? '', /settings\.json cannot be used.*last good copy/);
    const damaged = await readFile(file(), 'utf8');
    await again.update((draft) => void (draft.listen.port = 4242));
    assert.equal(again.problem, undefined);
    assert.equal(await readFile(join(directory, 'settings.damaged.json'), 'utf8'), damaged, 'what was there is kept aside');
    assert.equal((await openSettings(directory)).get().listen.port, 4242);
  });
}

test('a deleted settings.json does not lead back to defaults while a last good copy is there', async () => {
  const store = await openSettings(directory);
  await store.update((draft) => void (draft.policy.preset = 'strict'));
  await rm(file());
  const again = await openSettings(directory);
  assert.equal(again.get().policy.preset, 'strict');
  assert.match(again.problem ?? '', /missing/);
});

test('damaged settings without a usable copy are an error, never defaults', async () => {
  await writeFile(file(), '{');
  await assert.rejects(
    openSettings(directory),
    (error: SallyportError) => error.code === 'invalid' && /no last good copy/.test(error.message),
  );
  await writeFile(good(), 'also broken');
  await assert.rejects(openSettings(directory), /neither|either/);
});

test('a newer version is refused, even when an older good copy is there', async () => {
  const store = await openSettings(directory);
  await store.update((draft) => void (draft.listen.port = 4200));
  await writeFile(file(), JSON.stringify({ ...store.get(), version: 99 }));
  await assert.rejects(openSettings(directory), /version 99.*downgrade is refused/s);
});

test('a short file written by hand is filled with defaults', async () => {
  await writeFile(file(), JSON.stringify({ version: 1, listen: { port: 5000 }, connections: [openai] }));
  const settings = (await openSettings(directory)).get();
  assert.deepEqual(settings.listen, { host: '127.0.0.1', port: 5000, allowedHosts: [] });
  assert.equal(settings.connections[0]?.credentialOrigin, openai.origin);
});

test('an edit by something else while running is not picked up; it is kept aside and named at the next change', async () => {
  const store = await openSettings(directory);
  await store.update((draft) => void (draft.policy.preset = 'strict'));
  const foreign = (await readFile(file(), 'utf8')).replace('"strict"', '"observe"');
  await writeFile(file(), foreign);
  await store.update((draft) => void (draft.listen.port = 4300));
  assert.equal(store.get().policy.preset, 'strict');
  assert.match(store.problem ?? '', /settings\.edited\.json/);
  assert.equal(await readFile(join(directory, 'settings.edited.json'), 'utf8'), foreign);
});

test('moving a connection leaves its credential bound to the old origin until it is given again', async () => {
  const store = await openSettings(directory);
  await store.update((draft) => void draft.connections.push({ ...openai }));
  const origin = () => store.get().connections[0]?.credentialOrigin;
  await store.update((draft) => void (draft.connections[0]!.origin = 'https://evil.example'));
  assert.equal(origin(), 'https://api.openai.com');
  await store.update((draft) => void delete draft.connections[0]!.credentialOrigin);
  assert.equal(origin(), 'https://api.openai.com', 'leaving it out does not unbind it');
  await store.update((draft) => void (draft.connections[0]!.credential = 'env:OTHER_KEY'));
  assert.equal(origin(), 'https://evil.example', 'another reference is a credential given anew');
});

test('a write that fails changes nothing and says why', async () => {
  const store = await openSettings(directory);
  await rm(directory, { recursive: true });
  await assert.rejects(
    store.update((draft) => void (draft.listen.port = 4400)),
    (error: SallyportError) => error.code === 'internal' && /cannot be written \(ENOENT\)/.test(error.message),
  );
  assert.equal(store.get().listen.port, 4141);
});
