/**
 * Secrets, span by span and line by line. Rows: `{ text, spans: [{ type, start, end }] }`; or `lines` (numbers from 1, of the lines that hold a
 * secret), or `{ lines: [{ line | start, end?, label? }] }`; or `label` 1 | 0 for a whole text or a single line. Line level: a labelled line is found
 * when a finding touches it or a line beside it; a finding is right when a labelled line is among its lines or beside them. Of several labelled
 * lines in a row (a key block) one is enough. Types are not compared in `overall`; `perEntity` counts by the labels' types.
 */
import { createDetector } from '../../proxy/detect/index.js';
import { type EvalModule, type Row, round, score } from './frame.js';

const TRUE = /^(?:1|true|t|yes|secret|positive|leak|sensitive|real)$/i;
const FALSE = /^(?:0|false|f|no|none|clean|benign|negative|placeholder|ok)$/i;

const textOf = (row: Row): string | undefined => {
  for (const key of ['text', 'content', 'code', 'line', 'source', 'body']) if (typeof row[key] === 'string') return row[key] as string;
  return undefined;
};

interface Gold {
  /** Line numbers from 0. */
  lines: Map<number, string>;
  known: boolean;
}

function goldOf(row: Row, text: string, lineAt: (offset: number) => number): Gold {
  const lines = new Map<number, string>();
  if (Array.isArray(row.spans)) {
    for (const s of row.spans)
      for (let l = lineAt(s.start); l <= lineAt(Math.max(s.start, s.end - 1)); l++) lines.set(l, s.type ?? 'SECRET');
    return { lines, known: true };
  }
  const listed = row['lines'] ?? row['secret_lines'] ?? row['labels'];
  if (Array.isArray(listed)) {
    const perLine =
      listed.length > 0 &&
      listed.every((x) => typeof x === 'number' || typeof x === 'boolean') &&
      listed.length === text.split('\n').length &&
      listed.every((x) => x === 0 || x === 1 || typeof x === 'boolean');
    listed.forEach((x: unknown, i) => {
      if (perLine) {
        if (x === 1 || x === true) lines.set(i, 'SECRET');
      } else if (typeof x === 'number') lines.set(x - 1, 'SECRET');
      else if (x !== null && typeof x === 'object') {
        const o = x as Record<string, unknown>;
        if (o['label'] !== undefined && !TRUE.test(String(o['label']))) return;
        const from = Number(o['line'] ?? o['start'] ?? o['line_start'] ?? Number.NaN);
        const to = Number(o['end'] ?? o['line_end'] ?? from);
        for (let l = from; l <= to; l++) lines.set(l - 1, String(o['type'] ?? o['category'] ?? 'SECRET'));
      }
    });
    return { lines, known: true };
  }
  const label = row.label ?? row.expected;
  if (label !== undefined && label !== null) {
    const yes = TRUE.test(String(label));
    if (!yes && !FALSE.test(String(label))) return { lines, known: false };
    const own = Number(row['line_number'] ?? row['lineNumber'] ?? Number.NaN);
    if (yes) {
      if (Number.isFinite(own) && own >= 1 && text.includes('\n')) lines.set(own - 1, 'SECRET');
      else for (const [i, l] of text.split('\n').entries()) if (l.trim() !== '') lines.set(i, 'SECRET');
    }
    return { lines, known: true };
  }
  return { lines, known: false };
}

export const evaluate: EvalModule['evaluate'] = async (rows, options) => {
  const detector = createDetector({ names: false, workers: 0 });
  const count = { hit: 0, gold: 0, said: 0, right: 0 };
  const spans = { hit: 0, gold: 0, said: 0 };
  const per = new Map<string, { hit: number; gold: number; said: number; right: number }>();
  const at = (type: string) => per.get(type) ?? per.set(type, { hit: 0, gold: 0, said: 0, right: 0 }).get(type)!;
  let skipped = 0;
  let bytes = 0;
  let milliseconds = 0;
  let clean = 0;
  let alarms = 0;
  for (const row of rows) {
    const text = textOf(row);
    if (text === undefined) {
      skipped++;
      continue;
    }
    const starts = [0];
    for (let i = text.indexOf('\n'); i >= 0; i = text.indexOf('\n', i + 1)) starts.push(i + 1);
    const lineAt = (offset: number) => {
      let low = 0;
      let high = starts.length - 1;
      while (low < high) {
        const m = (low + high + 1) >> 1;
        if (starts[m]! <= offset) low = m;
        else high = m - 1;
      }
      return low;
    };
    const gold = goldOf(row, text, lineAt);
    if (!gold.known) {
      skipped++;
      continue;
    }
    bytes += Buffer.byteLength(text);
    const begun = performance.now();
    const result = await detector.scan(text, { direction: 'request', role: 'user', kind: 'text', provenance: 'person' });
    milliseconds += performance.now() - begun;
    const found = result.findings.filter((f) => f.category === 'secret' && !f.testValue);
    if (gold.lines.size === 0) {
      clean += Buffer.byteLength(text);
      alarms += found.length;
    }
    // Labelled lines in a row are one secret.
    const groups: { from: number; to: number; type: string }[] = [];
    const whole = row.label !== undefined && !Array.isArray(row.spans) && !Array.isArray(row['lines']);
    for (const line of [...gold.lines.keys()].sort((a, b) => a - b)) {
      const last = groups.at(-1);
      const type = gold.lines.get(line)!;
      if (
        last &&
        last.type === type &&
        line === last.to + 1 &&
        (whole || /PRIVATE|PEM|KEY_BLOCK/i.test(type) || /-----BEGIN/.test(text.slice(starts[last.from], starts[last.from + 1])))
      )
        last.to = line;
      else groups.push({ from: line, to: line, type });
    }
    const places = found.map((f) => ({ from: lineAt(f.start), to: lineAt(Math.max(f.start, f.end - 1)), entity: f.entity }));
    const used = new Set<(typeof places)[number]>();
    for (const g of groups) {
      count.gold++;
      at(g.type).gold++;
      const p = places.filter((x) => x.from <= g.to + 1 && x.to >= g.from - 1);
      if (p.length > 0) {
        count.hit++;
        at(g.type).hit++;
      } else if (process.env.EVAL_MISSES)
        console.error(`MISS ${g.type} ${JSON.stringify(text.slice(starts[g.from], starts[g.from + 1]).slice(0, 160))}`);
    }
    for (const p of places) {
      count.said++;
      at(p.entity).said++;
      if (groups.some((g) => p.from <= g.to + 1 && p.to >= g.from - 1)) {
        count.right++;
        used.add(p);
      } else if (process.env.EVAL_MISSES)
        console.error(`FALSE ${p.entity} ${JSON.stringify(text.slice(starts[p.from], starts[p.from + 1]).slice(0, 160))}`);
    }
    if (Array.isArray(row.spans)) {
      for (const s of row.spans) {
        spans.gold++;
        if (
          found.some(
            (f) =>
              Math.min(f.end, s.end) - Math.max(f.start, s.start) >= options.iou * (Math.max(f.end, s.end) - Math.min(f.start, s.start)),
          )
        )
          spans.hit++;
      }
      spans.said += found.length;
    }
  }
  await detector.close();
  const precision = count.said === 0 ? (count.gold === 0 ? 1 : 0) : count.right / count.said;
  const recall = count.gold === 0 ? 1 : count.hit / count.gold;
  const f = (b: number) => (precision + recall === 0 ? 0 : ((1 + b * b) * precision * recall) / (b * b * precision + recall));
  return {
    rows: rows.length - skipped,
    skipped,
    overall: { precision: round(precision), recall: round(recall), f1: round(f(1)), f2: round(f(2)) },
    // Types of labels and own entities have no common map: recall by label, and what was said by own entity.
    perEntity: Object.fromEntries(
      [...per].filter(([, n]) => n.gold > 0).map(([type, n]) => [type, { ...score(n.hit, n.hit, n.gold), gold: n.gold, predicted: n.hit }]),
    ),
    saidAs: Object.fromEntries([...per].filter(([, n]) => n.said > 0).map(([type, n]) => [type, n.said])),
    ...(spans.gold > 0 ? { spans: score(spans.hit, spans.said, spans.gold) } : {}),
    ...(clean > 0 ? { falseAlarmsPerMegabyte: round(alarms / (clean / 1e6), 2), cleanMegabytes: round(clean / 1e6, 3) } : {}),
    megabytesPerSecond: round(bytes / 1e6 / (milliseconds / 1000), 2),
  };
};
