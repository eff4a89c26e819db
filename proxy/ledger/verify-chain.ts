import { GENESIS } from './line.js';
import { MerkleTree } from './merkle.js';
import { checkLine, type KeyState, problemOf, type Seen } from './verify-line.js';
import type { Problem, VerifyReport, VerifyState } from './verify-types.js';

/** Segments that are not there, and what stands around the hole. */
export interface Gap {
  missing: number[];
  prev: string;
  sequence: number;
  next: Seen;
}

/** One removed segment, as a signed `retention` record describes it. */
export interface Tombstone {
  segment: number;
  firstSequence: number;
  lastSequence: number;
  firstPrev: string;
  lastHash: string;
}

interface Before {
  sequence: number;
  hash: string;
  /** Reported already: what follows from it is not reported again. */
  blamed: boolean;
  seen?: Seen;
}

/** Follows the chain line by line and names the record that breaks it. */
export class ChainCheck {
  readonly state: KeyState;
  readonly gaps: Gap[] = [];
  readonly tombstones: Tombstone[] = [];
  readonly notes: string[] = [];
  /** Hashes seen at the sequences that heads speak of. */
  readonly hashAt = new Map<number, string>();
  records = 0;
  bytes = 0;
  first: VerifyReport['first'];
  last: VerifyReport['last'];
  before: Before;

  constructor(
    private readonly add: (problem: Problem) => void,
    private readonly headAt: ReadonlyMap<number, string>,
    resume?: VerifyState,
  ) {
    this.before = { sequence: resume?.sequence ?? 0, hash: resume?.hash ?? GENESIS, blamed: false };
    this.state = {
      ledger: resume?.ledger ?? '',
      keys: new Map(resume?.keys ?? []),
      current: resume?.key ?? '',
      unsigned: new Set(),
      tree: new MerkleTree(),
      seals: 0,
    };
  }

  /** The next segment does not follow the last one that was read; what lies between must be explained. */
  skipTo(seen: Seen, missing: number[]): void {
    if (missing.length > 0) this.gaps.push({ missing, prev: this.before.hash, sequence: this.before.sequence, next: seen });
    this.before = { sequence: seen.line!.seq - 1, hash: seen.line!.prev, blamed: false };
  }

  /** Takes a line. `next`, the line after it, tells whether a line that breaks the chain is itself intact. */
  take(seen: Seen, next: Seen | undefined, firstOfSegment: boolean): void {
    this.records++;
    this.bytes += seen.size;
    const { line } = seen;
    const { before } = this;
    if (!line) {
      const sentence = seen.complete ? 'The line is not a record.' : 'The last line is cut: it has no end.';
      this.report(seen, 'bytes', 'a whole record', seen.text.slice(0, 40), sentence, before.sequence + 1);
      this.state.tree.push(Buffer.from(seen.hash, 'hex'));
      this.before = { sequence: before.sequence + 1, hash: seen.hash, blamed: true, seen };
      return;
    }
    let blamed = false;
    let told = before.blamed;
    if ((line.prev !== before.hash || line.seq !== before.sequence + 1) && !before.blamed) {
      const intact = next?.line?.prev === seen.hash || this.headAt.get(line.seq) === seen.hash;
      blamed = this.blame(before, seen, intact);
      told = true;
    }
    checkLine(this.state, seen, firstOfSegment, (...problem) => {
      // One change, one problem: where the chain is broken anyway, fields that do not fit follow from it.
      if (!told) this.report(...problem);
      told = true;
    });
    if (line.kind === 'retention') this.tombstones.push(...((line.meta['removed'] ?? []) as Tombstone[]));
    if (line.kind === 'recovery') this.notes.push(recoveryNote(line.seq, line.at, line.meta));
    if (this.headAt.has(line.seq)) this.hashAt.set(line.seq, seen.hash);
    this.first ??= { sequence: line.seq, at: line.at };
    this.last = { sequence: line.seq, hash: seen.hash, at: line.at };
    this.before = { sequence: line.seq, hash: seen.hash, blamed, seen };
  }

  report(seen: Seen, field: string, expected: string, found: string, sentence: string, sequence?: number): void {
    this.add(problemOf(seen, field, expected, found, sentence, sequence));
  }

  /** Says which record broke the chain; true when it is `seen` itself. */
  private blame(prior: Before, seen: Seen, intact: boolean): boolean {
    const line = seen.line!;
    const expected = prior.sequence + 1;
    if (!intact) {
      const field = line.prev !== prior.hash ? 'prev' : 'seq';
      const [want, got] = field === 'prev' ? [prior.hash, line.prev] : [String(expected), String(line.seq)];
      this.report(seen, field, want, got, `Record ${expected} was changed, or put here from elsewhere.`, expected);
      return true;
    }
    if (line.seq === expected && prior.seen) {
      const sentence = `Record ${prior.sequence} was changed.`;
      this.report(prior.seen, 'bytes', `SHA-256 ${line.prev}`, `SHA-256 ${prior.hash}`, sentence, prior.sequence);
    } else if (line.seq > expected) {
      const what = line.seq - 1 === expected ? `Record ${expected} is` : `Records ${expected} to ${line.seq - 1} are`;
      this.report(seen, 'seq', String(expected), String(line.seq), `${what} missing.`, expected);
    } else {
      const sentence = `Record ${line.seq} stands here a second time or out of order.`;
      this.report(seen, 'seq', String(expected), String(line.seq), sentence, expected);
    }
    return false;
  }
}

function recoveryNote(sequence: number, at: string, meta: Record<string, unknown>): string {
  const torn = meta['torn'] as { file: string; bytes: number } | undefined;
  const aside = torn ? `, ${torn.bytes} bytes of a torn end were set aside in ${torn.file}` : '';
  return `Record ${sequence} (${at}): recording went on after ${String(meta['why'])}, ${String(meta['interrupted'])} exchanges were closed as interrupted${aside}.`;
}
