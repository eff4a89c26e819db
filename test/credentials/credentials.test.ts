import assert from 'node:assert/strict';
import { chmod, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Connection, ErrorCode, SallyportError, SecretStore } from '../../proxy/contract/index.js';
import { createCredentials, createMemorySecretStore } from '../../proxy/credentials/index.js';
import { openSettings } from '../../proxy/settings/index.js';

type Context = { after(run: () => Promise<void>): void };
const is =
  (code: ErrorCode, pattern = /./) =>
  (error: SallyportError) =>
    error.code === code && pattern.test(error.message);
const ORIGIN = 'https://api.openai.com';
const connection = (credential: string, change: Partial<Connection> = {}): Connection => ({
  name: 'openai',
  dialect: 'openai',
  origin: ORIGIN,
  pathPrefix: '',
  credential,
  ...change,
});

async function house(t: Context, options: { secrets?: SecretStore; env?: NodeJS.ProcessEnv } = {}) {
  const directory = await mkdtemp(join(tmpdir(), 'sallyport-credentials-'));
  t.after(() => rm(directory, { recursive: true, force: true }));
  const settings = await openSettings(directory);
  let time = 0;
  const secrets = options.secrets ?? createMemorySecretStore();
  const credentials = createCredentials({
    settings,
    secrets,
    clock: { now: Date.now, monotonic: () => time },
    env: { PATH: process.env['PATH'], ...options.env },
    keychainState: async () => 'absent',
    commandTimeoutMs: 1500,
  });
  return {
    directory,
    settings,
    secrets,
    credentials,
    advance: (ms: number) => void (time += ms),
    get: async (credential: string, change?: Partial<Connection>) => credentials.resolve(connection(credential, change)),
  };
}
const node = (script: string) => `command:${JSON.stringify([process.execPath, '-e', script])}`;

test('none is no key, at once', async (t) => {
  const { credentials } = await house(t);
  assert.equal(credentials.resolve(connection('none')), undefined);
});

test('env: what is set, said when it is not', async (t) => {
  const { get } = await house(t, { env: { KEY: ' sk-1 '.trim(), EMPTY: '', LINES: 'a\nb' } });
  assert.equal(await get('env:KEY'), 'sk-1');
  await assert.rejects(get('env:MISSING'), is('credential_unavailable', /not set/));
  await assert.rejects(get('env:EMPTY'), is('credential_unavailable'));
  await assert.rejects(
    get('env:LINES'),
    (error: SallyportError) => error.code === 'credential_unavailable' && !error.message.includes('a\nb'),
  );
});

test('file: read when private, refused when others may read it', async (t) => {
  const { get, directory, advance } = await house(t);
  const path = join(directory, 'key');
  await writeFile(path, 'sk-file\n', { mode: 0o600 });
  assert.equal(await get(`file:${path}`), 'sk-file');
  await writeFile(path, 'sk-new\n');
  assert.equal(await get(`file:${path}`), 'sk-file', 'from memory for a moment');
  advance(10_001);
  assert.equal(await get(`file:${path}`), 'sk-new');
  await chmod(path, 0o640);
  advance(10_001);
  await assert.rejects(get(`file:${path}`), is('credential_unavailable', /chmod 600/));
  await symlink(path, join(directory, 'link'));
  await assert.rejects(get(`file:${join(directory, 'link')}`), is('credential_unavailable'), 'the target counts');
  await assert.rejects(get(`file:${join(directory, 'nothing')}`), is('credential_unavailable', /no such file/));
  await assert.rejects(get(`file:${directory}`), is('credential_unavailable', /regular file/));
  await assert.rejects(get('file:/dev/zero'), is('credential_unavailable', /regular file/));
});

test('command: arguments go over untouched, without a shell; the first line counts; run once for many', async (t) => {
  const { get, directory, advance } = await house(t);
  const log = join(directory, 'runs');
  const command = `command:${JSON.stringify([
    process.execPath,
    '-e',
    'require("fs").appendFileSync(process.argv[1], "x"); console.log(process.argv[2]); console.log("second line")',
    log,
    '$(id);`id`|"quoted"',
  ])}`;
  const all = await Promise.all(Array.from({ length: 20 }, () => get(command)));
  assert.deepEqual([...new Set(all)], ['$(id);`id`|"quoted"']);
  assert.equal(await readFile(log, 'utf8'), 'x');
  advance(300_001);
  await get(command);
  assert.equal(await readFile(log, 'utf8'), 'xx');
});

test('command: failing, silent, endless, hanging and missing programs', async (t) => {
  const { get } = await house(t);
  await assert.rejects(get(node('console.log("sk-SECRET"); console.error("sk-SECRET"); process.exit(3)')), (error: SallyportError) => {
    assert.match(error.message, /code 3/);
    assert.ok(!error.message.includes('SECRET'));
    return error.code === 'credential_unavailable';
  });
  await assert.rejects(get(node('')), is('credential_unavailable', /printed nothing/));
  await assert.rejects(get(node('for(;;) console.log("x".repeat(9999))')), is('credential_unavailable', /more than/));
  await assert.rejects(get(node('setTimeout(() => {}, 60000)')), is('credential_unavailable', /longer than 1500 ms/));
  await assert.rejects(get('command:["/nonexistent/program"]'), is('credential_unavailable', /no such program|no such file/));
});

test('command: a program gets the environment without what the settings name as secret, and without our own', async (t) => {
  const secret = { OTHER: 'sk-OTHER', HOOK: 'OF-THE-HOOK', COLLECTOR: 'OF-THE-COLLECTOR', SALLYPORT_PERSON: 'A-CAPABILITY' };
  const { get, settings } = await house(t, { env: { ...secret, AWS_PROFILE: 'work' } });
  await settings.update((draft) => {
    draft.connections.push(connection('env:OTHER'));
    draft.approvals.webhook = { url: 'https://hook.example/', secretEnv: 'HOOK' };
    draft.ledger.otlp = { endpoint: 'https://collector.example/', headersEnv: 'COLLECTOR' };
  });
  assert.equal(await get('env:OTHER'), 'sk-OTHER');
  const printed = await get(node('console.log(Buffer.from(JSON.stringify(process.env)).toString("base64"))'));
  const env = JSON.parse(Buffer.from(printed!, 'base64').toString()) as NodeJS.ProcessEnv;
  for (const [name, value] of Object.entries(secret)) {
    assert.ok(!(name in env), name);
    assert.ok(!JSON.stringify(env).includes(value), value);
  }
  assert.equal(env['PATH'], process.env['PATH']);
  assert.equal(env['AWS_PROFILE'], 'work', 'a secret manager needs its own');
});

test('a failing source is left alone for a moment, not for ever', async (t) => {
  const env: NodeJS.ProcessEnv = {};
  let reads = 0;
  const memory = createMemorySecretStore();
  const secrets = {
    ...memory,
    get: (name: string) => {
      reads++;
      return memory.get(name);
    },
  };
  const { get, advance, credentials } = await house(t, { secrets, env });
  for (let i = 0; i < 50; i++) await assert.rejects(get('keychain:openai'), is('credential_unavailable'));
  assert.equal(reads, 1);
  advance(1001);
  await assert.rejects(get('keychain:openai'));
  assert.equal(reads, 2);
  await credentials.store('openai', 'sk-1');
  assert.equal(await get('keychain:openai'), 'sk-1', 'a key that is given counts at once');
});

test('keychain: stored, read synchronously from memory, replaced, forgotten', async (t) => {
  const { get, credentials, secrets } = await house(t);
  const reference = await credentials.store('openai', '  sk-one\n', ORIGIN);
  assert.equal(reference, 'keychain:openai');
  assert.equal(await get(reference), 'sk-one');
  assert.equal(credentials.resolve(connection(reference)), 'sk-one', 'no promise when cached');
  await credentials.store('openai', 'sk-two', ORIGIN);
  assert.equal(await get(reference), 'sk-two');
  await credentials.forget(reference);
  await assert.rejects(get(reference), is('credential_unavailable', /no such entry/));
  assert.equal(await secrets.get('provider/openai'), undefined);
  await assert.rejects(credentials.store('openai', ''), is('invalid'));
  await assert.rejects(credentials.store('openai', 'sk\nx-evil: 1'), is('invalid'));
  await assert.rejects(credentials.store('a b', 'sk-1'), is('invalid'));
});

test('a key never goes to another origin: by the settings, and by the entry itself when the settings were edited', async (t) => {
  const { get, credentials } = await house(t);
  const evil = { origin: 'https://evil.example' };
  await credentials.store('openai', 'sk-1', ORIGIN);
  await assert.rejects(get('keychain:openai', { ...evil, credentialOrigin: ORIGIN }), is('credential_origin_changed', /api\.openai\.com/));
  await assert.rejects(get('keychain:openai', { ...evil, credentialOrigin: evil.origin }), is('credential_origin_changed'));
  await assert.rejects(get('keychain:openai', { ...evil, name: 'other' }), is('credential_origin_changed'));
  assert.equal(await get('keychain:openai'), 'sk-1');
  await assert.rejects(get('keychain:openai', evil), is('credential_origin_changed'), 'from memory too');
});

test('a key without a known origin is bound at its first use', async (t) => {
  const { get, credentials, secrets, advance } = await house(t);
  await credentials.store('openai', 'sk-1');
  assert.equal(await get('keychain:openai'), 'sk-1');
  await assert.rejects(get('keychain:openai', { origin: 'https://evil.example' }), is('credential_origin_changed'));
  advance(60_001);
  await assert.rejects(get('keychain:openai', { origin: 'https://evil.example' }), is('credential_origin_changed'));
  await secrets.set('provider/by-hand', 'sk-by-hand');
  assert.equal(await get('keychain:by-hand'), 'sk-by-hand', 'an entry made with another program');
});

test('no reference reaches our own secrets', async (t) => {
  const { get, secrets } = await house(t);
  await secrets.set('identity/seal', 'OWN');
  for (const reference of ['keychain:identity/seal', 'keychain:../identity/seal', 'keychain:/identity/seal'])
    await assert.rejects(get(reference));
});

test('where there is no keychain a key is not kept, nothing is written, and the person is told what to install', async (t) => {
  const unprotected = { ...createMemorySecretStore(), kind: 'unprotected-file', protected: false, acceptsProviderKeys: false };
  const { credentials, directory } = await house(t, { secrets: unprotected });
  await assert.rejects(credentials.store('openai', 'sk-CANARY'), (error: SallyportError) => {
    assert.match(error.message, /gnome-keyring.*env:NAME/s);
    return error.code === 'keychain_unavailable' && !error.message.includes('CANARY');
  });
  for (const name of await readdir(directory)) assert.ok(!(await readFile(join(directory, name), 'utf8')).includes('CANARY'), name);
  const { state, advice } = await credentials.keychainState();
  assert.equal(state, 'absent');
  assert.match(advice!, /install/i);
});

test('a connection that is removed takes its key out of memory', async (t) => {
  const env: NodeJS.ProcessEnv = { KEY: 'sk-1' };
  const { get, settings, directory } = await house(t, { env });
  const path = join(directory, 'key');
  await writeFile(path, 'sk-1', { mode: 0o600 });
  await settings.update((draft) => void draft.connections.push(connection(`file:${path}`)));
  assert.equal(await get(`file:${path}`), 'sk-1');
  await writeFile(path, 'sk-2');
  await settings.update((draft) => void (draft.connections = []));
  assert.equal(await get(`file:${path}`), 'sk-2');
});
