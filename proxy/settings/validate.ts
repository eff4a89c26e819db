import type { ErrorObject, ValidateFunction } from 'ajv';
import { RE2JS } from 're2js';
import type { Settings } from '../contract/index.js';
import { compileShape } from './compile-shape.js';
import { isLoopbackHost, isLoopbackUrl } from './loopback.js';
import { parseCredentialReference } from './references.js';

/** Path (`connections.0.origin`) → what is wrong there. Empty = valid. */
export type Problems = Record<string, string>;

let compiled: ValidateFunction | undefined;

/** Checks shape, spelling and cross-references. Pure; never throws. Messages never repeat a value that could be a secret. */
export function checkSettings(value: unknown): Problems {
  compiled ??= compileShape(Object.fromEntries(Object.entries(FORMATS).map(([name, { test }]) => [name, test])));
  if (compiled(value)) return crossCheck(value as Settings);
  const problems: Problems = {};
  for (const error of compiled.errors ?? []) {
    const [path, problem] = describe(error);
    problems[path] ??= problem;
  }
  return problems;
}

/** Which message an own format gives when it does not match. */
const FORMATS: Record<string, { test: (text: string) => boolean; problem: string }> = {
  instant: { test: (text) => /^\d{4}-\d\d-\d\dT/.test(text) && !Number.isNaN(Date.parse(text)), problem: 'must be an ISO 8601 time' },
  'http-origin': { test: isOrigin, problem: 'must be scheme, host and port only, as in https://api.openai.com' },
  'otlp-endpoint': { test: isCollector, problem: 'must be an https URL without user name (http only on loopback)' },
  issuer: { test: isIssuer, problem: 'must be an https URL without query (http only on loopback)' },
  credential: {
    test: (text) => typeof parseCredentialReference(text) !== 'string',
    problem: 'must be keychain:NAME, env:NAME, file:/PATH, command:["program","argument",…] or none',
  },
  'header-name': { test: (text) => /^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$/.test(text), problem: 'must be a header name' },
  'header-value': { test: (text) => /^[\t\x20-\x7e]{1,4000}$/.test(text), problem: 'must be one line of printable ASCII' },
  re2: { test: isPattern, problem: 'is not a pattern of the RE2 dialect' },
};

function describe(error: ErrorObject): [path: string, problem: string] {
  const at = error.instancePath.slice(1).replaceAll('/', '.').replaceAll('~1', '/').replaceAll('~0', '~');
  const under = (name: string) => (at === '' ? name : `${at}.${name}`);
  switch (error.keyword) {
    case 'additionalProperties':
      return [under(String(error.params['additionalProperty'])), 'is not a known setting'];
    case 'required':
      return [under(String(error.params['missingProperty'])), 'is missing'];
    case 'enum':
      return [at, `must be one of ${(error.params['allowedValues'] as unknown[]).join(', ')}`];
    case 'format':
      return [at, FORMATS[String(error.params['format'])]?.problem ?? 'is not valid'];
    default:
      return [at, error.message ?? 'is not valid'];
  }
}

/** What a schema cannot say: uniqueness, and rules that look at two fields. */
function crossCheck(settings: Settings): Problems {
  const problems: Problems = {};
  const unique = (path: string, field: string, values: (string | undefined)[]) => {
    const seen = new Set<string>();
    for (const [index, value] of values.entries()) {
      if (value === undefined) continue;
      if (seen.has(value)) problems[`${path}.${index}.${field}`] = 'is used twice';
      seen.add(value);
    }
  };
  if (!isLoopbackHost(settings.listen.host) && settings.listen.tls === undefined) {
    problems['listen.host'] = 'is not a loopback address; beyond loopback listen.tls is needed';
  }
  const { links, webhook } = settings.approvals;
  if (links?.base !== undefined && !links.base.startsWith('https:')) problems['approvals.links.base'] = 'must begin with https:';
  if (links && !webhook) problems['approvals.links'] = 'needs approvals.webhook: the links stand in its calls';
  unique(
    'connections',
    'name',
    settings.connections.map((connection) => connection.name),
  );
  for (const [index, connection] of settings.connections.entries()) {
    if (connection.name === 'api') problems[`connections.${index}.name`] = 'is reserved';
    const clear = connection.origin.startsWith('http:') && !isLoopbackUrl(connection.origin);
    if (clear && connection.credential !== 'none' && !connection.allowPrivateAddress) {
      problems[`connections.${index}.origin`] = 'would send the key unencrypted; use https (or allowPrivateAddress for your own network)';
    }
    if (/(^|\/)\.{1,2}(\/|$)/.test(decoded(connection.pathPrefix)))
      problems[`connections.${index}.pathPrefix`] = 'must not contain . or ..';
  }
  unique(
    'agents',
    'id',
    settings.agents.map((agent) => agent.id),
  );
  unique(
    'agents',
    'name',
    settings.agents.map((agent) => (agent.revokedAt === undefined ? agent.name : undefined)),
  );
  unique(
    'agents',
    'keyHash',
    settings.agents.map((agent) => agent.keyHash),
  );
  unique(
    'agents',
    'subject',
    settings.agents.map((agent) =>
      agent.subject && agent.revokedAt === undefined ? JSON.stringify([agent.subject.issuer, agent.subject.sub]) : undefined,
    ),
  );
  unique(
    'issuers',
    'url',
    settings.issuers.map((issuer) => issuer.url),
  );
  unique(
    'detection.custom',
    'name',
    settings.detection.custom.map((entity) => entity.name),
  );
  for (const [index, entity] of settings.detection.custom.entries()) {
    if (entity.pattern === undefined && !entity.words?.length) problems[`detection.custom.${index}`] = 'needs a pattern or words';
  }
  unique(
    'budgets',
    'id',
    settings.budgets.map((budget) => budget.id),
  );
  return problems;
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return '/..';
  }
}

function isOrigin(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const url = new URL(text);
  return (url.protocol === 'https:' || url.protocol === 'http:') && url.origin === text;
}

function isIssuer(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const url = new URL(text);
  if (url.search !== '' || url.hash !== '' || url.username !== '' || url.password !== '') return false;
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopbackUrl(text));
}

function isCollector(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const url = new URL(text);
  if (url.hash !== '' || url.username !== '' || url.password !== '') return false;
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopbackUrl(text));
}

function isPattern(text: string): boolean {
  try {
    RE2JS.compile(text);
    return true;
  } catch {
    return false;
  }
}
