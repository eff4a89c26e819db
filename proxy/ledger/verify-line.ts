import type { LedgerLine } from './line.js';
import { MerkleTree } from './merkle.js';
import { keyIdOf, signatureHolds } from './seal.js';
import type { Problem } from './verify-types.js';

/** A line on its way through verification. */
export interface Seen {
  segment: number;
  number: number;
  /** Bytes. */
  size: number;
  text: string;
  complete: boolean;
  line: LedgerLine | undefined;
  hash: string;
}

export type Report = (seen: Seen, field: string, expected: string, found: string, sentence: string, sequence?: number) => void;

export interface KeyState {
  ledger: string;
  /** Public keys by id, in order of appearance. */
  keys: Map<string, string>;
  /** Id of the key that signs now. */
  current: string;
  /** Ids of keys that took over without the signature of the one before. */
  unsigned: Set<string>;
  tree: MerkleTree;
  seals: number;
}

const SIGNED = new Set(['seal', 'key', 'forget', 'retention', 'export']);

/** Checks what a line says of itself: header, seal, signatures, keys. The chain itself is checked elsewhere. */
export function checkLine(state: KeyState, seen: Seen, first: boolean, report: Report): void {
  const line = seen.line!;
  const { meta } = line;
  const bad = (field: string, expected: unknown, found: unknown, sentence: string) =>
    report(seen, field, String(expected), String(found), sentence);
  if (first || line.kind === 'segment') checkHeader(state, seen, first, bad);
  if (line.kind === 'seal') {
    if (meta['root'] !== state.tree.root())
      bad('meta.root', state.tree.root(), meta['root'], 'The seal does not fit the records before it.');
    if (meta['lines'] !== state.tree.count)
      bad('meta.lines', state.tree.count, meta['lines'], 'The seal covers another number of records.');
    if (meta['segment'] !== seen.segment) bad('meta.segment', seen.segment, meta['segment'], 'The seal belongs to another segment.');
    if (meta['ledger'] !== state.ledger) bad('meta.ledger', state.ledger, meta['ledger'], 'The seal belongs to another ledger.');
    state.seals++;
    state.tree = new MerkleTree();
  } else state.tree.push(Buffer.from(seen.hash, 'hex'));
  if (SIGNED.has(line.kind)) checkSignature(state, seen, bad);
}

function checkHeader(state: KeyState, seen: Seen, first: boolean, bad: (f: string, e: unknown, g: unknown, s: string) => void): void {
  const { kind, meta } = seen.line!;
  if (kind !== 'segment' || !first) {
    bad(
      'kind',
      first ? 'segment' : 'a record',
      kind,
      first ? 'A segment does not begin with its header.' : 'A segment header stands inside a segment.',
    );
    return;
  }
  const publicKey = String(meta['publicKey']);
  if (meta['segment'] !== seen.segment) bad('meta.segment', seen.segment, meta['segment'], 'The segment has the number of another.');
  if (state.ledger === '') {
    state.ledger = String(meta['ledger']);
    state.current = keyIdOf(publicKey);
    state.keys.set(state.current, publicKey);
  } else {
    if (meta['ledger'] !== state.ledger) bad('meta.ledger', state.ledger, meta['ledger'], 'The segment belongs to another ledger.');
    const known = state.keys.get(state.current);
    if (publicKey !== known)
      bad('meta.publicKey', known, publicKey, 'The segment names another key than the one before, with no key record.');
  }
  if (meta['key'] !== keyIdOf(publicKey)) bad('meta.key', keyIdOf(publicKey), meta['key'], 'The header names another key than it carries.');
}

function checkSignature(state: KeyState, seen: Seen, bad: (f: string, e: unknown, g: unknown, s: string) => void): void {
  const { kind, meta } = seen.line!;
  const lost = kind === 'key' && meta['by'] === null;
  const next = kind === 'key' ? String(meta['publicKey']) : '';
  const signer = lost ? next : state.keys.get(state.current);
  if (signer === undefined || !signatureHolds(seen.text, signer)) {
    bad('sig', `a signature of key ${state.current}`, seen.line!.sig ?? 'none', `The ${kind} record is not signed by the ledger's key.`);
    return;
  }
  if (kind !== 'key') return;
  const id = keyIdOf(next);
  if (meta['key'] !== id) bad('meta.key', id, meta['key'], 'The key record names another key than it carries.');
  state.keys.set(id, next);
  if (lost) state.unsigned.add(id);
  state.current = id;
}

export function problemOf(seen: Seen, field: string, expected: string, found: string, sentence: string, sequence?: number): Problem {
  const { line } = seen;
  const at = sequence ?? line?.seq;
  return {
    segment: seen.segment,
    line: seen.number,
    ...(at === undefined ? {} : { sequence: at }),
    ...(line && at === line.seq ? { kind: line.kind } : {}),
    ...(line?.session !== undefined && at === line.seq ? { session: line.session } : {}),
    ...(line?.exchange !== undefined && at === line.seq ? { exchange: line.exchange } : {}),
    field,
    expected,
    found,
    sentence,
  };
}
