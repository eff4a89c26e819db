import { setTimeout as later } from 'node:timers/promises';
import { readHeads } from './heads.js';
import { lineHash, parseLine } from './line.js';
import { ledgerPaths, listSegments } from './paths.js';
import { type RawLine, scanSegment, segmentEnd } from './scan.js';
import { keyIdOf, storedPublicKeys } from './seal.js';
import { ChainCheck } from './verify-chain.js';
import { checkContents } from './verify-contents.js';
import { checkHeads, explainGaps } from './verify-heads.js';
import type { KeyState, Seen } from './verify-line.js';
import type { Problem, VerifyOptions, VerifyReport } from './verify-types.js';

const MOST_LISTED = 1000;
const HALF_WRITTEN_MS = 100;

/**
 * Follows the chain from its first record to its last and reports exactly what does not fit. Needs no key: signatures are
 * checked with the public keys in the ledger, contents are covered as ciphertext. Memory does not grow with the ledger.
 */
export async function verifyLedger(directory: string, options: VerifyOptions = {}): Promise<VerifyReport> {
  const paths = ledgerPaths(directory);
  const all = listSegments(paths.segments);
  const segments = await chosen(paths.segments, all, options);
  const problems: Problem[] = [];
  let problemCount = 0;
  const add = (problem: Problem): void => {
    problemCount++;
    if (problems.length < MOST_LISTED) problems.push(problem);
  };
  const copies = (options.headFiles ?? []).map((path) => ({ path, heads: readHeads(path) }));
  const heads = [...readHeads(paths.heads), ...copies.flatMap((copy) => copy.heads)];
  const check = new ChainCheck(add, new Map(heads.map(({ head }) => [head.seq, head.hash])), options.resume);
  const totalBytes = segments.reduce((sum, n) => sum + segmentEnd(paths.segments, n), 0);
  const fromStart = segments[0] === all[0] && !options.resume;

  for (let i = 0; i < segments.length; i++) {
    const segment = segments[i]!;
    const earlier = i > 0 ? segments[i - 1]! : fromStart ? 0 : segment - 1;
    await checkSegment(check, paths.segments, segment, segments[i + 1], options, (seen) => {
      if (segment === earlier + 1 && (fromStart || i > 0 || options.resume)) return;
      check.skipTo(
        seen,
        Array.from({ length: segment - earlier - 1 }, (_, k) => earlier + 1 + k),
      );
    });
    const { state, before } = check;
    options.onProgress?.({
      records: check.records,
      segments: i + 1,
      bytes: check.bytes,
      totalBytes,
      problems: problemCount,
      state: { segment, sequence: before.sequence, hash: before.hash, key: state.current, keys: [...state.keys], ledger: state.ledger },
    });
  }

  const { state, notes, first, last } = check;
  const removed = explainGaps(check.gaps, check.tombstones, add);
  const visited = {
    first: first?.sequence ?? 0,
    last: last?.sequence ?? 0,
    segment: segments.at(-1) ?? 0,
    toEnd: segments.at(-1) === all.at(-1),
    whole: fromStart && segments.length === all.length,
  };
  const head = checkHeads(heads, state, check.hashAt, visited, removed, add);
  if (heads.length === 0) notes.push('No signed head is kept outside the ledger: a cut of its tail could not be seen.');
  for (const copy of copies) if (copy.heads.length === 0) notes.push(`There is no signed head in ${copy.path}.`);
  for (const id of state.unsigned) notes.push(`Key ${id} took over without the signature of the key before it.`);
  const trusted = await isTrusted(state, options);
  if (trusted === false) {
    const sentence = 'The ledger is signed by another key than the one that is trusted here.';
    const expected = options.trust ?? 'the key in the SecretStore';
    add({ segment: visited.segment, line: 0, field: 'publicKey', expected, found: state.current, sentence });
  }
  if (options.session !== undefined && options.secrets) {
    const outcome = await checkContents(directory, options.session, options.secrets, segments);
    for (const problem of outcome.problems) add(problem);
    notes.push(...outcome.notes);
  }
  problems.sort((a, b) => (a.sequence ?? Number.MAX_SAFE_INTEGER) - (b.sequence ?? Number.MAX_SAFE_INTEGER));
  return {
    ok: problemCount === 0,
    ...(state.ledger ? { ledger: state.ledger } : {}),
    records: check.records,
    segments: segments.length,
    seals: state.seals,
    ...(first ? { first } : {}),
    ...(last ? { last } : {}),
    problems,
    problemCount,
    ...(head ? { head: { sequence: head.seq, at: head.at } } : {}),
    uncovered: { after: head?.seq ?? 0, ...(head ? { since: head.at } : {}), to: visited.last },
    keys: [...state.keys].map(([id, publicKey]) => ({ id, publicKey, ...(trusted === undefined ? {} : { trusted }) })),
    ...(options.secrets ? { protectedKeys: options.secrets.protected } : {}),
    removed,
    notes,
  };
}

async function checkSegment(
  check: ChainCheck,
  directory: string,
  segment: number,
  following: number | undefined,
  options: VerifyOptions,
  onFirst: (seen: Seen) => void,
): Promise<void> {
  let held: Seen | undefined;
  let number = 0;
  let offset = 0;
  for await (const raw of scanSegment(directory, segment)) {
    options.signal?.throwIfAborted();
    const seen = seenOf(raw, ++number);
    if (number === 1 && seen.line) onFirst(seen);
    if (held) check.take(held, seen, held.number === 1);
    held = seen;
    offset = raw.offset;
  }
  if (!held) return;
  if (!held.line && held.complete && following === undefined) {
    // Somebody may be writing this very line into room that was taken ahead: it is looked at once more.
    await later(HALF_WRITTEN_MS);
    for await (const raw of scanSegment(directory, segment, offset)) {
      held = seenOf(raw, number);
      break;
    }
  }
  // The first line of the next segment vouches for the last of this one.
  check.take(held, following === undefined ? undefined : await firstLine(directory, following), held.number === 1);
  if (following !== undefined && held.line && held.line.kind !== 'seal') {
    check.report(held, 'kind', 'seal', held.line.kind, `Segment ${segment} does not end with a seal.`);
  }
}

function seenOf(raw: RawLine, number: number): Seen {
  const text = raw.bytes.toString('utf8');
  const whole = raw.complete && Buffer.byteLength(text) === raw.bytes.length;
  return {
    segment: raw.segment,
    number,
    size: raw.bytes.length,
    text,
    complete: raw.complete,
    line: whole ? parseLine(text) : undefined,
    hash: lineHash(raw.bytes),
  };
}

async function firstLine(directory: string, segment: number): Promise<Seen | undefined> {
  for await (const raw of scanSegment(directory, segment)) return seenOf(raw, 1);
  return undefined;
}

/** The segments that a range of sequences lies in, or those after a resumed one. */
async function chosen(directory: string, all: readonly number[], options: VerifyOptions): Promise<number[]> {
  if (options.resume) return all.filter((segment) => segment > options.resume!.segment);
  if (options.from === undefined && options.to === undefined) return [...all];
  const starts = await Promise.all(all.map(async (segment) => (await firstLine(directory, segment))?.line?.seq ?? 0));
  return all.filter(
    (_, i) => starts[i]! <= (options.to ?? Number.MAX_SAFE_INTEGER) && (starts[i + 1] ?? Number.MAX_SAFE_INTEGER) > (options.from ?? 1),
  );
}

/** Is the ledger signed by the key that is pinned, or stored here? Undefined: nobody was asked, or there is nothing yet. */
async function isTrusted(state: KeyState, options: VerifyOptions): Promise<boolean | undefined> {
  if (state.current === '') return undefined;
  if (options.trust !== undefined) {
    const pinned = options.trust.length === 64 ? keyIdOf(options.trust) : options.trust;
    const ids = [...state.keys.keys()];
    const at = ids.indexOf(pinned);
    // From the pinned key on, each key must have been handed over by the signature of the one before.
    return at !== -1 && !ids.slice(at + 1).some((id) => state.unsigned.has(id));
  }
  const keys = options.secrets ? await storedPublicKeys(options.secrets) : [];
  return keys.length === 0 ? undefined : keys.some((key) => keyIdOf(key) === state.current);
}
