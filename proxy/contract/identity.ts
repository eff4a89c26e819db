import type { DialectName, Operation } from './names.js';

/** What an agent may use. Absent list = nothing; `*` = everything. Models are globs. */
export interface Scope {
  connections: string[];
  models: string[];
  operations: (Operation | '*')[];
}

/** A stored agent: a non-human identity. The key itself is never stored. */
export interface Agent {
  id: string; // ag_…
  name: string;
  /** Person id of the owner (`local` for the local person). */
  owner: string;
  groups: string[];
  scope: Scope;
  /** SHA-256, base64url, of the key; absent for agents that only use tokens. */
  keyHash?: string;
  /** First characters of the key, for people to recognise it: `sp_ab12`. */
  keyHint?: string;
  /** ISO 8601; absent = does not expire. */
  expiresAt?: string;
  createdAt: string;
  revokedAt?: string;
  /** Subject of an OIDC token that is this agent (`iss` + `sub`/client id). */
  subject?: { issuer: string; sub: string };
  /** Working folder that relative paths of tool calls are resolved against. */
  cwd?: string;
  /** Made by the demo workspace, removed with it. */
  demo?: boolean;
}

/** Who makes a request, after authentication. */
export interface Principal {
  agentId: string;
  name: string;
  owner: string;
  /** The agent's groups cut with its owner's (or its token's) groups. */
  groups: string[];
  scope: Scope;
  via: 'key' | 'token';
  /** Milliseconds since the epoch at which the credential ends. */
  expiresAtMs?: number;
  /** Key id or token hash prefix, never the credential. */
  credentialId: string;
  cwd?: string;
}

/** A human who signed in, or the local person. */
export interface Person {
  id: string; // `local` or `iss|sub`
  name: string;
  groups: string[];
  /** How the capability was unlocked. */
  via: 'oidc' | 'os' | 'passphrase' | 'link';
}

/** An OIDC issuer that may sign agents' tokens and/or sign people in. */
export interface Issuer {
  /** Exact `iss`. */
  url: string;
  name: string;
  audience: string;
  algorithms: string[];
  /** Expected `typ` header, e.g. `at+jwt`; absent = not checked (Entra, Auth0 …). */
  typ?: string;
  clockSkewSeconds: number;
  /** Dot paths into the claims. */
  claims: { agent: string; groups: string };
  /** Groups of which a token must carry at least one, else it is denied. Empty = none required. */
  requiredGroups: string[];
  /** Sign-in of persons. */
  signIn?: { clientId: string; scopes: string[] };
  /** What an unknown subject of this issuer may do; absent: tokens must match a stored agent. */
  defaultScope?: Scope;
}

/** A registered LLM endpoint or HTTP API. */
export interface Connection {
  /** Lower-case, `[a-z0-9-]{1,40}`: the first segment of the URL. */
  name: string;
  dialect: DialectName;
  /** Scheme, host, port; no path. */
  origin: string;
  /** Put before every forwarded path; '' or '/x'. */
  pathPrefix: string;
  /** `keychain:NAME` · `env:NAME` · `file:PATH` · `command:["argv",…]` · `none`. */
  credential: string;
  /** The origin that the credential was given for; another origin ⇒ the credential is refused until given again. */
  credentialOrigin?: string;
  /** How the credential is put on: absent = by dialect (Bearer for openai, x-api-key for anthropic, Bearer for http). */
  credentialHeader?: { name: string; format: string };
  /** Headers set on, and names removed from, each outgoing request. */
  headers?: { set?: Record<string, string>; remove?: string[] };
  /** http dialect: which method and path patterns are allowed. `*` in a path matches one segment, `**` any. */
  rules?: { method: string; path: string }[];
  /** Paths forwarded without being looked into (NOT_SCANNED). */
  passthrough?: { method: string; path: string }[];
  /** Link-local, metadata and such addresses are refused unless this is true. */
  allowPrivateAddress?: boolean;
  demo?: boolean;
}
