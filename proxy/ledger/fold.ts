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
  for (const { findings } of meta.findings ?? []) {
    for (const { entity } of findings) row.findings[entity] = (row.findings[entity] ?? 0) + 1;
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
    row.outcome = end.outcome ?? 'ok';
    row.status = end.status ?? 0;
    row.totalMs = end.timing?.totalMs ?? 0;
    row.inputTokens = end.usage?.inputTokens ?? 0;
    row.outputTokens = end.usage?.outputTokens ?? 0;
    addVerdicts(row, end.verdicts);
    for (const call of end.toolCalls ?? []) addTool(row, call.name);
  } else if (line.kind === 'interrupted' && row.open) {
    row.open = false;
    row.outcome = 'interrupted';
  }
}

function toolName(meta: Record<string, unknown>): string | undefined {
  const name = meta['name'] ?? meta['tool'];
  if (typeof name === 'string') return name;
  const nested = (name as { name?: unknown } | undefined)?.name;
  return typeof nested === 'string' ? nested : undefined;
}

function addTool(row: ExchangeFold, name: string | undefined): void {
  if (name !== undefined && !row.tools.includes(name)) row.tools.push(name);
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
