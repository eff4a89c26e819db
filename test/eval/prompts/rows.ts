/**
 * Turns the lines of `benign.txt` and `attacks.txt` into rows for the evaluation command: `node --import tsx test/eval/prompts/rows.ts OUT.jsonl
 * [--seen|--unseen]`, then `npm run eval -- injection OUT.jsonl`. None is in the training text of the prompts model. Every second line may be looked
 * at while rules are made (`--seen`), the others are only measured (`--unseen`).
 */
import { readFileSync, writeFileSync } from 'node:fs';

const out = process.argv[2];
if (!out) throw new Error('usage: rows.ts OUT.jsonl [--seen|--unseen]');
const wanted = process.argv.includes('--seen') ? [0] : process.argv.includes('--unseen') ? [1] : [0, 1];
const rows: string[] = [];
for (const [file, label] of [
  ['benign', 0],
  ['attacks', 1],
] as const)
  for (const [i, text] of readFileSync(new URL(`./${file}.txt`, import.meta.url), 'utf8')
    .trim()
    .split('\n')
    .entries())
    if (wanted.includes(i % 2)) rows.push(JSON.stringify({ id: `${file}-${i + 1}`, text, label }));
writeFileSync(out, `${rows.join('\n')}\n`);
console.log(`${rows.length} rows`);
