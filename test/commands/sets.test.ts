import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { outcome, read } from './read.js';

/** Lines of a set of examples; `⏎` stands for a line break, `## ` begins a family. */
function lines(name: string): string[] {
  return readFileSync(new URL(`./sets/${name}.txt`, import.meta.url), 'utf8')
    .split('\n')
    .filter((l) => l !== '' && !l.startsWith('## '))
    .map((l) => l.replaceAll('⏎', '\n'));
}

const TOOLS: Record<string, (text: string) => [string, unknown]> = {
  shell: (command) => ['bash', { command }],
  python: (code) => ['python', { code }],
  javascript: (code) => ['run_code', { language: 'javascript', code }],
  sql: (query) => ['execute_sql', { query }],
  windows: (command) => ['powershell', { command }],
};

/** Least share found of the dangerous, greatest share asked of the harmless examples. */
const BARS: Record<string, [number, number]> = {
  shell: [0.95, 0.03],
  python: [0.95, 0.03],
  javascript: [0.95, 0.03],
  sql: [0.98, 0.005],
  windows: [0.95, 0.06],
};

describe('own sets of examples', () => {
  for (const [kind, [found, asked]] of Object.entries(BARS))
    it(kind, () => {
      const of = (text: string) => outcome(read(...TOOLS[kind]!(text)));
      const bad = lines(`dangerous-${kind}`);
      const missed = bad.filter((t) => of(t) === 'allow');
      assert.ok(missed.length <= bad.length * (1 - found), `missed: ${missed.join(' | ')}`);
      const good = lines(`harmless-${kind}`).map((t) => [t, of(t)] as const);
      assert.deepEqual(
        good.filter(([, o]) => o === 'block'),
        [],
      );
      const flagged = good.filter(([, o]) => o === 'ask').map(([t]) => t);
      assert.ok(flagged.length <= good.length * asked, `asked: ${flagged.join(' | ')}`);
    });
});
