/**
 * Turns the marked texts of this directory (`[[TYPE|value]]`, one record a line) into rows for the evaluation command:
 * `node --import tsx test/eval/registers/rows.ts OUT.jsonl`, then `npm run eval -- pii OUT.jsonl`. They were written for measuring, in
 * other words than the tagger's training sentences; every second row was looked at while rules were made (`--seen`), the others were not (`--unseen`).
 */
import { readFileSync, writeFileSync } from 'node:fs';

const out = process.argv[2];
if (!out) throw new Error('usage: rows.ts OUT.jsonl [--seen|--unseen]');
const wanted = process.argv.includes('--seen') ? [0] : process.argv.includes('--unseen') ? [1] : [0, 1];
const rows: string[] = [];
let n = 0;
for (const file of ['people', 'plain', 'others']) {
  const lines = readFileSync(new URL(`./${file}.txt`, import.meta.url), 'utf8')
    .trim()
    .split('\n');
  for (const line of lines) {
    const marked = line.replaceAll('\\n', '\n');
    const spans: { type: string; start: number; end: number }[] = [];
    let text = '';
    let at = 0;
    for (const m of marked.matchAll(/\[\[([A-Z_]+)\|([^\]]*)\]\]/g)) {
      text += marked.slice(at, m.index);
      spans.push({ type: m[1]!, start: text.length, end: text.length + m[2]!.length });
      text += m[2]!;
      at = m.index + m[0].length;
    }
    text += marked.slice(at);
    if (wanted.includes((file === 'others' ? n + 1 : n) % 2)) rows.push(JSON.stringify({ id: `${file}-${n + 1}`, text, spans }));
    n++;
  }
}
writeFileSync(out, `${rows.join('\n')}\n`);
console.log(`${rows.length} rows`);
