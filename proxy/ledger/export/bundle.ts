import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { masterKey } from '../keys.js';
import { lineHash, parseLine } from '../line.js';
import { MerkleLevels } from '../merkle.js';
import { ledgerPaths, listSegments } from '../paths.js';
import { scanSegment } from '../scan.js';
import { presentSealer } from '../seal.js';
import { readSessionKey } from '../slot-file.js';
import type { ExportSource } from './index.js';

/** One record in a bundle: its line as it stands in the ledger, and the way from its hash to a signed seal. */
export interface BundleRecord {
  line: string;
  /** Index into `seals`; absent: not sealed when the bundle was made. */
  seal?: number;
  index?: number;
  proof?: string[];
}

export interface Bundle {
  bundle: 1;
  ledger: string;
  made: string;
  /** Public keys (hex) by id. */
  keys: Record<string, string>;
  /** `key`: base64, opens the session's content (AES-256-GCM); null when it was forgotten. */
  sessions: { id: string; row: Record<string, unknown>; key: string | null }[];
  seals: string[];
  records: BundleRecord[];
  /** Only where a permitted person included them: placeholder and original, per session. */
  originals?: Record<string, { placeholder: string; value: string }[]>;
  /** A signed line over everything above that a proof does not cover: which records, and that they are all. */
  manifest: string;
}

export const digestOf = (lines: readonly string[]): string => hash('sha256', lines.map((line) => `${lineHash(line)}\n`).join(''));

/** The sealed bundle: one HTML file that shows itself, with no network, and that `verify` checks without the ledger. */
export async function* bundleParts(source: ExportSource): AsyncGenerator<string> {
  const bundle = await makeBundle(source);
  const [before, after] = readFileSync(new URL('./data/viewer.html', import.meta.url), 'utf8').split('__BUNDLE__') as [string, string];
  yield before;
  const { records, ...rest } = bundle;
  yield `${safe(rest).slice(0, -1)},"records":[`;
  for (const [i, record] of records.entries()) yield `${i > 0 ? ',' : ''}${safe(record)}`;
  yield `]}${after}`;
}

/** JSON that cannot end the script element it stands in. */
const safe = (value: unknown): string => JSON.stringify(value).replaceAll('<', '\\u003c');

async function makeBundle(source: ExportSource): Promise<Bundle> {
  const { directory, secrets, clock, originals } = source.request;
  const paths = ledgerPaths(directory);
  const master = await masterKey(secrets, false);
  const sessions: Bundle['sessions'] = [];
  for (const id of source.sessions) {
    const { exchangesList: _, notes: __, ...row } = await source.detail(id);
    const key = master && readSessionKey(paths.keys, master, id);
    sessions.push({ id, row: { ...row }, key: key ? key.content.toString('base64') : null });
  }
  const collected = await collect(source, new Set(source.sessions));
  const made = new Date(clock.now()).toISOString();
  const sealer = await presentSealer(secrets);
  if (!sealer) throw new Error('the ledger has no signing key here, so a bundle cannot be signed');
  const lines = collected.records.map(({ line }) => line);
  const shown: Bundle['originals'] = {};
  for (const id of originals ? source.sessions : [])
    shown[id] = (await originals!.load(id)).map(({ placeholder, value }) => ({ placeholder, value }));
  const body = {
    manifest: 1,
    ledger: collected.ledger,
    made,
    sessions: hash('sha256', JSON.stringify(sessions)),
    records: lines.length,
    digest: digestOf(lines),
    originals: originals ? hash('sha256', JSON.stringify(shown)) : null,
    key: sealer.keyId,
  };
  return {
    bundle: 1,
    ledger: collected.ledger,
    made,
    keys: { ...collected.keys, [sealer.keyId]: sealer.publicKey },
    sessions,
    seals: collected.seals,
    records: collected.records,
    ...(originals ? { originals: shown } : {}),
    manifest: sealer.close(JSON.stringify(body).slice(0, -1)),
  };
}

/** Finds the sessions' lines and, at each seal, the proofs of those that it covers. */
async function collect(source: ExportSource, wanted: ReadonlySet<string>) {
  const { directory, reader } = source.request;
  const { segments: place } = ledgerPaths(directory);
  const records: BundleRecord[] = [];
  const seals: string[] = [];
  const keys: Record<string, string> = {};
  let ledger = '';
  for (const segment of await segmentsFor(source.sessions, listSegments(place), reader)) {
    let leaves: Buffer[] = [];
    let waiting: { record: BundleRecord; index: number }[] = [];
    for await (const raw of scanSegment(place, segment)) {
      const text = raw.bytes.toString('utf8');
      const line = raw.complete ? parseLine(text) : undefined;
      if (!line) continue;
      if (line.kind === 'segment') ledger = String(line.meta['ledger']);
      if (typeof line.meta['publicKey'] === 'string') keys[String(line.meta['key'])] = line.meta['publicKey'];
      if (line.kind === 'seal') {
        if (waiting.length > 0) {
          const levels = new MerkleLevels(leaves);
          for (const { record, index } of waiting) Object.assign(record, { seal: seals.length, index, proof: levels.proof(index) });
          seals.push(text);
        }
        leaves = [];
        waiting = [];
        continue;
      }
      if (line.session !== undefined && wanted.has(line.session)) {
        const record: BundleRecord = { line: text };
        records.push(record);
        waiting.push({ record, index: leaves.length });
      }
      leaves.push(Buffer.from(lineHash(raw.bytes), 'hex'));
    }
  }
  return { records, seals, keys, ledger };
}

async function segmentsFor(sessions: readonly string[], all: number[], reader: ExportSource['request']['reader']): Promise<number[]> {
  const chosen = new Set<number>();
  for (const session of sessions) {
    const range = await reader.segments?.(session);
    for (const segment of all) if (!range || (segment >= range[0] && segment <= range[1])) chosen.add(segment);
  }
  return all.filter((segment) => chosen.has(segment));
}
