import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Ajv } from 'ajv';
import type { Settings } from '../../proxy/contract/index.js';
import {
  checkSettings,
  dataDirectory,
  defaultSettings,
  isLocalOnlyReference,
  parseCredentialReference,
} from '../../proxy/settings/index.js';
import { migrate } from '../../proxy/settings/migrations.js';
import { SETTINGS_SCHEMA } from '../../proxy/settings/schema.js';

const with_ = (change: (draft: Settings) => void): Settings => {
  const draft = defaultSettings();
  change(draft);
  return draft;
};
const connection = { name: 'x', dialect: 'openai' as const, origin: 'https://api.openai.com', pathPrefix: '', credential: 'none' };
const agent = {
  id: 'ag_1',
  name: 'a',
  owner: 'local',
  groups: [],
  scope: { connections: ['*'], models: ['*'], operations: ['*' as const] },
  createdAt: '2026-01-01T00:00:00.000Z',
};
const issuer = {
  url: 'https://id.example.com',
  name: 'Company',
  audience: 'urn:x',
  algorithms: ['ES256'],
  clockSkewSeconds: 5,
  claims: { agent: 'sub', groups: 'groups' },
  requiredGroups: [],
};

test('the schema is a valid JSON schema', () => {
  assert.equal(new Ajv({ strict: false }).validateSchema(SETTINGS_SCHEMA), true);
});

test('the defaults are valid', () => assert.deepEqual(checkSettings(defaultSettings()), {}));

const wrong: [name: string, change: (draft: Settings) => void, path: string][] = [
  ['listening beyond loopback without TLS', (s) => void (s.listen.host = '0.0.0.0'), 'listen.host'],
  ['two connections of one name', (s) => void s.connections.push(connection, connection), 'connections.1.name'],
  ['an upper-case connection name', (s) => void s.connections.push({ ...connection, name: 'OpenAI' }), 'connections.0.name'],
  ['an origin with a path', (s) => void s.connections.push({ ...connection, origin: 'https://a.example/v1' }), 'connections.0.origin'],
  ['an origin with a user', (s) => void s.connections.push({ ...connection, origin: 'https://a@b.example' }), 'connections.0.origin'],
  ['a file origin', (s) => void s.connections.push({ ...connection, origin: 'file:///etc' }), 'connections.0.origin'],
  [
    'a key over plain http to a remote host',
    (s) => void s.connections.push({ ...connection, origin: 'http://a.example', credential: 'env:K' }),
    'connections.0.origin',
  ],
  ['a prefix that climbs', (s) => void s.connections.push({ ...connection, pathPrefix: '/a/../b' }), 'connections.0.pathPrefix'],
  [
    'a prefix that climbs in disguise',
    (s) => void s.connections.push({ ...connection, pathPrefix: '/a/%2e%2e/b' }),
    'connections.0.pathPrefix',
  ],
  [
    'a command as a string',
    (s) => void s.connections.push({ ...connection, credential: 'command:pass show x' }),
    'connections.0.credential',
  ],
  [
    'a header value with a line break',
    (s) => void s.connections.push({ ...connection, headers: { set: { 'x-a': 'b\r\nx: y' } } }),
    'connections.0.headers.set.x-a',
  ],
  ['two agents of one id', (s) => void s.agents.push(agent, { ...agent, name: 'b' }), 'agents.1.id'],
  ['two live agents of one name', (s) => void s.agents.push(agent, { ...agent, id: 'ag_2' }), 'agents.1.name'],
  ['an expiry that is no time', (s) => void s.agents.push({ ...agent, expiresAt: 'tomorrow' }), 'agents.0.expiresAt'],
  ['an issuer over http', (s) => void s.issuers.push({ ...issuer, url: 'http://id.example.com' }), 'issuers.0.url'],
  ['alg none', (s) => void s.issuers.push({ ...issuer, algorithms: ['none'] }), 'issuers.0.algorithms.0'],
  ['a symmetric alg', (s) => void s.issuers.push({ ...issuer, algorithms: ['ES256', 'HS256'] }), 'issuers.0.algorithms.1'],
  ['no algorithm', (s) => void s.issuers.push({ ...issuer, algorithms: [] }), 'issuers.0.algorithms'],
  ['an empty audience', (s) => void s.issuers.push({ ...issuer, audience: '' }), 'issuers.0.audience'],
  ['a mistyped field', (s) => void s.issuers.push({ ...issuer, requiredGroup: ['x'] } as never), 'issuers.0.requiredGroup'],
  [
    'a back-reference in a pattern',
    (s) => void s.detection.custom.push({ name: 'ABC', pattern: '(a)\\1', confidence: 1 }),
    'detection.custom.0.pattern',
  ],
  ['an entity that finds nothing', (s) => void s.detection.custom.push({ name: 'ABC', confidence: 1 }), 'detection.custom.0'],
  ['a policy file elsewhere', (s) => void s.policy.files.push('../../etc/x.yaml'), 'policy.files.0'],
  ['a budget without a limit', (s) => void s.budgets.push({ id: 'b', agent: '*', per: 'day', limit: {} }), 'budgets.0.limit'],
];
for (const [name, change, path] of wrong) {
  test(`refused: ${name}`, () => assert.ok(path in checkSettings(with_(change)), JSON.stringify(checkSettings(with_(change)))));
}

test('accepted: what people need', () => {
  const settings = with_((s) => {
    s.listen = { host: '0.0.0.0', port: 443, tls: { certFile: '/c', keyFile: '/k' }, allowedHosts: ['gw.example'] };
    s.connections.push(
      { ...connection, name: 'local', origin: 'http://127.0.0.1:11434', credential: 'env:KEY', pathPrefix: '/v1/x' },
      { ...connection, name: 'lan', origin: 'http://10.0.0.5:8000', credential: 'env:KEY', allowPrivateAddress: true },
      { ...connection, name: 'cmd', credential: 'command:["pass","show","openai key"]' },
    );
    s.agents.push(agent, { ...agent, id: 'ag_2', name: 'gone', revokedAt: '2026-02-02T00:00:00Z' }, { ...agent, id: 'ag_3', name: 'gone' });
    s.issuers.push(issuer, { ...issuer, url: 'http://127.0.0.1:3000' });
    s.detection.custom.push({ name: 'EMPLOYEE_ID', pattern: '\\bE\\d{6}\\b', confidence: 0.9 });
  });
  assert.deepEqual(checkSettings(settings), {});
});

test('references: command and file are local only, and so is everything unreadable', () => {
  assert.deepEqual(parseCredentialReference('command:["op","read","op://a/b"]'), { kind: 'command', argv: ['op', 'read', 'op://a/b'] });
  for (const reference of ['command:["x"]', 'file:/etc/key', ' file:/etc/key', 'Command:["x"]', 'command:x', 'exec:x', '']) {
    assert.equal(isLocalOnlyReference(reference), true, reference);
  }
  for (const reference of ['keychain:openai', 'env:OPENAI_API_KEY', 'none'])
    assert.equal(isLocalOnlyReference(reference), false, reference);
  for (const reference of [
    'command:[]',
    'command:[1]',
    'command:["a\\u0000"]',
    'file:relative',
    'env:A-B',
    'keychain:',
    'keychain:a b',
    'env:',
  ]) {
    assert.equal(typeof parseCredentialReference(reference), 'string', reference);
  }
});

test('data directories: by system, overridden by SALLYPORT_HOME, the demo beside it', () => {
  const at = (env: Record<string, string>, platform: NodeJS.Platform, demo = false) =>
    dataDirectory(env, { platform, home: '/home/a', demo });
  assert.equal(at({}, 'linux'), '/home/a/.local/share/sallyport');
  assert.equal(at({ XDG_DATA_HOME: '/x' }, 'linux'), '/x/sallyport');
  assert.equal(at({ XDG_DATA_HOME: 'relative' }, 'linux'), '/home/a/.local/share/sallyport');
  assert.equal(at({}, 'darwin'), '/home/a/Library/Application Support/Sallyport');
  assert.match(at({ LOCALAPPDATA: 'C:\\L' }, 'win32'), /^C:\\L.Sallyport$/);
  assert.equal(at({ SALLYPORT_HOME: '/s' }, 'linux'), '/s');
  assert.equal(at({ SALLYPORT_HOME: '/s' }, 'linux', true), '/s-demo');
});

test('migrations run step by step and keep what they do not know', () => {
  const steps = {
    1: (s: Record<string, unknown>) => ({ ...s, two: true }),
    2: (s: Record<string, unknown>) => ({ ...s, three: true }),
  };
  const migrated = migrate({ version: 1, mine: 7 }, steps, 3) as Record<string, unknown>;
  assert.equal(migrated['version'], 3);
  assert.ok(migrated['two'] && migrated['three'] && migrated['mine'] === 7);
  assert.throws(() => migrate({ version: 1 }, {}, 2), /cannot be migrated/);
  assert.throws(() => migrate({ version: 0 }), /no valid "version"/);
  assert.throws(() => migrate([]), /not a JSON object/);
});
