import { ACTIONS, type ArrivalMeta, type EndMeta } from '../contract/index.js';
import type { LedgerLine } from './line.js';
import type { ExchangeRow } from './types.js';

/** What the records of one exchange add up to: a row of a list, and what filters ask for. */
export interface ExchangeFold extends ExchangeRow {
  agent: string;
  lastAt: string;
  firstSequence: number;
  lastSequence: number;
  findings: Record<string, number>;
  tools: string[];
  /** Ids of the rules that said more than allow. */
  rules: string[];
  inputTokens: number;
  outputTokens: number;
  open: boolean;
}

const strength = (action: string): number => (ACTIONS as readonly string[]).indexOf(action);

/** The stronger of two actions. */
export const stronger = (a: string, b: string): string => (strength(b) > strength(a) ? b : a);

/** Begins the row at its `arrival`. */
export function beginExchange(line: LedgerLine): ExchangeFold {
  const meta = line.meta as unknown as Partial<ArrivalMeta>;
  const row: ExchangeFold = {
    id: line.exchange ?? '',
    session: line.session ?? '',
    at: line.at,
    connection: meta.connection ?? '',
    operation: meta.operation ?? '',
    ...(meta.model === undefined ? {} : { model: meta.model }),
    stream: meta.stream ?? false,
    outcome: 'open',
    status: 0,
    totalMs: 0,
    verdicts: 0,
    strongest: 'allow',
    agent: meta.agent?.name ?? '',
    lastAt: line.at,
    firstSequence: line.seq,
    lastSequence: line.seq,
    findings: {},
    tools: [],
    rules: [],
    inputTokens: 0,
    outputTokens: 0,
    open: true,
  };
  for (const part of list(meta.findings)) {
    for (const found of list(part?.['findings'])) {
      const entity = text(found?.['entity'], '');
      row.findings[entity] = (row.findings[entity] ?? 0) + 1;
    }
  }
  addVerdicts(row, meta.verdicts);
  return row;
}

/** Takes a later record of the exchange into its row. */
export function continueExchange(row: ExchangeFold, line: LedgerLine): void {
  row.lastAt = line.at;
  row.lastSequence = line.seq;
  const { meta } = line;
  if (line.kind === 'verdict') addVerdicts(row, Array.isArray(meta['verdicts']) ? meta['verdicts'] : [meta['verdict'] ?? meta]);
  else if (line.kind === 'tool-call') addTool(row, toolName(meta));
  else if (line.kind === 'end') {
    const end = meta as unknown as Partial<EndMeta>;
    row.open = false;
    row.outcome = text(end.outcome, 'ok') as ExchangeFold['outcome'];
    row.status = count(end.status);
    row.totalMs = count(end.timing?.totalMs);
    row.inputTokens = count(end.usage?.inputTokens);
    row.outputTokens = count(end.usage?.outputTokens);
    addVerdicts(row, end.verdicts);
    for (const call of list(end.toolCalls)) addTool(row, call?.['name']);
  } else if (line.kind === 'interrupted' && row.open) {
    row.open = false;
    row.outcome = 'interrupted';
  }
}

// A line that was tampered with may have the form of a record and anything in it: `verify` names it, and reading goes on.
const list = (value: unknown): (Record<string, unknown> | null | undefined)[] => (Array.isArray(value) ? value : []);
const text = (value: unknown, otherwise: string): string => (typeof value === 'string' ? value : otherwise);
const count = (value: unknown): number => (typeof value === 'number' ? value : 0);

function toolName(meta: Record<string, unknown>): string | undefined {
  const name = meta['name'] ?? meta['tool'];
  if (typeof name === 'string') return name;
  const nested = (name as { name?: unknown } | undefined)?.name;
  return typeof nested === 'string' ? nested : undefined;
}

function addTool(row: ExchangeFold, name: unknown): void {
  if (typeof name === 'string' && !row.tools.includes(name)) row.tools.push(name);
}

function addVerdicts(row: ExchangeFold, verdicts: unknown): void {
  if (!Array.isArray(verdicts)) return;
  for (const verdict of verdicts as { action?: unknown; rule?: unknown }[]) {
    if (typeof verdict?.action !== 'string') continue;
    row.verdicts++;
    row.strongest = stronger(row.strongest, verdict.action);
    if (typeof verdict.rule === 'string' && verdict.action !== 'allow' && !row.rules.includes(verdict.rule)) row.rules.push(verdict.rule);
  }
}
