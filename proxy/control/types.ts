import type { Readable } from 'node:stream';
import type { ApprovalBroker } from '../approvals/index.js';
import type { Agent, Approval, Connection, ControlEvent, DialectName, GatewayStatus, Person, RecordInput } from '../contract/index.js';
import type { Credentials } from '../credentials/index.js';
import type { AgentRegistry, Persons, SignInAttempt } from '../identity/index.js';
import type { ExchangeDetail, LedgerEvent, LedgerReader } from '../ledger/index.js';
import type { PolicyStore } from '../policy/index.js';
import type { SettingsStore } from '../settings/index.js';

/**
 * Everything that the control API needs of the composition (control-services.ts of proxy/gateway fulfils it). Checks of a person's capability are made
 * by `control` before these are called; the person is handed in so that it can be recorded. All of them may throw `SallyportError`.
 */
export interface ControlServices {
  settings: SettingsStore;
  agents: AgentRegistry;
  persons: Persons;
  /** Absent where no issuer signs persons in. */
  signIn?: SignInService;
  credentials: Credentials;
  policies: Omit<PolicyStore, 'close' | 'draft' | 'onChange'>;
  approvals: ApprovalBroker;
  ledger: LedgerReader;
  acts: LedgerActs;
  /** Now; cheap, called on each `GET /api/status`. */
  status(): GatewayStatus;
  /** Every event that happens from now on. Returns the way to stop. `control` numbers them and keeps the last ones for Last-Event-ID. */
  subscribe(listener: (event: ControlEvent) => void): () => void;
  /** Holds every exchange mid-flight, with keep-alives. */
  freeze(person?: Person): Promise<void>;
  resume(person: Person): Promise<void>;
  /** Ends every held exchange of the freeze (fail closed) and resumes. Answers how many were dropped. */
  drop(person: Person): Promise<number>;
  setDoNotDisturb(on: boolean, person: Person): Promise<void>;
  /** One harmless request (list of models, or HEAD) with the real key. Never throws for what the upstream answers. */
  testConnection(name: string, signal?: AbortSignal): Promise<ConnectionTest>;
  /** The embedded demo workspace / data set, opened and closed in one action. */
  demo: {
    state(): { open: boolean; available: boolean };
    open(person: Person): Promise<void>;
    /** Removes the demo workspace: its agents, connections and data. */
    close(person: Person): Promise<void>;
  };
  /** Originals of one exchange or session, put back into text; the act is recorded before anything is answered. */
  reveal(what: { session: string; exchange?: string; placeholders?: string[]; why?: string }, person: Person): Promise<RevealResult>;
  /** Settings, policies, public keys and (encrypted under `passphrase`, when given) our own secrets: one JSON document, no provider keys. */
  backup(options: { passphrase?: string }, person: Person): Promise<{ filename: string; document: unknown }>;
  /** Replaces settings and policies. `missing`: what has to be given again by hand (provider keys, lost keychain entries). */
  restore(
    input: { document: unknown; passphrase?: string; dryRun?: boolean },
    person: Person,
  ): Promise<{ restored: string[]; missing: string[] }>;
  /** What a maintainer needs to see: versions, state, settings with every secret and address removed. */
  diagnostics(): Promise<Record<string, unknown>>;
  /** Drains and stops; answers when stopping began. */
  shutdown(reason: string): void;
}

export interface ConnectionTest {
  ok: boolean;
  /** Stable code when not ok: `credential_unavailable`, `upstream_unreachable`, `bad_key`, … */
  code?: string;
  /** A sentence for people: what happened and what to do. */
  message: string;
  status?: number;
  ms: number;
  models?: string[];
}

export interface RevealResult {
  session: string;
  exchange?: string;
  /** placeholder → original. */
  originals: { placeholder: string; entity: string; value: string }[];
  /** The request and response with originals in place, for one exchange. */
  request?: string;
  response?: string;
}

export type { SignInAttempt } from '../identity/index.js';

/**
 * Sign-in of persons by OIDC. The redirect is received by the identity room itself (loopback, any free port, RFC 8252), so that
 * the caller only opens `url` and waits.
 */
export interface SignInService {
  /** `flow: 'device'` where there is no browser. @throws SallyportError identity_unavailable, not_found (issuer) */
  begin(input: { issuer?: string; flow: 'browser' | 'device' }): Promise<SignInAttempt>;
  /** Resolves when the person is done. `id` is a secret of the caller. @throws bad_credential, group_missing, identity_unavailable, not_found */
  wait(id: string, signal?: AbortSignal): Promise<{ capability: string; person: Person }>;
  cancel(id: string): void;
  /** Ends the person's session here (refresh token forgotten and revoked where the issuer can). */
  signOut(capability: string): Promise<{ endSessionUrl?: string }>;
  /** Sessions of signed-in persons; a provider that does not answer shows here. */
  states?(): { personId: string; name: string; state: string; refreshedAtMs: number }[];
}

export interface Progress {
  done: number;
  total: number;
}

export type ExportFormat = 'sally' | 'jsonl' | 'har' | 'otlp' | 'markdown';

export interface VerifyInput {
  /** Sequence numbers, inclusive. */
  from?: number;
  to?: number;
  session?: string;
  /** Path of an exported bundle (only from the CLI on this machine). */
  bundle?: string;
}

/** What verification found; the ledger's own report has more fields, all of which are passed on. */
export interface VerifyReport {
  ok: boolean;
  records: number;
  segments: number;
  /** First problem first: which record, which field, what it should have been. */
  problems: { segment: number; line?: number; sequence?: number; field: string; expected: string; found: string; sentence: string }[];
  problemCount?: number;
  /** The newest signed head that the chain agrees with. */
  head?: { sequence: number; at: string };
  /** A cut of the tail after `after` could not be seen: no signed head covers it. */
  uncovered?: { after: number; since?: string; to: number };
  /** False: keys are kept unprotected, so a program of this user could have written everything anew. */
  protectedKeys?: boolean;
  /** True things that are not faults. */
  notes?: string[];
}

/** Acts of persons on the ledger, and its long jobs. */
export interface LedgerActs {
  /** Records any act (`attempt`, `sign-in`, `settings`, `policy`, `note` …), synced. */
  record(input: RecordInput): Promise<void>;
  verify(input: VerifyInput, options: { onProgress(progress: Progress): void; signal: AbortSignal }): Promise<VerifyReport>;
  /** A stream of the file. `originals` needs a person and is recorded. */
  export(
    input: { format: ExportFormat; sessions?: string[]; search?: string; originals?: boolean },
    person: Person | undefined,
  ): Promise<{ filename: string; contentType: string; stream: Readable }>;
  /** Shreds content, vault and index rows of a session; leaves a signed record. @throws not_found, conflict (open exchanges, legal hold) */
  forget(session: string, person: Person): Promise<{ session: string; exchanges: number }>;
  note(session: string, text: string, person: Person): Promise<void>;
  label(
    session: string,
    change: { title?: string; labels?: string[]; starred?: boolean; legalHold?: boolean },
    person: Person,
  ): Promise<void>;
  retention(input: { dryRun: boolean }, person: Person): Promise<{ segments: number; bytes: number; sessions: number; until?: string }>;
  /** Rebuilds the index in the background. */
  rebuildIndex?(options: { onProgress(progress: Progress): void; signal: AbortSignal }): Promise<void>;
}

/** A recorded exchange as the replay engine plays it. */
export interface ReplayEvent extends LedgerEvent {
  exchange: string;
  /** Milliseconds since the first event of the session. */
  timeMs: number;
}

export interface ReplayData {
  session: string;
  durationMs: number;
  events: ReplayEvent[];
  exchanges: Omit<ExchangeDetail, 'events' | 'request' | 'response'>[];
}

/** Where a control client finds the gateway; the content of the token file (0600). */
export interface ControlAddress {
  /** Path of the Unix socket, or name of the Windows pipe. */
  socket: string;
  /** 32 random bytes, base64url. */
  token: string;
  pid: number;
}

export interface ControlOptions {
  version: string;
  /** Directory of the built console (index.html …); absent: `/` says how to build it. */
  consoleDirectory?: string;
  /** What is asked about faults of the control API itself. Never gets a body or a secret. */
  onError?(error: unknown, where: string): void;
  /** Headless: makes a new one-time address of the console (`ConsoleServer.openUrl`); may be set after the console was started. */
  consoleUrl?(): string | undefined;
  now?(): number;
}

/** A running control server. */
export interface ControlServer {
  readonly address: ControlAddress;
  readonly tokenFile: string;
  close(): Promise<void>;
}

/** A running console server (headless). */
export interface ConsoleServer {
  /** `http://127.0.0.1:PORT` */
  readonly origin: string;
  /** A new one-time URL that opens the console in a browser; valid for ten minutes, once. */
  openUrl(): string;
  close(): Promise<void>;
}

/** What `GET /api/first-run` tells the first-run way of the console. */
export interface FirstRunState {
  person: boolean;
  passphraseSet: boolean;
  issuers: number;
  connections: number;
  agents: number;
  firstRequestSeen: boolean;
  demo: boolean;
  keychain: { state: string; advice?: string };
  done: boolean;
}

/** Input of `POST /api/connections`. `key` is stored in the keychain; `credential` names another place. */
export interface ConnectionInput {
  name: string;
  dialect: DialectName;
  origin: string;
  pathPrefix?: string;
  key?: string;
  credential?: string;
  credentialHeader?: Connection['credentialHeader'];
  headers?: Connection['headers'];
  rules?: Connection['rules'];
  passthrough?: Connection['passthrough'];
  allowPrivateAddress?: boolean;
}

/** An agent as the API shows it: never its key's hash. */
export type AgentView = Omit<Agent, 'keyHash'>;

export type { Agent, Approval, Connection, ControlEvent, GatewayStatus, Person };
