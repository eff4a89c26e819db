import { decodeContent } from './content.js';
import type { SessionKey } from './keys.js';
import { type LedgerLine, lineHash } from './line.js';
import type { ExchangeDetail, ExchangeRow, LedgerEvent } from './types.js';

/** Contents that make up the request and the response of an exchange. */
const REQUEST = 'request';
const RESPONSE = 'response';

/** A line with the hash of its bytes. */
export interface HashedLine {
  line: LedgerLine;
  hash: string;
}

export const hashedLine = (line: LedgerLine, bytes: Uint8Array): HashedLine => ({ line, hash: lineHash(bytes) });

/** Puts one exchange together from its lines; content is masked text, absent where the session was forgotten. */
export async function exchangeDetail(
  row: ExchangeRow,
  lines: readonly HashedLine[],
  key: SessionKey | undefined,
  lineOf: (sequence: number) => Promise<LedgerLine | undefined> | LedgerLine | undefined,
  /** Pieces of earlier records of the session, shared where many exchanges are read. */
  memo: Parameters<typeof decodeContent>[3] = new Map(),
): Promise<ExchangeDetail> {
  const events: LedgerEvent[] = [];
  const bodies = new Map<string, Buffer[]>();
  const started = lines[0]?.line.mono ?? 0;
  let last = 0;
  for (const { line, hash } of lines) {
    // Another process's clock (after a crash) starts anew: time never runs backwards in a replay.
    last = Math.max(last, Math.round((line.mono - started) * 1000) / 1000);
    const event: LedgerEvent = { sequence: line.seq, at: line.at, offsetMs: last, kind: line.kind, meta: line.meta, hash };
    const bytes = line.content && key ? await decodeContent(line, key, lineOf, memo) : undefined;
    if (bytes && line.content) {
      event.content = bytes.toString('utf8');
      event.contentName = line.content.name;
      bodies.set(line.content.name, [...(bodies.get(line.content.name) ?? []), bytes]);
    } else if (line.content) event.contentName = line.content.name;
    events.push(event);
  }
  const whole = (name: string): string | undefined => {
    const parts = bodies.get(name);
    return parts && Buffer.concat(parts).toString('utf8');
  };
  const request = whole(REQUEST);
  const response = whole(RESPONSE);
  return { ...row, events, ...(request === undefined ? {} : { request }), ...(response === undefined ? {} : { response }) };
}
