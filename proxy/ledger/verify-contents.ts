import type { SecretStore } from '../contract/index.js';
import { boundTo, expand, type Placed } from './content.js';
import { masterKey, openBytes, type SessionKey } from './keys.js';
import { type LedgerLine, parseLine } from './line.js';
import { ledgerPaths } from './paths.js';
import { scanSegment } from './scan.js';
import { readSessionKey } from './slot-file.js';
import type { Problem } from './verify-types.js';

/** Opens every content of a session: are all pieces there, and does each open with the session's key? */
export async function checkContents(
  directory: string,
  session: string,
  secrets: SecretStore,
  segments: readonly number[],
): Promise<{ problems: Problem[]; notes: string[] }> {
  const paths = ledgerPaths(directory);
  const master = await masterKey(secrets, false);
  const key = master && readSessionKey(paths.keys, master, session);
  const problems: Problem[] = [];
  const lines = new Map<number, LedgerLine>();
  const memo = new Map<number, Placed[] | undefined>();
  const lengths = new Map<string, number>();
  let contents = 0;
  for (const segment of segments) {
    let number = 0;
    for await (const raw of scanSegment(paths.segments, segment)) {
      number++;
      const line = parseLine(raw.bytes.toString('utf8'));
      if (line?.session !== session || !line.content) continue;
      contents++;
      lines.set(line.seq, line);
      if (!key || sizeOf(await expand(line, (n) => lines.get(n), memo), key, lengths) === line.content.bytes) continue;
      problems.push({
        segment,
        line: number,
        sequence: line.seq,
        kind: line.kind,
        session,
        ...(line.exchange === undefined ? {} : { exchange: line.exchange }),
        field: 'content',
        expected: `${line.content.bytes} bytes that open with the session's key`,
        found: 'a piece that is missing or does not open',
        sentence: `The content of record ${line.seq} cannot be read.`,
      });
    }
  }
  const notes = key || contents === 0 ? [] : [`Session ${session} has no key any more (it was forgotten): its content cannot be read.`];
  return { problems, notes };
}

/** Bytes that the pieces open to; NaN where one is missing or does not open. Each piece is opened once. */
function sizeOf(pieces: readonly Placed[] | undefined, key: SessionKey, lengths: Map<string, number>): number {
  let sum = pieces ? 0 : Number.NaN;
  for (const { sequence, index, sealed } of pieces ?? []) {
    const place = boundTo(sequence, index);
    let length = lengths.get(place);
    if (length === undefined) {
      length = openBytes(key.content, Buffer.from(sealed, 'base64'), place)?.length ?? Number.NaN;
      lengths.set(place, length);
    }
    sum += length;
  }
  return sum;
}
