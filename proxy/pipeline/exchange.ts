import { randomFillSync } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Connection, Coverage, EndMeta, Finding, Operation, Part, Principal, Verdict } from '../contract/index.js';
import type { Dialect, RequestReading } from '../wire/types.js';
import type { Responder } from './responder.js';
import type { Session } from './sessions.js';

/** A part with what is known about it. */
export interface JudgedPart {
  part: Part;
  /** Keyed hash of the part's text and role: its name within the process. */
  key: string;
  findings: Finding[];
  notScanned?: import('../contract/index.js').NotScannedReason;
  verdict?: Verdict;
  /** The action for each finding, same order. */
  findingActions?: import('../contract/index.js').Action[];
  /** Judged before under the same policy: `sent` and `recorded` are the session's. */
  known?: boolean;
  /** Same order: masked without a way back. */
  irreversible?: boolean[];
  /** What goes to the provider instead of the text; absent: unchanged. */
  sent?: string;
  /** What the ledger keeps, where that differs from what is sent. */
  recorded?: string;
  /** Key of the judgement that was made for this request (see KnownPart.judged). */
  judgementKey?: string;
}

/** One request and its response on the way through the stages. Stages fill it in their order. */
export class Exchange {
  readonly id = newId('ex');
  /** Monotonic milliseconds. */
  readonly startedMs: number;
  readonly startedAt: string;
  readonly request: IncomingMessage;
  readonly responder: Responder;
  /** As checked by the listener. */
  readonly path: string;
  readonly query: string;
  // authenticate
  principal!: Principal;
  // route
  connection!: Connection;
  dialect!: Dialect;
  operation!: Operation;
  inspected = true;
  /** Path below the connection, with its query. */
  upstreamPath = '';
  // read
  /** Bytes of the body that are held, counted against what all may hold. */
  bodyBytes = 0;
  body: Buffer = EMPTY;
  reading: RequestReading | undefined;
  // session
  session!: Session;
  sessionRule = '';
  /** Tells the session book how it ended, so that a retry of a failed exchange is recognised. */
  finished: ((answered: boolean) => void) | undefined;
  entered = false;
  // detect, decide, mask
  parts: JudgedPart[] = [];
  /** The path as the ledger keeps it; values in it are masked there. */
  recordedPath = '';
  /** What is forwarded of the client's headers. */
  rawHeaders: readonly string[] = [];
  verdicts: Verdict[] = [];
  /** Verdicts that need a person, with the key under which the decision is carried over. */
  asks: { carryKey: string; verdict: Verdict }[] = [];
  /** The same was denied before in this session. */
  deniedBefore: import('./sessions.js').Carried | undefined;
  coverage: Coverage = { scannedBytes: 0, maskedValues: 0, notScanned: [] };
  policyRevision = '';
  /** What would be sent. */
  outgoing: Buffer = EMPTY;
  /** Originals of this request on their way into the vault. */
  saving?: Promise<void>;
  /** What the ledger keeps of it. */
  recordedBody: Buffer = EMPTY;
  cuts: number[] = [];
  /** SHA-256, hex, of `outgoing`. */
  digest = '';
  // record and later
  arrivalRecorded = false;
  forwarded = false;
  ended = false;
  /** How to keep this client waiting. */
  plan: import('../approvals/types.js').HoldPlan | undefined;
  /** Verdicts on the answer and its tool calls. */
  answerVerdicts: Verdict[] = [];
  /** Findings in the answer's texts; `start` says where in the recorded text. */
  answerFindings: NonNullable<EndMeta['answerFindings']> = [];
  heldMs = 0;
  gatewayMs = 0;
  firstByteMs: number | undefined;
  bytesOut = 0;
  usage: EndMeta['usage'];
  toolCalls: EndMeta['toolCalls'] = [];

  constructor(request: IncomingMessage, responder: Responder, path: string, query: string, now: { now(): number; monotonic(): number }) {
    this.request = request;
    this.responder = responder;
    this.path = path;
    this.query = query;
    this.startedMs = now.monotonic();
    this.startedAt = new Date(now.now()).toISOString();
  }

  get model(): string | undefined {
    return this.reading?.model;
  }
  get stream(): boolean {
    return this.reading?.stream === true;
  }
}

export const EMPTY = Buffer.alloc(0);
const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567';

/** Random bytes are taken from the system in one go for many ids. */
const pool = Buffer.alloc(12 * 256);
let used = pool.length;
let timeMs = -1;
let timeText = '';

/** `ex_…`, `se_…`: time-sortable (48 bits of milliseconds), then 60 random bits, base32. */
export function newId(prefix: string): string {
  const now = Date.now();
  if (now !== timeMs) {
    timeMs = now;
    timeText = '';
    for (let i = 0, ms = now; i < 10; i++) {
      timeText = ALPHABET[ms % 32] + timeText;
      ms = Math.floor(ms / 32);
    }
  }
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  let out = `${prefix}_${timeText}`;
  for (const end = used + 12; used < end; used++) out += ALPHABET[(pool[used] as number) & 31];
  return out;
}
