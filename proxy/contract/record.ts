import type { Coverage, Finding } from './part.js';
import type { Verdict } from './verdict.js';

/**
 * Kinds of ledger records. Content (masked text) never stands in `meta`; it goes into `content` and is encrypted there.
 *
 * | kind | when | class |
 * |---|---|---|
 * | `arrival` | request read, masked and judged: principal, connection, operation, model, findings, verdicts, coverage; content `request` = masked body | synced |
 * | `verdict` | a later judgement in the exchange (response part, tool call) | synced |
 * | `approval` | an approval was opened; meta is the Approval | synced |
 * | `decision` | a person decided, it expired, was withdrawn | synced |
 * | `forwarded` | bytes are about to leave: digest, destination, approval id | written |
 * | `response` | status and headers (scrubbed) of the provider | written |
 * | `delta` | streamed bytes (masked) released to the agent; content `response` | written |
 * | `tool-call` | a tool call was held, released, rewritten: facts, risks, digest; content `arguments` (masked) | synced |
 * | `end` | the exchange ended: outcome, usage, timings, totals; for JSON answers content `response` = masked body | synced |
 * | `interrupted` | written by recovery for an exchange without an end | synced |
 * | `refusal` | something was refused before an exchange began (bad credential, bad host …) | synced |
 * | `reveal`, `forget`, `note`, `label`, `settings`, `policy`, `sign-in`, `grant`, `attempt`, `export`, `recovery`, `key`, `retention` | acts of persons and of the gateway | synced |
 */
export type RecordKind =
  | 'arrival'
  | 'verdict'
  | 'approval'
  | 'decision'
  | 'forwarded'
  | 'response'
  | 'delta'
  | 'tool-call'
  | 'end'
  | 'interrupted'
  | 'refusal'
  | 'reveal'
  | 'forget'
  | 'note'
  | 'label'
  | 'settings'
  | 'policy'
  | 'sign-in'
  | 'grant'
  | 'attempt'
  | 'export'
  | 'recovery'
  | 'key'
  | 'retention';

/** `synced`: acknowledged after fdatasync. `written`: acknowledged after write(2), synced at most 50 ms later. */
export type DurabilityClass = 'synced' | 'written';

export interface RecordInput {
  kind: RecordKind;
  session?: string;
  exchange?: string;
  /** JSON, in clear in the ledger: never content, never a value. */
  meta: Record<string, unknown>;
  /** Masked content, encrypted with the session's key. `cuts`: byte offsets at part boundaries; pieces seen before in the session become references. */
  content?: { name: 'request' | 'response' | 'arguments' | 'original-request' | 'edit' | 'note'; bytes: Uint8Array; cuts?: number[] };
}

export type Outcome =
  | 'ok' // the provider's answer was delivered
  | 'refused' // by authorization or policy before anything was sent
  | 'denied' // by a person, or expired
  | 'blocked' // policy stopped the response or a tool call
  | 'provider-error'
  | 'client-gone'
  | 'interrupted'
  | 'failed'; // our own failure

/** `meta` of `arrival`. */
export interface ArrivalMeta {
  agent: { id: string; name: string; owner: string; via: string };
  connection: string;
  dialect: string;
  operation: string;
  method: string;
  path: string;
  model?: string;
  stream: boolean;
  userAgent: string;
  bytes: number;
  /** Findings per part; no values. */
  findings: { partId: string; role: string; findings: Finding[] }[];
  verdicts: Verdict[];
  coverage: Coverage;
  policyRevision: string;
  /** SHA-256, hex, of the masked body that would be sent. */
  digest: string;
  /** Which rule of session grouping found the session. */
  sessionRule: string;
  /** What the parts were, without their text: so that a policy can be tried on it later. */
  subjects: { groups: string[]; parts: { id: string; role: string; kind: string; provenance: string }[] };
}

/** `meta` of `end`. */
export interface EndMeta {
  outcome: Outcome;
  status: number;
  /** Stable code of the error that the client saw. */
  code?: string;
  /** As the provider reported it. Input is all of it, what came from and went to the cache included. */
  usage?: { inputTokens?: number; outputTokens?: number; cachedTokens?: number; cacheWriteTokens?: number };
  /** Milliseconds: in the gateway before forwarding, waiting for a person, until the provider's first byte, total. */
  timing: { gatewayMs: number; heldMs: number; firstByteMs?: number; totalMs: number };
  bytesOut: number;
  toolCalls: { name: string; outcome: 'released' | 'blocked' | 'approved' | 'denied' | 'edited' }[];
  verdicts: Verdict[];
  coverage: Coverage;
  /** Findings in the answer's texts, by text; `start` is where in the recorded (masked) text. No values. */
  answerFindings?: { id: string; kind: string; finding: Finding }[];
}
