/**
 * High-risk prompts, row by row. Rows: `{ text, label: 1 | 0 }` (`prompt` and `content` are read too; `injection`, `jailbreak`, `benign`
 * and the like as labels). A row is flagged when any prompt finding stands in it, as the balanced preset asks. With a `split` of
 * `test` in the file, only those rows count: the others are for training.
 */
import { createDetector } from '../../proxy/detect/index.js';
import { type EvalModule, type Row, round, score } from './frame.js';

const textOf = (row: Row): string | undefined => {
  for (const key of ['text', 'prompt', 'content', 'input', 'user_input', 'query'])
    if (typeof row[key] === 'string') return row[key] as string;
  return undefined;
};

function labelOf(row: Row): boolean | undefined {
  const raw = row.label ?? row.expected ?? row['injection'] ?? row['is_injection'] ?? row['malicious'];
  if (raw === undefined || raw === null) return undefined;
  if (typeof raw === 'boolean') return raw;
  const s = String(raw).toLowerCase();
  if (/^(?:1|true|yes|injection|jailbreak|attack|malicious|unsafe|deny|block|ask|bad|positive)/.test(s)) return true;
  if (/^(?:0|false|no|benign|safe|allow|ok|clean|good|negative|legit)/.test(s)) return false;
  return undefined;
}

export const evaluate: EvalModule['evaluate'] = async (rows, options) => {
  const detector = createDetector({ names: false, workers: 0 });
  const hasTest = rows.some((r) => r['split'] === 'test') && !process.env.EVAL_ALL_SPLITS;
  const used = hasTest ? rows.filter((r) => r['split'] === 'test') : rows;
  let skipped = 0;
  let hit = 0;
  let said = 0;
  let gold = 0;
  let bytes = 0;
  const times: number[] = [];
  const entities: Record<string, number> = {};
  const missed: string[] = [];
  const falseAlarms: string[] = [];
  for (const [i, row] of used.entries()) {
    const text = textOf(row);
    const label = labelOf(row);
    if (text === undefined || label === undefined) {
      skipped++;
      continue;
    }
    bytes += Buffer.byteLength(text);
    const from = performance.now();
    const result = await detector.scan(text, { direction: 'request', role: 'user', kind: 'text', provenance: 'person' });
    times.push(performance.now() - from);
    const found = result.findings.filter((f) => f.category === 'prompt');
    for (const e of new Set(found.map((f) => f.entity))) entities[e] = (entities[e] ?? 0) + 1;
    const flagged = found.length > 0;
    if (label) gold++;
    if (flagged) said++;
    if (flagged && label) hit++;
    if (label && !flagged) missed.push(String(row.id ?? i));
    if (!label && flagged) falseAlarms.push(String(row.id ?? i));
    if (process.env.EVAL_MISSES && label !== flagged)
      console.error(
        `${label ? 'MISS ' : 'FALSE'} ${JSON.stringify(text.slice(0, 300))} ${JSON.stringify(found.map((f) => [f.entity, f.confidence, f.why]))}`,
      );
  }
  await detector.close();
  times.sort((a, b) => a - b);
  const at = (q: number) => round(times[Math.min(times.length - 1, Math.floor(times.length * q))] ?? 0, 3);
  const counted = used.length - skipped;
  return {
    rows: counted,
    skipped: skipped + rows.length - used.length,
    overall: score(hit, said, gold),
    flagged: { asked: said, blocked: 0 },
    ...(hasTest ? { split: 'test' } : {}),
    truePositiveRate: gold > 0 ? round(hit / gold) : undefined,
    falsePositiveRate: counted - gold > 0 ? round((said - hit) / (counted - gold)) : undefined,
    byEntity: entities,
    millisecondsPerText: { p50: at(0.5), p95: at(0.95), p99: at(0.99) },
    megabytesPerSecond: round(bytes / 1e6 / (times.reduce((a, b) => a + b, 0) / 1000), 2),
    ...(options.json ? { missed: missed.slice(0, 200), falseAlarms: falseAlarms.slice(0, 200) } : {}),
  };
};
