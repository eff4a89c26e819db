import type { Agent, Budget, Connection, CustomEntity, Issuer, Scope, Settings } from '../contract/index.js';

/*
 * JSON schema of settings.json. Each property list is `satisfies Record<keyof T, …>`, so that a field added to the contract and
 * forgotten here does not compile. Unknown fields are refused: a mistyped "requiredGroup" must not silently require nothing.
 */

type Node = Record<string, unknown>;
const text = (extra: Node = {}): Node => ({ type: 'string', maxLength: 4096, ...extra });
const named = (maxLength = 200): Node => ({ type: 'string', minLength: 1, maxLength });
const whole = (minimum: number, maximum: number): Node => ({ type: 'integer', minimum, maximum });
const yes: Node = { type: 'boolean' };
const list = (items: Node, maxItems = 10_000): Node => ({ type: 'array', items, maxItems });
const date: Node = { type: 'string', format: 'instant' };
const record = (properties: Node, required: string[]): Node => ({ type: 'object', properties, required, additionalProperties: false });

const scope = record(
  {
    connections: list(named()),
    models: list(named()),
    operations: list({
      enum: ['chat', 'responses', 'embeddings', 'models', 'messages', 'count_tokens', 'http', 'passthrough', '*'],
    }),
  } satisfies Record<keyof Scope, Node>,
  ['connections', 'models', 'operations'],
);

const route = record(
  { method: { type: 'string', pattern: '^([A-Z]{1,20}|\\*)$' }, path: { type: 'string', pattern: '^/', maxLength: 1000 } },
  ['method', 'path'],
);

const connection = record(
  {
    name: { type: 'string', pattern: '^[a-z0-9-]{1,40}$' },
    dialect: { enum: ['openai', 'anthropic', 'http'] },
    origin: { type: 'string', format: 'http-origin' },
    pathPrefix: { type: 'string', pattern: "^$|^(/[A-Za-z0-9._~%!$&'()*+,;=:@-]+)+$", maxLength: 500 },
    credential: { type: 'string', format: 'credential', maxLength: 8192 },
    credentialOrigin: { type: 'string', format: 'http-origin' },
    credentialHeader: record({ name: { type: 'string', format: 'header-name' }, format: { type: 'string', format: 'header-value' } }, [
      'name',
      'format',
    ]),
    headers: record(
      {
        set: { type: 'object', propertyNames: { format: 'header-name' }, additionalProperties: { type: 'string', format: 'header-value' } },
        remove: list({ type: 'string', format: 'header-name' }, 100),
      },
      [],
    ),
    rules: list(route, 1000),
    passthrough: list(route, 1000),
    allowPrivateAddress: yes,
    demo: yes,
  } satisfies Record<keyof Connection, Node>,
  ['name', 'dialect', 'origin', 'pathPrefix', 'credential'],
);

const agent = record(
  {
    id: { type: 'string', pattern: '^ag_[A-Za-z0-9_-]{1,60}$' },
    name: named(100),
    owner: named(500),
    groups: list(named(), 1000),
    scope,
    keyHash: { type: 'string', pattern: '^[A-Za-z0-9_-]{43}$' },
    keyHint: text({ maxLength: 12 }),
    expiresAt: date,
    createdAt: date,
    revokedAt: date,
    subject: record({ issuer: named(1000), sub: named(500) }, ['issuer', 'sub']),
    cwd: text(),
    demo: yes,
  } satisfies Record<keyof Agent, Node>,
  ['id', 'name', 'owner', 'groups', 'scope', 'createdAt'],
);

const issuer = record(
  {
    url: { type: 'string', format: 'issuer', maxLength: 1000 },
    name: named(100),
    audience: named(500),
    algorithms: {
      ...list({ enum: ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519'] }),
      minItems: 1,
    },
    typ: named(50),
    clockSkewSeconds: whole(0, 300),
    claims: record({ agent: named(), groups: named() }, ['agent', 'groups']),
    requiredGroups: list(named(), 1000),
    signIn: record({ clientId: named(500), scopes: list(named(), 50) }, ['clientId', 'scopes']),
    defaultScope: scope,
  } satisfies Record<keyof Issuer, Node>,
  ['url', 'name', 'audience', 'algorithms', 'clockSkewSeconds', 'claims', 'requiredGroups'],
);

const customEntity = record(
  {
    name: { type: 'string', pattern: '^[A-Z][A-Z0-9_]{2,40}$' },
    pattern: { type: 'string', minLength: 1, maxLength: 2000, format: 're2' },
    words: list(named(), 10_000),
    contextWords: list(named(), 1000),
    confidence: { type: 'number', minimum: 0, maximum: 1 },
  } satisfies Record<keyof CustomEntity, Node>,
  ['name', 'confidence'],
);

const budget = record(
  {
    id: named(100),
    agent: named(100),
    per: { enum: ['day', 'minute'] },
    limit: {
      ...record({ tokens: positive(), cost: positive(), requests: positive() }, []),
      minProperties: 1,
    },
  } satisfies Record<keyof Budget, Node>,
  ['id', 'agent', 'per', 'limit'],
);

function positive(): Node {
  return { type: 'number', exclusiveMinimum: 0 };
}

const top = {
  version: { type: 'integer', minimum: 1 },
  listen: record(
    {
      host: named(255),
      port: whole(0, 65_535),
      tls: record({ certFile: named(4096), keyFile: named(4096) }, ['certFile', 'keyFile']),
      allowedHosts: list(named(255), 100),
    } satisfies Record<keyof Settings['listen'], Node>,
    ['host', 'port', 'allowedHosts'],
  ),
  limits: record(
    {
      bodyBytes: whole(1024, 1024 * 1024 * 1024),
      scanBytes: whole(1024, 64 * 1024 * 1024),
      headerBytes: whole(1024, 1024 * 1024),
      perAgentConcurrent: whole(1, 10_000),
    } satisfies Record<keyof Settings['limits'], Node>,
    ['bodyBytes', 'scanBytes', 'headerBytes', 'perAgentConcurrent'],
  ),
  connections: list(connection, 1000),
  agents: list(agent),
  issuers: list(issuer, 100),
  policy: record(
    {
      preset: { enum: ['observe', 'balanced', 'strict'] },
      files: list({ type: 'string', pattern: '^[A-Za-z0-9_][A-Za-z0-9._-]{0,100}$' }, 100),
      managed: record({ path: named(4096), publicKey: named(4096) }, ['path']),
    } satisfies Record<keyof Settings['policy'], Node>,
    ['preset', 'files'],
  ),
  approvals: record(
    {
      expiresInSeconds: whole(1, 86_400),
      heartbeatSeconds: whole(1, 300),
      mustOpenClasses: list(named(), 100),
      doNotDisturb: yes,
      webhook: record({ url: named(2000), secretEnv: named(100) }, ['url', 'secretEnv']),
      links: record(
        {
          host: named(255),
          port: whole(0, 65_535),
          tls: record({ certFile: named(4096), keyFile: named(4096) }, ['certFile', 'keyFile']),
          base: { type: 'string', format: 'http-origin' },
          person: record({ id: named(500), name: named(200), groups: list(named(), 1000) }, ['id', 'name', 'groups']),
        },
        ['host', 'port', 'tls', 'person'],
      ),
    } satisfies Record<keyof Settings['approvals'], Node>,
    ['expiresInSeconds', 'heartbeatSeconds', 'mustOpenClasses', 'doNotDisturb'],
  ),
  identity: record(
    {
      ownerGraceHours: { type: 'number', minimum: 0, maximum: 8760 },
      requiredGroups: list(named(), 1000),
      onSignOut: { enum: ['lock', 'keep'] },
    } satisfies Record<keyof Settings['identity'], Node>,
    ['ownerGraceHours', 'requiredGroups', 'onSignOut'],
  ),
  ledger: record(
    {
      segmentBytes: whole(4096, 4 * 1024 * 1024 * 1024),
      retention: record(
        { days: positive(), bytes: positive(), agents: { type: 'object', maxProperties: 1000, additionalProperties: positive() } },
        [],
      ),
      heads: record(
        { file: named(4096), webhook: named(2000), git: record({ directory: named(4096), minutes: whole(1, 1440) }, ['directory']) },
        [],
      ),
      otlp: record(
        {
          endpoint: { type: 'string', format: 'otlp-endpoint', maxLength: 2000 },
          headersEnv: { type: 'string', pattern: '^[A-Za-z_][A-Za-z0-9_]{0,120}$' },
          content: yes,
        },
        ['endpoint'],
      ),
    } satisfies Record<keyof Settings['ledger'], Node>,
    ['segmentBytes', 'retention', 'heads'],
  ),
  detection: record(
    { names: yes, custom: list(customEntity, 1000), denyWords: list(named(500), 10_000) } satisfies Record<
      keyof Settings['detection'],
      Node
    >,
    ['names', 'custom', 'denyWords'],
  ),
  budgets: list(budget, 1000),
  preferences: record(
    { language: named(20), launchAtLogin: yes, updates: { enum: ['off', 'check'] } } satisfies Record<keyof Settings['preferences'], Node>,
    ['language', 'launchAtLogin', 'updates'],
  ),
  demo: yes,
} satisfies Record<keyof Settings, Node>;

/** The schema that `validate.ts` compiles. */
export const SETTINGS_SCHEMA: Node = record(
  top,
  Object.keys(top).filter((key) => key !== 'demo'),
);
