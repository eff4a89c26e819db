import { beginExchange, continueExchange, type ExchangeFold, stronger } from './fold.js';
import type { LedgerLine } from './line.js';
import type { SessionRow } from './types.js';

/** What the records of one session add up to. */
export interface SessionFold extends SessionRow {
  exchangeRows: Map<string, ExchangeFold>;
  notes: { at: string; person: string; sequence: number }[];
  /** Record whose content is the title: the first request, or the last rename. */
  titleSequence?: number;
  renamed: boolean;
}

/** What lists show of a session before anything of it was read. */
export function emptyRow(id: string, at: string): SessionRow {
  return {
    id,
    agent: '',
    title: '',
    startedAt: at,
    lastAt: at,
    exchanges: 0,
    models: [],
    connections: [],
    strongest: 'allow',
    findings: {},
    tools: [],
    inputTokens: 0,
    outputTokens: 0,
    open: false,
    starred: false,
    labels: [],
    interrupted: 0,
  };
}

export function beginSession(id: string, at: string): SessionFold {
  return {
    ...emptyRow(id, at),
    exchangeRows: new Map(),
    notes: [],
    renamed: false,
  };
}

/** Takes one record of the session in. */
export function foldLine(session: SessionFold, line: LedgerLine): void {
  const { exchange, kind } = line;
  if (exchange !== undefined && kind === 'arrival') session.exchangeRows.set(exchange, beginExchange(line));
  else if (exchange !== undefined) {
    const row = session.exchangeRows.get(exchange);
    if (row) continueExchange(row, line);
  }
  if (exchange !== undefined) session.lastAt = line.at;
  if (kind === 'arrival' && line.content && !session.renamed) session.titleSequence ??= line.seq;
  if (kind === 'label') {
    applyLabel(session, line.meta);
    if (line.content) {
      session.titleSequence = line.seq;
      session.renamed = true;
    }
  }
  if (kind === 'note') session.notes.push({ at: line.at, person: String(line.meta['person'] ?? ''), sequence: line.seq });
}

/** `label` records: `{ add?, remove?: string[], star?, hold?: boolean }`; with content, that is the session's new title. */
export function applyLabel(session: Pick<SessionFold, 'labels' | 'starred' | 'legalHold'>, meta: Record<string, unknown>): void {
  const list = (value: unknown): string[] => (Array.isArray(value) ? value.filter((item) => typeof item === 'string') : []);
  const remove = new Set(list(meta['remove']));
  session.labels = [...new Set([...session.labels, ...list(meta['add'])])].filter((label) => !remove.has(label));
  if (typeof meta['hold'] === 'boolean') session.legalHold = meta['hold'];
  if (typeof meta['star'] === 'boolean') session.starred = meta['star'];
}

/** Sums the exchanges up into the session's row. */
export function sumUp(session: SessionFold): SessionRow {
  const rows = [...session.exchangeRows.values()];
  const findings: Record<string, number> = {};
  for (const row of rows) for (const [entity, count] of Object.entries(row.findings)) findings[entity] = (findings[entity] ?? 0) + count;
  const distinct = (values: (string | undefined)[]): string[] =>
    [...new Set(values.filter((value) => value !== undefined && value !== ''))] as string[];
  const { exchangeRows: _, notes: __, renamed: ___, titleSequence: ____, ...row } = session;
  return {
    ...row,
    agent: rows[0]?.agent ?? '',
    exchanges: rows.length,
    models: distinct(rows.map((r) => r.model)),
    connections: distinct(rows.map((r) => r.connection)),
    strongest: rows.reduce((most, r) => stronger(most, r.strongest), 'allow'),
    findings,
    tools: distinct(rows.flatMap((r) => r.tools)),
    inputTokens: rows.reduce((sum, r) => sum + r.inputTokens, 0),
    outputTokens: rows.reduce((sum, r) => sum + r.outputTokens, 0),
    open: rows.some((r) => r.open),
    interrupted: rows.filter((r) => r.outcome === 'interrupted').length,
  };
}
