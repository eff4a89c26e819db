import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { it } from 'node:test';
import { ROOT } from '../../scripts/demo/launch.js';

const documents = [
  'README.md',
  'ARCHITECTURE.md',
  ...readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' }).map((f) => `docs/${f}`),
]
  .filter((f) => f.endsWith('.md'))
  .map((name) => ({ name, text: readFileSync(join(ROOT, name), 'utf8') }));
/** A folder, a file, or a file without what its name ends in. */
const there = (path: string) => ['', '.test.ts', '.ts'].some((end) => existsSync(join(ROOT, path.replace(/[/.]+$/, '') + end)));
const tests = readdirSync(join(ROOT, 'test'), { recursive: true, encoding: 'utf8' });

it('every test that the documents name is there', () => {
  let named = 0;
  const missing: string[] = [];
  const need = (document: string, path: string) => {
    named += 1;
    if (!there(path)) missing.push(`${document}: ${path}`);
  };
  for (const { name, text } of documents) {
    for (const [path] of text.matchAll(/(?<![\w/.-])test\/[\w./-]*\w/g)) need(name, path);
    for (const line of text.split('\n')) {
      // "`test/faults/machine`, `suspend`": names that follow one another are in the same folder.
      for (const [list] of line.matchAll(/`test\/[\w/-]+`(?:, `[a-z-]+`)+/g)) {
        const [first, ...rest] = list.split(', ').map((quoted) => quoted.slice(1, -1));
        for (const short of rest) need(name, `${dirname(first!)}/${short}`);
      }
      for (const [, file] of line.matchAll(/`([\w-]+\.test\.ts)`/g)) {
        named += 1;
        if (!tests.some((path) => basename(path) === file)) missing.push(`${name}: ${file}`);
      }
    }
  }
  assert.deepEqual(missing, []);
  assert.ok(named > 100, String(named));
});
