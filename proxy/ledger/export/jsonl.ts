import type { ExportSource } from './index.js';

/** One line per session, then one per event: everything that the ledger knows, content decoded. */
export async function* jsonlParts(source: ExportSource): AsyncGenerator<string> {
  for (const id of source.sessions) {
    const detail = await source.detail(id);
    const { exchangesList: _, ...session } = detail;
    yield `${JSON.stringify({ type: 'session', ...session, title: await source.show(id, session.title) })}\n`;
    for await (const exchange of source.exchanges(detail)) {
      for (const event of exchange.events) {
        const content = event.content === undefined ? {} : { content: await source.show(id, event.content) };
        yield `${JSON.stringify({ type: 'event', session: id, exchange: exchange.id, ...event, ...content })}\n`;
      }
    }
  }
}
