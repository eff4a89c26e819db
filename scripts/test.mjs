#!/usr/bin/env node
/**
 * `npm test`: sets up whatever is missing, then runs every step and ends with one line `N passed, N failed, N skipped`.
 *   npm test -- --only unit,acceptance     some steps
 *   npm test -- --files policy             only test files whose path contains this (or matches it as a regular expression)
 *   npm test -- --no-setup                 take everything as it is
 * The whole output of each step is kept in .cache/test-logs/STEP.log.
 */
import { spawn } from 'node:child_process';
import { mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { ensureDebianPackages } from './setup/debian-packages.mjs';
import { ensureElectron } from './setup/electron.mjs';
import { ensurePackages, requireNode } from './setup/node-packages.mjs';
import { orExplain } from './setup/say.mjs';
import { STEPS } from './test/steps.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const logs = join(root, '.cache/test-logs');
const { values: flags } = parseArgs({
  options: { only: { type: 'string' }, files: { type: 'string' }, 'no-setup': { type: 'boolean' } },
});
const totals = { passed: 0, failed: 0, skipped: 0 };
const skips = [];
const failures = [];
const print = (text) => process.stdout.write(`${text}\n`);
/** A test file that takes longer is stopped and counts as failed; the next one runs. */
const FILE_MINUTES = 5;

/** What ends each command that runs now, with all its children. */
const running = new Set();
for (const signal of ['SIGINT', 'SIGTERM'])
  process.once(signal, () => {
    for (const end of running) end('SIGKILL');
    process.exit(130);
  });

/** Runs a command into a log file; kills it with all its children when it takes too long. */
function runLogged(command, log, limitMinutes, env = {}) {
  return new Promise((resolve) => {
    const out = openSync(log, 'w');
    const child = spawn(command[0], command.slice(1), {
      cwd: root,
      detached: true,
      stdio: ['ignore', out, out],
      env: { ...process.env, NODE_ENV: 'test', ...env },
    });
    const end = (signal) => {
      try {
        process.kill(-child.pid, signal);
      } catch {
        // it has gone already
      }
    };
    let timedOut = false;
    const timer = setTimeout(() => {
      timedOut = true;
      end('SIGKILL');
    }, limitMinutes * 60_000);
    running.add(end);
    const done = (status) => {
      clearTimeout(timer);
      running.delete(end);
      if (!timedOut) end('SIGTERM'); // whatever a test left running
      setTimeout(() => end('SIGKILL'), 5_000).unref(); // or did not want to end
      resolve({ status, timedOut });
    };
    child.once('error', () => done(127));
    child.once('exit', (status) => done(status ?? 1));
  });
}

function testCommand(step, files, records, log) {
  const node = [
    process.execPath,
    '--import',
    'tsx',
    '--test',
    `--test-concurrency=${step.concurrency}`,
    `--test-timeout=${FILE_MINUTES * 60_000}`,
    '--test-reporter=./scripts/test/records.mjs',
    `--test-reporter-destination=${records}`,
    '--test-reporter=spec',
    `--test-reporter-destination=${log}`,
    ...files,
  ];
  return step.xvfb && process.platform === 'linux' ? ['xvfb-run', '-a', '-s', '-screen 0 1600x1000x24', ...node] : node;
}

async function runTests(step, files) {
  const records = join(logs, `${step.name}.ndjson`);
  const log = join(logs, `${step.name}.log`);
  writeFileSync(records, '');
  const { status, timedOut } = await runLogged(testCommand(step, files, records, log), join(logs, `${step.name}.out`), step.limitMinutes);
  const results = readFileSync(records, 'utf8')
    .split('\n')
    .filter((line) => line.endsWith('}'))
    .map((line) => JSON.parse(line));
  const own = { passed: 0, failed: 0, skipped: 0 };
  for (const r of results) {
    const where = r.file ? relative(root, r.file) : step.name;
    if (r.result === 'passed') own.passed += 1;
    else if (r.result === 'failed') {
      own.failed += 1;
      failures.push({ step: step.name, name: `${r.name}  (${where})`, why: r.why });
    } else {
      own.skipped += 1;
      skips.push(`${where}: ${r.name}: ${r.reason ?? (r.result === 'todo' ? 'to do' : 'no reason given')}`);
    }
  }
  if (timedOut || (status !== 0 && own.failed === 0)) {
    own.failed += 1;
    const why = timedOut ? `stopped after ${step.limitMinutes} minutes` : `the test runner ended with status ${status}`;
    failures.push({ step: step.name, name: step.title, why: `${why}\n${tail(join(logs, `${step.name}.out`), 40)}\n${tail(log, 40)}` });
  }
  for (const key of Object.keys(totals)) totals[key] += own[key];
  return `${own.passed} passed, ${own.failed} failed, ${own.skipped} skipped in ${files.length} files`;
}

async function runCommand(step) {
  const log = join(logs, `${step.name}.log`);
  const { status, timedOut } = await runLogged(step.command, log, step.limitMinutes);
  if (status === 0 && !timedOut) return 'ok';
  totals.failed += 1;
  failures.push({ step: step.name, name: step.title, why: timedOut ? `stopped after ${step.limitMinutes} minutes` : tail(log, 60) });
  return 'FAILED';
}

function tail(file, lines) {
  try {
    return readFileSync(file, 'utf8').trimEnd().split('\n').slice(-lines).join('\n');
  } catch {
    return '';
  }
}

await orExplain(async () => {
  requireNode();
  const only = flags.only?.split(',');
  const unknown = only?.find((name) => !STEPS.some((s) => s.name === name));
  if (unknown) {
    print(`There is no step "${unknown}". Steps: ${STEPS.map((s) => s.name).join(', ')}`);
    process.exit(2);
  }
  const steps = STEPS.filter((s) => !only || only.includes(s.name));
  if (!flags['no-setup']) {
    ensurePackages(root);
    const names = steps.map((s) => s.name);
    if (names.some((n) => ['desktop', 'console', 'faults', 'docs'].includes(n))) ensureDebianPackages(['desktop', 'tests']);
    if (names.includes('desktop')) ensureElectron(root);
  }
  mkdirSync(logs, { recursive: true });
  const pattern = flags.files ? new RegExp(flags.files) : undefined;
  const began = Date.now();
  const seconds = (since) => `${((Date.now() - since) / 1000).toFixed(1)} s`;
  let beside = Promise.resolve();
  for (const step of steps) {
    const files = step.files?.(root).filter((f) => !pattern || pattern.test(relative(root, f)));
    if (files?.length === 0 || (pattern && !step.files && !only)) continue;
    rmSync(join(logs, `${step.name}.log`), { force: true });
    const run = async () => {
      print(`-- ${step.title}`);
      const at = Date.now();
      const said = files ? await runTests(step, files) : await runCommand(step);
      print(`== ${step.title} … ${said} (${seconds(at)})`);
    };
    if (step.beside) beside = beside.then(run);
    else await run();
  }
  await beside;
  if (skips.length) print(`\nSkipped:\n${skips.map((s) => `  ${s}`).join('\n')}`);
  for (const { step, name, why } of failures) {
    print(`\nFAILED  ${step}: ${name}`);
    print(
      String(why)
        .split('\n')
        .slice(0, 60)
        .map((l) => `    ${l}`)
        .join('\n'),
    );
  }
  if (failures.length) print(`\nWhole output: ${relative(root, logs)}/`);
  print(`\n${seconds(began)} in all`);
  print(`${totals.passed} passed, ${totals.failed} failed, ${totals.skipped} skipped`);
  process.exitCode = totals.failed === 0 ? 0 : 1;
});
