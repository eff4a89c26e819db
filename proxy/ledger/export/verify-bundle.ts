import { hash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { decodeContent } from '../content.js';
import { type LedgerLine, lineHash, parseLine } from '../line.js';
import { rootFromProof } from '../merkle.js';
import { keyIdOf, signatureHolds } from '../seal.js';
import type { Problem, VerifyReport } from '../verify-types.js';
import { type Bundle, digestOf } from './bundle.js';

/** Reads the data out of a bundle file. @throws when it is none */
export function readBundle(text: string): Bundle {
  const begin = text.indexOf('<script type="application/json" id="bundle">');
  const end = text.indexOf('</script>', begin);
  if (begin === -1 || end === -1) throw new Error('this file is no Sallyport bundle');
  const bundle = JSON.parse(text.slice(text.indexOf('>', begin) + 1, end)) as Bundle;
  if (bundle?.bundle !== 1) throw new Error('this bundle has a form that this version does not know');
  if (!wellFormed(bundle)) throw new Error('this bundle is damaged: it has not the form of one');
  return bundle;
}

const text = (value: unknown): value is string => typeof value === 'string';
const record = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);
const listOf = (value: unknown, item: (one: unknown) => boolean): boolean => Array.isArray(value) && value.every(item);
const HASH = /^[0-9a-f]{64}$/;
/** 32 bytes in base64. */
const KEY = /^[A-Za-z0-9+/]{43}=$/;

/** Whatever is read of a bundle has the type that it should have; what it says is checked later. */
function wellFormed(b: Bundle): boolean {
  const position = (value: unknown): boolean => value === undefined || (Number.isSafeInteger(value) && (value as number) >= 0);
  return (
    [b.ledger, b.made, b.manifest].every(text) &&
    record(b.keys) &&
    Object.values(b.keys).every((key) => text(key) && HASH.test(key)) &&
    listOf(b.seals, text) &&
    listOf(b.sessions, (one) => record(one) && text(one['id']) && (one['key'] === null || (text(one['key']) && KEY.test(one['key'])))) &&
    listOf(
      b.records,
      (one) =>
        record(one) &&
        text(one['line']) &&
        position(one['seal']) &&
        position(one['index']) &&
        (one['proof'] === undefined || listOf(one['proof'], (hash) => text(hash) && HASH.test(hash))),
    ) &&
    (b.originals === undefined || record(b.originals))
  );
}

/** Verifies a bundle file with nothing but itself. `trust`: public key (hex) or key id that it must be signed with. */
export async function verifyBundle(path: string, options: { trust?: string } = {}): Promise<VerifyReport> {
  return verifyBundleText(await readFile(path, 'utf8'), options);
}

export async function verifyBundleText(text: string, { trust }: { trust?: string } = {}): Promise<VerifyReport> {
  const bundle = readBundle(text);
  const problems: Problem[] = [];
  const notes: string[] = [];
  const bad = (line: number, field: string, expected: unknown, found: unknown, sentence: string, of?: LedgerLine): void => {
    problems.push({
      segment: 0,
      line,
      ...(of ? { sequence: of.seq, kind: of.kind } : {}),
      ...(of?.session === undefined ? {} : { session: of.session }),
      field,
      expected: String(expected),
      found: String(found),
      sentence,
    });
  };
  for (const [id, key] of Object.entries(bundle.keys)) {
    if (keyIdOf(key) !== id) bad(0, 'keys', id, keyIdOf(key), `The key that is named ${id} is another.`);
  }
  checkManifest(bundle, trust, bad);
  const seals = bundle.seals.map((line) => checkSeal(bundle, line, bad));
  const byId = new Map(bundle.sessions.map((session) => [session.id, session]));
  const lines = new Map<number, LedgerLine>();
  const memo = new Map();
  let last = 0;
  let unsealed = 0;
  for (const [i, record] of bundle.records.entries()) {
    const line = parseLine(record.line);
    if (!line) {
      bad(i + 1, 'bytes', 'a record', record.line.slice(0, 40), 'The line is not a record.');
      continue;
    }
    if (line.seq <= last) bad(i + 1, 'seq', `more than ${last}`, line.seq, 'The records are not in order.', line);
    last = line.seq;
    const session = line.session === undefined ? undefined : byId.get(line.session);
    if (!session)
      bad(i + 1, 'session', [...byId.keys()].join(', '), line.session, 'The record belongs to no session of this bundle.', line);
    if (record.seal === undefined) unsealed++;
    else {
      const seal = seals[record.seal];
      const root = rootFromProof(lineHash(record.line), record.index ?? -1, Number(seal?.meta['lines'] ?? 0), record.proof ?? []);
      if (!seal || root !== seal.meta['root']) {
        bad(
          i + 1,
          'bytes',
          `a line under seal root ${String(seal?.meta['root'])}`,
          root,
          `Record ${line.seq} is not the one that was sealed.`,
          line,
        );
      }
    }
    lines.set(line.seq, line);
    if (!line.content || !session?.key) continue;
    const key = { content: Buffer.from(session.key, 'base64'), mask: Buffer.alloc(32) };
    const content = await decodeContent(line, key, (seq) => lines.get(seq), memo);
    if (!content)
      bad(i + 1, 'content', 'content that opens with the session key', 'none', `The content of record ${line.seq} cannot be read.`, line);
  }
  if (unsealed > 0) notes.push(`${unsealed} records were not sealed when the bundle was made; only its own signature covers them.`);
  if (bundle.originals) notes.push('The bundle includes original values.');
  return {
    ok: problems.length === 0,
    ledger: bundle.ledger,
    records: bundle.records.length,
    segments: 0,
    seals: bundle.seals.length,
    problems,
    problemCount: problems.length,
    uncovered: { after: last, to: last },
    keys: Object.entries(bundle.keys).map(([id, publicKey]) => ({
      id,
      publicKey,
      ...(trust === undefined ? {} : { trusted: problems.length === 0 }),
    })),
    removed: [],
    notes,
  };
}

type Bad = (line: number, field: string, expected: unknown, found: unknown, sentence: string, of?: LedgerLine) => void;

function checkManifest(bundle: Bundle, trust: string | undefined, bad: Bad): void {
  let manifest: { key: string; records: number; digest: string; sessions: string; ledger: string; made: string; originals: string | null };
  try {
    manifest = JSON.parse(bundle.manifest);
  } catch {
    bad(0, 'manifest', 'JSON', bundle.manifest, 'The manifest cannot be read.');
    return;
  }
  const key = bundle.keys[manifest.key];
  if (key === undefined || !signatureHolds(bundle.manifest, key))
    bad(0, 'manifest', `a signature of key ${manifest.key}`, 'none that holds', 'The manifest is not signed by its key.');
  if (trust !== undefined && manifest.key !== (trust.length === 64 ? keyIdOf(trust) : trust)) {
    bad(0, 'manifest.key', trust, manifest.key, 'The bundle is signed by another key than the trusted one.');
  }
  if (manifest.records !== bundle.records.length)
    bad(0, 'manifest.records', manifest.records, bundle.records.length, 'Records were added or removed.');
  const digest = digestOf(bundle.records.map(({ line }) => line));
  if (manifest.digest !== digest)
    bad(0, 'manifest.digest', manifest.digest, digest, 'The records are not those that the bundle was signed for.');
  const sessions = hash('sha256', JSON.stringify(bundle.sessions));
  if (manifest.sessions !== sessions)
    bad(0, 'manifest.sessions', manifest.sessions, sessions, 'What the bundle says of its sessions was changed.');
  for (const field of ['ledger', 'made'] as const) {
    if (manifest[field] !== bundle[field])
      bad(0, `manifest.${field}`, manifest[field], bundle[field], `The bundle's ${field} was changed.`);
  }
  const originals = bundle.originals ? hash('sha256', JSON.stringify(bundle.originals)) : null;
  if (manifest.originals !== originals)
    bad(0, 'manifest.originals', manifest.originals, originals, 'Originals were added, removed or changed.');
}

function checkSeal(bundle: Bundle, text: string, bad: Bad): LedgerLine | undefined {
  const line = parseLine(text);
  const key = bundle.keys[String(line?.meta['key'])];
  if (line?.kind !== 'seal' || key === undefined || !signatureHolds(text, key)) {
    bad(0, 'seal', 'a signed seal', text.slice(0, 60), 'A seal is not signed by its key.', line);
    return undefined;
  }
  if (line.meta['ledger'] !== bundle.ledger) bad(0, 'seal', bundle.ledger, line.meta['ledger'], 'A seal belongs to another ledger.', line);
  return line;
}
