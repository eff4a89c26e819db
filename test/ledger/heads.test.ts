import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { headCopies, verifyLedger } from '../../proxy/ledger/index.js';
import { exchangeRecords, memorySecrets, open, options, tempDirectory } from './support.js';

test('heads come at least every second while records come, with copies to a file and a webhook; a copy convicts where the local heads were removed', async (t) => {
  const directory = tempDirectory(t);
  const elsewhere = join(tempDirectory(t), 'heads.jsonl');
  const posted: string[] = [];
  const server = createServer((request, response) => {
    request.setEncoding('utf8');
    request.on('data', (chunk: string) => posted.push(chunk));
    request.on('end', () => response.end());
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  t.after(() => server.close());
  const webhook = `http://127.0.0.1:${(server.address() as AddressInfo).port}/heads`;
  const ledger = await open(options(directory, { secrets: memorySecrets(), heads: { file: elsewhere, webhook } }));
  for (const records of exchangeRecords()) await ledger.record(records, 'synced');
  const sequence = (await ledger.record([{ kind: 'settings', meta: {} }], 'synced')).sequence;
  const until = Date.now() + 10_000;
  const newest = (): number => JSON.parse(readFileSync(join(directory, 'heads.jsonl'), 'utf8').trimEnd().split('\n').at(-1)!).seq;
  let seen = 0;
  while (seen < sequence && Date.now() < until) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    try {
      seen = newest();
    } catch {}
  }
  assert.equal(seen, sequence);
  await ledger.close();
  assert.equal(newest(), sequence + 1, 'the seal at stop');
  assert.equal(readFileSync(elsewhere, 'utf8'), readFileSync(join(directory, 'heads.jsonl'), 'utf8'));
  while (!posted.some((line) => JSON.parse(line).seq >= sequence) && Date.now() < until)
    await new Promise((resolve) => setTimeout(resolve, 50));
  assert.ok(posted.some((line) => JSON.parse(line).seq >= sequence));
  const segment = join(directory, 'ledger/000001.jsonl');
  const { truncateSync } = await import('node:fs');
  truncateSync(segment, readFileSync(segment).lastIndexOf(10, -2) + 1);
  truncateSync(segment, readFileSync(segment, 'utf8').indexOf('\n', 1500) + 1);
  rmSync(join(directory, 'heads.jsonl'));
  const blind = await verifyLedger(directory);
  assert.deepEqual([blind.ok, blind.uncovered.after], [true, 0]);
  assert.match(blind.notes.join(), /No signed head/);
  assert.equal((await verifyLedger(directory, { headFiles: [elsewhere] })).ok, false);
});

test('heads are committed into a git repository; verify reads them there, and its bound is the newest of all copies', async (t) => {
  const directory = tempDirectory(t);
  const repository = tempDirectory(t);
  const git = (...args: string[]): string => execFileSync('git', ['-C', repository, ...args], { encoding: 'utf8' });
  git('init', '-q');
  // A hook of the repository is a program, and none is run.
  const hook = join(repository, '.git/hooks/pre-commit');
  mkdirSync(join(repository, '.git/hooks'), { recursive: true });
  writeFileSync(hook, `#!/bin/sh\ntouch ${join(repository, 'hooked')}\nexit 1\n`, { mode: 0o755 });
  const problems: (string | undefined)[] = [];
  const heads = { git: { directory: repository, minutes: 10 } };
  const secrets = memorySecrets();
  const onHeadProblem = (problem: string | undefined): void => void problems.push(problem);
  const ledger = await open(options(directory, { secrets, heads, onHeadProblem }));
  for (const records of exchangeRecords()) await ledger.record(records, 'synced');
  await ledger.close();
  const again = await open(options(directory, { secrets, heads, onHeadProblem }));
  const middle = (await again.record([{ kind: 'settings', meta: {} }], 'synced')).sequence;
  await again.close();
  assert.deepEqual(problems, []);
  assert.equal(existsSync(join(repository, 'hooked')), false);
  assert.equal(git('log', '--format=%s').trim().split('\n')[0], `Sallyport: head of record ${middle + 1}`);
  assert.equal(git('log', '--format=%s').trim().split('\n').length, 2);
  assert.equal(git('status', '--porcelain').trim(), '');
  assert.deepEqual(headCopies(heads), [join(repository, 'sallyport-heads.jsonl')]);

  // With the local heads gone, the copy alone gives the bound, record by record.
  const lines = readFileSync(join(directory, 'ledger/000001.jsonl'), 'utf8').split(/(?<=\n)/);
  rmSync(join(directory, 'heads.jsonl'));
  const files = { headFiles: headCopies(heads) };
  const whole = await verifyLedger(directory, files);
  assert.deepEqual([whole.ok, whole.uncovered.after, whole.uncovered.to], [true, middle + 1, middle + 1]);
  for (const cut of [1, 2, 3, lines.length - 1]) {
    writeFileSync(join(directory, 'ledger/000001.jsonl'), lines.slice(0, lines.length - cut).join(''));
    const report = await verifyLedger(directory, files);
    assert.deepEqual([report.ok, report.problems[0]!.sequence], [false, lines.length - cut + 1]);
  }
  // The copy of the first run alone: what came after it is not covered, and the report says exactly that.
  const first = join(tempDirectory(t), 'first.jsonl');
  writeFileSync(first, readFileSync(join(repository, 'sallyport-heads.jsonl'), 'utf8').split(/(?<=\n)/)[0]!);
  const { seq } = JSON.parse(readFileSync(first, 'utf8')) as { seq: number };
  for (let keep = seq - 2; keep <= lines.length; keep++) {
    writeFileSync(join(directory, 'ledger/000001.jsonl'), lines.slice(0, keep).join(''));
    const report = await verifyLedger(directory, { headFiles: [first] });
    assert.equal(report.ok, keep >= seq, `${keep} of ${lines.length} records, head of ${seq}`);
    if (report.ok) assert.deepEqual([report.uncovered.after, report.uncovered.to], [seq, keep]);
  }
  const missing = await verifyLedger(directory, { headFiles: [join(repository, 'none.jsonl')] });
  assert.match(missing.notes.join(), /There is no signed head in .*none\.jsonl/);
});

test('a repository that is not there, and a webhook that does not answer, are said and stop nothing', async (t) => {
  const directory = tempDirectory(t);
  const problems: (string | undefined)[] = [];
  const heads = { git: { directory: join(directory, 'nowhere') } };
  const ledger = await open(options(directory, { heads, onHeadProblem: (problem) => problems.push(problem) }));
  await ledger.record([{ kind: 'settings', meta: {} }], 'synced');
  await ledger.close();
  assert.match(problems.join(), /could not be committed/);
  assert.equal((await verifyLedger(directory)).ok, true);
});
