import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { copyFileSync, cpSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { exchangeRecords, memorySecrets, open, options, tempDirectory } from './support.js';

const python = ['python3', 'python'].find(
  (name) => spawnSync(name, ['-c', 'import sys; sys.exit(sys.version_info < (3, 8))']).status === 0,
);

test("a stranger's verifier, run from the docs, in Python's standard library", {
  skip: python ? false : 'python3 is absent',
}, async (t) => {
  const docs = readFileSync(fileURLToPath(new URL('../../docs/ledger-format.md', import.meta.url)), 'utf8');
  const code = /```python\n([\s\S]*?)```/.exec(docs)![1]!;
  assert.ok(code.trimEnd().split('\n').length <= 40, `${code.trimEnd().split('\n').length} lines`);
  const directory = tempDirectory(t);
  const ledger = await open(options(directory, { secrets: memorySecrets(), segmentBytes: 6000 }));
  for (let i = 0; i < 6; i++) for (const records of exchangeRecords({ exchange: `ex_${i}` })) await ledger.record(records, 'written');
  await ledger.rotateKey();
  await ledger.record([{ kind: 'settings', meta: { text: 'schön \u2028 👋' } }], 'synced');
  const program = join(directory, 'verify.py');
  writeFileSync(program, code);
  const run = (data: string) => {
    const { status, stdout, stderr } = spawnSync(python!, ['-I', program, data], { encoding: 'utf8', timeout: 30_000 });
    return { status, text: stdout + stderr };
  };
  const heads = join(directory, 'heads.jsonl');
  await ledger.seal(); // writes a head
  assert.match(run(directory).text, /^verified \d+ records/, 'while it is written to');
  await ledger.close();
  assert.match(run(directory).text, /^verified \d+ records/);
  const second = join(directory, 'ledger/000002.jsonl');
  const changedCopy = (change: (path: string) => void): { status: number | null; text: string } => {
    const copy = tempDirectory(t);
    cpSync(join(directory, 'ledger'), join(copy, 'ledger'), { recursive: true });
    copyFileSync(heads, join(copy, 'heads.jsonl'));
    change(copy);
    return run(copy);
  };
  const text = readFileSync(second, 'utf8');
  const changed = changedCopy((copy) => writeFileSync(join(copy, 'ledger/000002.jsonl'), text.replace('"stream":true', '"stream":null')));
  assert.equal(changed.status, 1);
  assert.match(changed.text, /does not follow/);
  const cut = changedCopy((copy) => {
    const last = join(
      copy,
      'ledger',
      readdirSync(join(copy, 'ledger'))
        .filter((n) => n.endsWith('.jsonl'))
        .sort()
        .at(-1)!,
    );
    const bytes = readFileSync(last);
    truncateSync(last, bytes.lastIndexOf(10, bytes.length - 2) + 1);
  });
  assert.match(cut.text, /does not fit/);
});
