import { Readable } from 'node:stream';
import { type Clock, SallyportError, type SecretStore } from '../../contract/index.js';
import type { ExchangeDetail, LedgerReader, LedgerWriter, OriginalEntry, Originals, SessionDetail } from '../types.js';
import { bundleParts } from './bundle.js';
import { harParts } from './har.js';
import { jsonlParts } from './jsonl.js';
import { markdownParts } from './markdown.js';
import { otlpParts } from './otlp.js';

export type LedgerExportFormat = 'sally' | 'jsonl' | 'har' | 'otlp' | 'markdown';

export interface ExportRequest {
  directory: string;
  reader: LedgerReader;
  secrets: SecretStore;
  clock: Clock;
  format: LedgerExportFormat;
  /** Session ids; or a search whose every session is exported. */
  sessions?: string[];
  search?: string;
  /** Given: placeholders are put back. Only for a permitted person; the act is recorded. */
  originals?: Originals;
  /** The running ledger: the export is recorded, and what is not sealed yet is sealed, so that a bundle can prove it. */
  writer?: LedgerWriter;
  person?: string;
}

/** What the formats work on. */
export interface ExportSource {
  request: ExportRequest;
  sessions: string[];
  /** Text as it may be shown: masked, or with originals put back. */
  show(session: string, text: string): Promise<string>;
  /** Session with its exchanges, oldest first. */
  detail(session: string): Promise<SessionDetail>;
  exchanges(detail: SessionDetail): AsyncGenerator<ExchangeDetail>;
}

const KINDS: Record<LedgerExportFormat, { end: string; type: string; parts(source: ExportSource): AsyncGenerator<string> }> = {
  sally: { end: 'sally.html', type: 'text/html; charset=utf-8', parts: bundleParts },
  jsonl: { end: 'jsonl', type: 'application/x-ndjson', parts: jsonlParts },
  har: { end: 'har', type: 'application/json', parts: harParts },
  otlp: { end: 'otlp.json', type: 'application/json', parts: otlpParts },
  markdown: { end: 'md', type: 'text/markdown; charset=utf-8', parts: markdownParts },
};

const MOST_SESSIONS = 10_000;

/** Exports sessions as one file, streamed. Masked text unless originals are handed in. @throws SallyportError not_found, invalid */
export async function exportSessions(request: ExportRequest): Promise<{ filename: string; contentType: string; stream: Readable }> {
  const { reader, writer, originals, format } = request;
  const sessions = request.sessions ?? (await matching(reader, request.search ?? ''));
  if (sessions.length === 0) throw new SallyportError('not_found', 'No session matches; nothing was exported.');
  for (const id of sessions) {
    if (!(await reader.session(id))) throw new SallyportError('not_found', `There is no session ${id}.`);
  }
  if (originals && !writer) {
    throw new SallyportError('invalid', 'Originals are exported only while the gateway runs, because the act must be recorded.');
  }
  if (writer) {
    const meta = {
      format,
      sessions,
      originals: originals !== undefined,
      ...(request.person === undefined ? {} : { person: request.person }),
    };
    await writer.record([{ kind: 'export', meta }], 'synced');
    if (format === 'sally') await writer.seal();
  }
  const known = new Map<string, OriginalEntry[]>();
  const source: ExportSource = {
    request,
    sessions,
    async show(session, text) {
      if (!originals) return text;
      // Longest first: a lengthened placeholder begins with the shorter one.
      const entries = known.get(session) ?? (await originals.load(session)).sort((a, b) => b.placeholder.length - a.placeholder.length);
      known.set(session, entries);
      return entries.reduce((shown, { placeholder, value }) => shown.replaceAll(placeholder, value), text);
    },
    async detail(session) {
      const detail = await reader.session(session);
      if (!detail) throw new SallyportError('not_found', `Session ${session} is gone.`);
      return detail;
    },
    async *exchanges(detail) {
      for (const { id } of detail.exchangesList) {
        const exchange = await reader.exchange(id);
        if (exchange) yield exchange;
      }
    },
  };
  const { end, type, parts } = KINDS[format];
  const name = sessions.length === 1 ? sessions[0]!.replace(/[^\w.-]/g, '_') : `sallyport-${sessions.length}-sessions`;
  return { filename: `${name}.${end}`, contentType: type, stream: Readable.from(parts(source), { objectMode: false }) };
}

async function matching(reader: LedgerReader, search: string): Promise<string[]> {
  const sessions: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await reader.sessions({ search, limit: 200, ...(cursor ? { cursor } : {}) });
    sessions.push(...page.sessions.map(({ id }) => id));
    cursor = page.nextCursor;
  } while (cursor && sessions.length < MOST_SESSIONS);
  return sessions;
}
