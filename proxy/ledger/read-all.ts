import type { SecretStore } from '../contract/index.js';
import { exchangeDetail, type HashedLine } from './detail.js';
import { masterKey, type SessionKey } from './keys.js';
import { type LedgerLine, parseLine } from './line.js';
import { ledgerPaths, listSegments } from './paths.js';
import { scanSegment } from './scan.js';
import { readSessionKey } from './slot-file.js';
import type { ExchangeDetail } from './types.js';

/** Contents of sessions that later records may refer to are kept up to here; beyond, those of the session longest silent are let go. */
const MAX_KEPT = 256 << 20;

interface Kept {
  lines: Map<number, LedgerLine>;
  memo: NonNullable<Parameters<typeof exchangeDetail>[4]>;
  bytes: number;
}

/**
 * Every exchange of the given sessions in one walk through the segments, each when its end comes: what a run over the whole record
 * wants, where one look-up an exchange would read each place many times. Those without an end come last.
 * @param options.session false: not wanted · @param options.fromSegment begins there
 */
export async function* readExchanges(options: {
  directory: string;
  secrets: SecretStore;
  session(id: string): boolean;
  fromSegment?: number;
}): AsyncGenerator<ExchangeDetail> {
  const paths = ledgerPaths(options.directory);
  const master = await masterKey(options.secrets, false);
  const open = new Map<string, HashedLine[]>();
  const sessions = new Map<string, Kept>();
  const keys = new Map<string, SessionKey | undefined>();
  let bytes = 0;

  const keep = (session: string, line: LedgerLine, size: number): void => {
    const kept: Kept = sessions.get(session) ?? { lines: new Map(), memo: new Map(), bytes: 0 };
    kept.lines.set(line.seq, line);
    kept.bytes += size;
    bytes += size;
    // Moved to the end: the order of the map is the order of silence.
    sessions.delete(session);
    sessions.set(session, kept);
    for (const [id, { bytes: of }] of sessions) {
      if (bytes <= MAX_KEPT || id === session) break;
      sessions.delete(id);
      bytes -= of;
    }
  };
  const findLine = async (sequence: number): Promise<LedgerLine | undefined> => {
    for (const segment of listSegments(paths.segments))
      for await (const raw of scanSegment(paths.segments, segment)) {
        const line = raw.complete ? parseLine(raw.bytes.toString('utf8')) : undefined;
        if (line?.seq === sequence) return line;
      }
    return undefined;
  };
  const detail = (lines: readonly HashedLine[]): Promise<ExchangeDetail> => {
    const { session, exchange, at } = lines[0]!.line;
    if (master && !keys.has(session!)) keys.set(session!, readSessionKey(paths.keys, master, session!));
    const key = keys.get(session!);
    const kept = sessions.get(session!);
    const row = { id: exchange!, session: session!, at, connection: '', operation: '', stream: false, outcome: '', status: 0, totalMs: 0 };
    return exchangeDetail(
      { ...row, verdicts: 0, strongest: '' },
      lines,
      key,
      (sequence) => kept?.lines.get(sequence) ?? findLine(sequence),
      kept?.memo,
    );
  };

  for (const segment of listSegments(paths.segments)) {
    if (segment < (options.fromSegment ?? 0)) continue;
    for await (const raw of scanSegment(paths.segments, segment)) {
      const line = raw.complete ? parseLine(raw.bytes.toString('utf8')) : undefined;
      if (!line?.session || !line.exchange || !options.session(line.session)) continue;
      if (line.content && line.kind === 'arrival') keep(line.session, line, raw.bytes.length);
      const lines = open.get(line.exchange) ?? [];
      lines.push({ line, hash: '' });
      open.set(line.exchange, lines);
      if (line.kind !== 'end' && line.kind !== 'interrupted') continue;
      open.delete(line.exchange);
      yield await detail(lines);
    }
  }
  for (const lines of open.values()) yield await detail(lines);
}
