import type { ExchangeDetail, LedgerReader } from '../ledger/index.js';
import type { ReplayData, ReplayEvent } from './types.js';

const MAX_CHARACTERS = 32 << 20;

/**
 * All events of a session in the order and at the times they happened. Large sessions come in pieces: `nextFrom` names the exchange to
 * go on with; times stay relative to the first event of the whole session.
 */
export async function replayData(
  ledger: LedgerReader,
  session: string,
  from?: string,
): Promise<(ReplayData & { nextFrom?: string }) | undefined> {
  const detail = await ledger.session(session);
  if (detail === undefined) return undefined;
  const rows = [...detail.exchangesList].sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
  const zero = rows[0] === undefined ? 0 : Date.parse(rows[0].at);
  const start =
    from === undefined
      ? 0
      : Math.max(
          0,
          rows.findIndex((row) => row.id === from),
        );
  const exchanges: ReplayData['exchanges'] = [];
  const events: ReplayEvent[] = [];
  let characters = 0;
  let nextFrom: string | undefined;
  for (const row of rows.slice(start)) {
    if (characters > MAX_CHARACTERS) {
      nextFrom = row.id;
      break;
    }
    const exchange = await ledger.exchange(row.id);
    if (exchange === undefined) continue;
    exchanges.push(row);
    for (const event of timed(exchange, zero)) {
      characters += event.content?.length ?? 0;
      events.push(event);
    }
  }
  events.sort((a, b) => a.timeMs - b.timeMs || a.sequence - b.sequence);
  return { session, durationMs: events.at(-1)?.timeMs ?? 0, events, exchanges, ...(nextFrom === undefined ? {} : { nextFrom }) };
}

/** Wall time places the exchange, its monotonic offsets place the events in it, so that a clock change within it does no harm. */
function timed(exchange: ExchangeDetail, zero: number): ReplayEvent[] {
  const at = Math.max(0, Date.parse(exchange.at) - zero);
  return exchange.events.map((event) => ({ ...event, exchange: exchange.id, timeMs: at + event.offsetMs }));
}
