import { type ExchangeDetail, type LedgerReader, replayEvents } from '../ledger/index.js';
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
  const details: ExchangeDetail[] = [];
  let characters = 0;
  let nextFrom: string | undefined;
  for (const row of rows.slice(start)) {
    if (characters > MAX_CHARACTERS) {
      nextFrom = row.id;
      break;
    }
    const exchange = await ledger.exchange(row.id);
    if (exchange === undefined) continue;
    details.push(exchange);
    for (const event of exchange.events) characters += event.content?.length ?? 0;
  }
  // The engine counts from the first exchange that it is given; a later piece begins where that stands in the session.
  const begin = details[0] === undefined ? 0 : Math.max(0, Math.min(...details.map((detail) => Date.parse(detail.at))) - zero);
  const events: ReplayEvent[] = replayEvents(details).map((step) => ({
    ...step.event,
    exchange: step.exchange,
    timeMs: begin + step.timeMs,
  }));
  return {
    session,
    durationMs: events.at(-1)?.timeMs ?? 0,
    events,
    exchanges: details.map(({ events: _e, request: _q, response: _s, ...row }) => row),
    ...(nextFrom === undefined ? {} : { nextFrom }),
  };
}
