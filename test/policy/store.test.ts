import assert from 'node:assert/strict';
import { generateKeyPairSync, sign } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { type Person, SallyportError, type Settings } from '../../proxy/contract/index.js';
import { openPolicies, type PolicyStoreOptions } from '../../proxy/policy/index.js';
import { openSettings } from '../../proxy/settings/index.js';
import { finding, part, toolCall } from './subjects.js';

const me: Person = { id: 'local', name: 'me', groups: [], via: 'passphrase' };
const directories: string[] = [];
after(() => {
  for (const d of directories) rmSync(d, { recursive: true, force: true });
});

function directory(): string {
  const d = mkdtempSync(join(tmpdir(), 'sallyport-policy-'));
  directories.push(d);
  return d;
}

async function open(change: (s: Settings) => void = () => {}, options: Partial<PolicyStoreOptions> = {}, dir = directory()) {
  const settings = await openSettings(dir);
  await settings.update(change);
  const records: Record<string, unknown>[] = [];
  const onRecord = async (meta: Record<string, unknown>) => void records.push(meta);
  const store = await openPolicies({ directory: dir, settings, managedPath: null, onRecord, ...options });
  return { dir, settings, records, store };
}

const code = (wanted: string) => (e: unknown) => e instanceof SallyportError && e.code === wanted;
const BLOCK_MAIL =
  'version: 1\nrules:\n  - id: no-mail\n    match: { category: contact }\n    then: block\n    examples:\n      must: [{ findings: [EMAIL_ADDRESS] }]\n';
const mail = part({ findings: [finding('EMAIL_ADDRESS', 'contact')] });

test('the balanced preset judges from the start', async () => {
  const { store } = await open();
  assert.equal(store.current().preset, 'balanced');
  assert.equal(store.current().judge(mail).verdict.rule, 'balanced/mask-contact');
  assert.deepEqual(store.problems, []);
});

test('save: written privately, recorded, judges at once, listed; read; remove', async () => {
  const { store, dir, records } = await open();
  const revisions: string[] = [];
  store.onChange((p) => revisions.push(p.revision));
  const saved = await store.save({ name: 'mine.yaml', source: BLOCK_MAIL }, me);
  assert.deepEqual([saved.source, saved.active, saved.rules, saved.readOnly], ['file', true, 1, false]);
  assert.equal(store.current().judge(mail).verdict.rule, 'mine/no-mail');
  assert.equal(statSync(join(dir, 'policies', 'mine.yaml')).mode & 0o777, 0o600);
  assert.equal((await store.read('mine.yaml')).source, BLOCK_MAIL);
  assert.deepEqual(
    store
      .list()
      .filter((p) => p.active)
      .map((p) => p.name),
    ['balanced', 'mine.yaml'],
  );
  await store.remove('mine.yaml', me);
  assert.equal(store.current().judge(mail).verdict.action, 'mask');
  await assert.rejects(store.read('mine.yaml'), code('not_found'));
  assert.deepEqual(
    records.map((r) => r['act']),
    ['save', 'remove'],
  );
  assert.equal(new Set(revisions).size, revisions.length, 'each change is told once');
  assert.equal(revisions.length, 2);
});

test('save: what is wrong is not written', async () => {
  const { store } = await open();
  const bad = (source: string, name = 'x.yaml') => assert.rejects(store.save({ name, source }, me), code('invalid'));
  await bad('version: 1\nrulez: []');
  await bad(BLOCK_MAIL.replace('EMAIL_ADDRESS', 'CREDIT_CARD'));
  await bad(BLOCK_MAIL.replace('must:', 'mustNot:'));
  await bad(BLOCK_MAIL, '../x.yaml');
  await bad(BLOCK_MAIL, 'balanced.yaml');
  await bad(BLOCK_MAIL, 'x.exe');
  assert.deepEqual(
    store.list().filter((p) => p.source === 'file'),
    [],
  );
});

test('save: compare-and-set by revision; a draft does not judge', async () => {
  const { store } = await open();
  const draft = await store.save({ name: 'mine.yaml', source: BLOCK_MAIL, activate: false }, me);
  assert.equal(draft.active, false);
  assert.equal(store.current().judge(mail).verdict.action, 'mask');
  await assert.rejects(store.save({ name: 'mine.yaml', source: BLOCK_MAIL, revision: '0123' }, me), code('conflict'));
  await store.save({ name: 'mine.yaml', source: BLOCK_MAIL, revision: draft.revision }, me);
  assert.equal(store.current().judge(mail).verdict.action, 'block');
});

test('a rule that nobody could ever satisfy is an error when it is saved', async () => {
  const rule = (then: string) => `version: 1\nrules:\n  - { id: a, match: { tool: x }, then: { action: approve, ${then} } }\n`;
  const { store, settings } = await open();
  for (const then of ['minimum: 2', 'separateApprover: true', 'groups: [sec]']) {
    const { ok, problems } = await store.validate(rule(then));
    assert.equal(ok, false, then);
    assert.match(problems[0]!.message, /^Nobody can approve/);
  }
  await settings.update((s) => {
    s.issuers.push({
      url: 'https://idp.example',
      name: 'idp',
      audience: 'sallyport',
      algorithms: ['RS256'],
      clockSkewSeconds: 30,
      claims: { agent: 'sub', groups: 'groups' },
      requiredGroups: [],
      signIn: { clientId: 'c', scopes: ['openid'] },
    });
  });
  for (const then of ['minimum: 2', 'separateApprover: true', 'groups: [sec]']) assert.equal((await store.validate(rule(then))).ok, true);
});

test('examples in plain text are read by the real readers, where they are given', async () => {
  const source =
    'version: 1\nrules:\n  - id: a\n    match: { category: contact }\n    then: mask\n    examples:\n      must: [{ text: "write to jane@acme.example" }]\n      mustNot: [{ text: "hello" }]\n';
  const { store } = await open(() => {}, {
    readers: { scan: (text) => (text.includes('@') ? [finding('EMAIL_ADDRESS', 'contact')] : []) },
  });
  assert.equal((await store.validate(source)).ok, true);
  const { store: blind } = await open();
  assert.equal((await blind.validate(source)).ok, false);
});

test('a file that is broken by hand blocks everything and says where', async () => {
  const { store, dir, settings } = await open();
  await store.save({ name: 'mine.yaml', source: BLOCK_MAIL }, me);
  writeFileSync(join(dir, 'policies', 'mine.yaml'), 'version: 1\nrules:\n  - id: a\n    then: allwo\n');
  assert.equal(store.current().judge(part()).verdict.action, 'allow', 'not picked up while it runs');
  await store.reload();
  const { verdict } = store.current().judge(part());
  assert.equal(verdict.action, 'block');
  assert.equal(verdict.rule, 'builtin/policy-unreadable');
  assert.match(verdict.sentence, /mine\.yaml.*line 4/);
  assert.equal(store.problems[0]!.line, 4);
  await store.remove('mine.yaml', me);
  assert.equal(store.current().judge(part()).verdict.action, 'allow');
  rmSync(join(dir, 'policies'), { recursive: true });
  mkdirSync(join(dir, 'policies'));
  await settings.update((s) => {
    s.policy.files = ['gone.yaml'];
  });
  assert.match(store.current().judge(part()).verdict.sentence, /gone\.yaml is missing/);
});

test('setPreset and changes of the settings take effect at once', async () => {
  const { store, settings } = await open();
  await store.setPreset('strict', me);
  assert.equal(store.current().judge(toolCall('risky')).verdict.action, 'block');
  const before = store.current().revision;
  await settings.update((s) => {
    s.approvals.expiresInSeconds = 99;
  });
  assert.notEqual(store.current().revision, before);
  const now = store.current();
  await settings.update((s) => {
    s.preferences.language = 'de';
  });
  assert.equal(store.current(), now, 'other settings leave it alone');
});

test('a managed policy overrides: preset and rules are its own, user rules are ignored unless it says stricter', async () => {
  const dir = directory();
  const path = join(directory(), 'managed.yaml');
  const managed = (userRules: string) =>
    `version: 1\npreset: strict\n${userRules}rules:\n  - { id: no-shell, match: { what: tool-call, tool: shell }, then: block }\n`;
  writeFileSync(path, managed(''));
  const { store } = await open(() => {}, {}, dir);
  const exception =
    'version: 1\nrules:\n  - { id: mine, match: { what: [part, tool-call] }, then: allow, insteadOf: ["balanced/*", "strict/*", "managed/*"] }\n  - { id: no-hello, match: { words: hello }, then: block }\n';
  await store.save({ name: 'mine.yaml', source: exception }, me);
  assert.equal(store.current().judge(mail).verdict.action, 'allow');
  store.close();
  const settings = await openSettings(dir);
  const ruled = await openPolicies({ directory: dir, settings, managedPath: path });
  assert.equal(ruled.current().managed, true);
  assert.equal(ruled.current().preset, 'strict');
  assert.equal(ruled.current().judge(mail).verdict.rule, 'strict/mask-personal');
  assert.equal(ruled.current().judge(toolCall()).verdict.rule, 'managed/no-shell');
  assert.equal(ruled.current().judge(part({ text: 'hello' })).verdict.action, 'allow');
  await assert.rejects(ruled.save({ name: 'other.yaml', source: BLOCK_MAIL }, me), code('forbidden'));
  await assert.rejects(ruled.setPreset('observe', me), code('forbidden'));
  const row = ruled.list().find((p) => p.source === 'managed')!;
  assert.deepEqual([row.readOnly, row.active, row.path], [true, true, path]);
  writeFileSync(path, managed('userRules: stricter\n'));
  await ruled.reload();
  assert.equal(ruled.current().judge(part({ text: 'hello' })).verdict.action, 'block', 'stricter rules of the user count');
  assert.equal(ruled.current().judge(mail).verdict.action, 'mask', 'looser ones do not');
  assert.equal(ruled.current().judge(toolCall()).verdict.action, 'block');
});

test('a managed policy with a key is only taken with its signature; without it nothing passes', async () => {
  const path = join(directory(), 'managed.yaml');
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const raw = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32).toString('base64');
  const source = Buffer.from('version: 1\npreset: observe\n');
  writeFileSync(path, source);
  const configure = (s: Settings) => {
    s.policy.managed = { path, publicKey: raw };
  };
  const { store } = await open(configure);
  assert.match(store.current().judge(part()).verdict.sentence, /signature .* cannot be checked/);
  writeFileSync(`${path}.sig`, sign(null, source, privateKey).toString('base64'));
  await store.reload();
  assert.equal(store.current().preset, 'observe');
  writeFileSync(path, 'version: 1\npreset: observe\n# weaker\n');
  await store.reload();
  assert.equal(store.current().judge(part()).verdict.action, 'block');
  assert.match(store.current().judge(part()).verdict.sentence, /not valid/);
  rmSync(path);
  await store.reload();
  assert.match(store.current().judge(part()).verdict.sentence, /cannot be read/);
});

test('a draft is judged as it would be saved, and leaves the present policy alone', async () => {
  const { store, dir } = await open();
  const now = store.current();
  assert.equal(store.draft(BLOCK_MAIL).judge(mail).verdict.rule, 'draft/no-mail');
  assert.equal(store.current(), now);
  const draft = store.draft(BLOCK_MAIL, 'mine.yaml');
  await store.save({ name: 'mine.yaml', source: BLOCK_MAIL }, me);
  assert.equal(store.current().revision, draft.revision);
  assert.throws(() => store.draft('version: 1\nrules: 5'), code('invalid'));
  assert.equal(readFileSync(join(dir, 'policies', 'mine.yaml'), 'utf8'), BLOCK_MAIL);
});
