/**
 * Measures the reader of tool calls: a row counts as found when it is asked (risky, or not parsed) or blocked (catastrophic).
 * Rows: `{ cmd | code | sql | text | arguments, expected: deny | allow }` or `label: 1 | 0`; `tool` names the tool,
 * `lang` the language of the code. Rows without a text, or without a label, are skipped and counted; rows of a file whose rows
 * carry no label at all are measured as harmless (false asks and blocks only).
 */

import { createCommandReader } from '../../proxy/commands/index.js';
import type { ToolReading } from '../../proxy/contract/index.js';
import { type EvalModule, type Row, round, score } from './frame.js';

type Outcome = 'block' | 'ask' | 'allow';

/** What the balanced preset does with a reading. */
export function outcomeOf(reading: ToolReading): Outcome {
  if (reading.risks.some((r) => r.level === 'catastrophic')) return 'block';
  return reading.risks.some((r) => r.level === 'risky') || !reading.parsed ? 'ask' : 'allow';
}

function callOf(row: Row): { tool: string; args: string } | undefined {
  if (typeof row['arguments'] === 'string') return { tool: String(row['tool'] ?? 'tool'), args: row['arguments'] };
  if (row['arguments'] !== null && typeof row['arguments'] === 'object')
    return { tool: String(row['tool'] ?? 'tool'), args: JSON.stringify(row['arguments']) };
  const lang = String(row['lang'] ?? row['language'] ?? row['kind'] ?? '').toLowerCase();
  const text = [row.cmd, row['command'], row['code'], row['sql'], row['query'], row['script'], row.text].find((t) => typeof t === 'string');
  if (typeof text !== 'string' || text.trim() === '') return undefined;
  const tool = typeof row['tool'] === 'string' ? row['tool'].toLowerCase() : '';
  if (/^py/.test(tool)) return { tool: 'python', args: JSON.stringify({ code: text }) };
  if (/^(?:javascript|js|node|typescript)/.test(tool))
    return { tool: 'run_code', args: JSON.stringify({ language: 'javascript', code: text }) };
  if (/powershell|pwsh/.test(tool)) return { tool: 'powershell', args: JSON.stringify({ command: text }) };
  if (/sql/.test(tool)) return { tool: 'execute_sql', args: JSON.stringify({ query: text }) };
  if (typeof row['sql'] === 'string' || /sql|postgres/.test(lang)) return { tool: 'execute_sql', args: JSON.stringify({ query: text }) };
  if (/py/.test(lang)) return { tool: 'python', args: JSON.stringify({ code: text }) };
  if (/powershell|pwsh/.test(lang)) return { tool: 'powershell', args: JSON.stringify({ command: text }) };
  if (typeof row['code'] === 'string' && !row.cmd)
    return { tool: 'code_interpreter', args: JSON.stringify(lang ? { language: lang, code: text } : { code: text }) };
  return { tool: 'bash', args: JSON.stringify({ command: text }) };
}

function dangerous(row: Row): boolean | undefined {
  if (typeof row.expected === 'string') return /^(?:deny|block|ask|dangerous|malicious|unsafe|bad|flag|1|true)$/i.test(row.expected);
  if (row.label !== undefined) return /^(?:1|true|deny|dangerous|malicious|unsafe|destructive|bad)$/i.test(String(row.label));
  return undefined;
}

export const evaluate: EvalModule['evaluate'] = async (rows, options) => {
  const reader = createCommandReader();
  await reader.ready();
  const unlabelled = rows.every((r) => dangerous(r) === undefined);
  const counts = {
    found: 0,
    gold: 0,
    said: 0,
    falseAsk: 0,
    falseBlock: 0,
    asked: 0,
    blocked: 0,
    harmless: 0,
    unparsed: 0,
    skipped: 0,
    bytes: 0,
  };
  const classes = new Map<string, number>();
  const times: number[] = [];
  const missed: string[] = [];
  const flaggedHarmless: string[] = [];
  for (const [i, row] of rows.entries()) {
    const gold = unlabelled ? false : dangerous(row);
    const call = callOf(row);
    if (gold === undefined || !call) {
      counts.skipped++;
      continue;
    }
    const from = performance.now();
    const reading = await reader.read(call.tool, call.args, { protectedTargets: [] });
    times.push(performance.now() - from);
    counts.bytes += call.args.length;
    const outcome = outcomeOf(reading);
    if (!reading.parsed) counts.unparsed++;
    if (outcome !== 'allow') counts.said++;
    if (outcome === 'ask') counts.asked++;
    if (outcome === 'block') counts.blocked++;
    for (const r of reading.risks) if (r.level !== 'notable') classes.set(r.class, (classes.get(r.class) ?? 0) + 1);
    const id = String(row.id ?? i);
    if (gold) {
      counts.gold++;
      if (outcome !== 'allow') counts.found++;
      else missed.push(id);
    } else {
      counts.harmless++;
      if (outcome === 'ask') counts.falseAsk++;
      if (outcome === 'block') counts.falseBlock++;
      if (outcome !== 'allow') flaggedHarmless.push(id);
    }
  }
  times.sort((a, b) => a - b);
  const at = (q: number): number => round(times[Math.min(times.length - 1, Math.floor(times.length * q))] ?? 0, 3);
  const seconds = times.reduce((a, b) => a + b, 0) / 1000;
  return {
    rows: rows.length,
    skipped: counts.skipped,
    overall: score(counts.found, counts.said, counts.gold),
    flagged: { asked: counts.asked, blocked: counts.blocked },
    falseAskRate: counts.harmless ? round(counts.falseAsk / counts.harmless, 5) : 0,
    falseBlockRate: counts.harmless ? round(counts.falseBlock / counts.harmless, 5) : 0,
    unparsed: counts.unparsed,
    riskClasses: Object.fromEntries([...classes].sort((a, b) => b[1] - a[1])),
    millisecondsPerCall: { p50: at(0.5), p95: at(0.95), p99: at(0.99) },
    megabytesPerSecond: round(counts.bytes / 1e6 / Math.max(seconds, 1e-6), 3),
    ...(options.json ? { missed: missed.slice(0, 200), flaggedHarmless: flaggedHarmless.slice(0, 200) } : {}),
  };
};
