/**
 * What a person waits for with a million exchanges: `npm run bench:ledger [-- --directory DIR --exchanges 1000000]`. The ledger is
 * generated and written by the real writer and indexed by the real worker; memory and start are those of the built gateway
 * (`npm run build` before) on that directory, asked over its control API. Says how far it is, and prints one table at the end.
 *
 * A directory that is given is kept: what was written and indexed is taken as it is, and a run that was broken off goes on where it
 * was. `--reindex` builds the index anew, `--verify` follows the whole chain too, `--json` prints the figures as JSON.
 */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statfsSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createSecretStore } from '../../proxy/credentials/index.js';
import { openLedger, openReader, verifyAside } from '../../proxy/ledger/index.js';
import { launchGateway } from '../../scripts/demo/launch.js';
import { systemClock } from '../ledger/support.js';
import { filledSoFar, fillLedger } from './ledger-fill.js';
import { askAll, LIMITS, type Quantiles, questionsOf } from './ledger-questions.js';
import { cpuMicros, machineFacts, residentMegabytes, withForeign } from './machine.js';

const { values: args } = parseArgs({
  options: {
    exchanges: { type: 'string', default: '1000000' },
    directory: { type: 'string' },
    reindex: { type: 'boolean', default: false },
    verify: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
});
/** Of one exchange: bytes of ledger and index, and CPU seconds of writing and of indexing it; measured, for the forecast. */
const BYTES = 5_700;
const WRITE_SECONDS = 0.00035;
const INDEX_SECONDS = 0.0003;
const count = Number(args.exchanges);
const directory = args.directory ?? mkdtempSync(join(tmpdir(), 'sallyport-bench-'));
mkdirSync(directory, { recursive: true, mode: 0o700 });
const secrets = await createSecretStore({ directory, env: {}, consent: { throwAway: true } });
const say = (line: string): void => void process.stderr.write(`${line}\n`);
const round = (n: number): number => Math.round(n * 10) / 10;

/** Work over all runs on this directory: how many exchanges, in how many seconds of CPU and by the clock. */
interface Work {
  exchanges: number;
  cpuSeconds: number;
  seconds: number;
}
const notes = join(directory, 'bench.json');
const done: { write?: Work; index?: Work } = existsSync(notes) ? JSON.parse(readFileSync(notes, 'utf8')) : {};

/** Follows a work that may be broken off: `far` says how many exchanges it has come to. */
function follow(what: 'write' | 'index', from: number): (far: number) => void {
  let [last, start, cpu, said] = [from, performance.now(), process.cpuUsage(), 0];
  return (far) => {
    const used = process.cpuUsage(cpu);
    const before = done[what] ?? { exchanges: 0, cpuSeconds: 0, seconds: 0 };
    const work: Work = {
      exchanges: before.exchanges + far - last,
      cpuSeconds: before.cpuSeconds + (used.user + used.system) / 1e6,
      seconds: before.seconds + (performance.now() - start) / 1000,
    };
    done[what] = work;
    writeFileSync(notes, JSON.stringify(done));
    [last, start, cpu] = [far, performance.now(), process.cpuUsage()];
    if (Date.now() - said < 10_000 && far < count) return;
    said = Date.now();
    const left = (work.seconds / Math.max(1, work.exchanges)) * (count - far);
    const rate = Math.round(work.exchanges / work.cpuSeconds);
    say(`${what === 'write' ? 'written' : 'indexed'}: ${far} of ${count} (${rate} a CPU second, about ${Math.ceil(left / 60)} min left)`);
  };
}

const filled = filledSoFar(directory);
if (filled > count) throw new Error(`${directory} holds ${filled} exchanges`);
const { bavail, bsize } = statfsSync(directory);
const needed = (count - filled) * BYTES;
const index = join(directory, 'index.db');
if (args.reindex) for (const end of ['', '-wal', '-shm']) rmSync(index + end, { force: true });
const seconds = (count - filled) * (WRITE_SECONDS + INDEX_SECONDS) + (existsSync(index) ? 0 : filled * INDEX_SECONDS);
say(
  `${count} exchanges in ${directory}: ${filled} are there; about ${round(needed / 1e9)} GB to write (${round((bavail * bsize) / 1e9)} GB free), ` +
    `${Math.ceil(seconds / 60) + 3} minutes on a quiet machine`,
);
if (needed > bavail * bsize) throw new Error('not enough room on that disk');
if (filled < count) {
  const written = follow('write', filled);
  await fillLedger(directory, secrets, filled, count, written);
  written(count);
}
if (!existsSync(index)) delete done.index;

// Starting after an orderly stop; nothing is written but what the stop writes.
const clock = systemClock;
const starts: number[] = [];
for (let i = 0; i < 5; i++) {
  const start = performance.now();
  const ledger = await openLedger({ directory, secrets, clock, segmentBytes: 64 << 20 });
  starts.push(performance.now() - start);
  await ledger.close();
}
const openMs = round(starts.sort((a, b) => a - b)[2]!);

const reader = await openReader({ directory, secrets });
let indexed: ((far: number) => void) | undefined;
for (;;) {
  const now = await reader.progress!();
  const far = Math.round((count * now.indexed) / Math.max(1, now.total));
  indexed ??= now.indexed < now.total ? follow('index', far) : undefined;
  indexed?.(far);
  if (now.done && now.indexed >= now.total) break;
  await new Promise((resolve) => setTimeout(resolve, 500));
}
const questions = questionsOf(count);
say('asking the index');
const { value: latencies, foreign } = await withForeign(() => askAll(questions, reader));
const middle = performance.now();
if (!(await reader.exchange(`ex_${Math.floor(count / 2)}`))?.events.length) throw new Error('the exchange in the middle was not found');
const showMs = round(performance.now() - middle);
await reader.close();

say('asking the gateway');
/** The product itself: what it takes to start on a directory, and what it holds in memory after it was asked all of that. */
async function gatewayOn(where: string | undefined) {
  const started = performance.now();
  const gateway = await launchGateway({ ...(where ? { directory: where } : {}), settings: () => {}, args: ['--no-console'] });
  const listeningMs = Math.round(performance.now() - started);
  const startCpuMs = Math.round(cpuMicros(gateway.pid) / 1000);
  const startPeakMB = round(residentMegabytes(gateway.pid, 'peak'));
  let api: Map<string, Quantiles> | undefined;
  if (where) {
    // Linux: from here on the peak counts anew.
    if (process.platform === 'linux') writeFileSync(`/proc/${gateway.pid}/clear_refs`, '5');
    api = await askAll(questions, {
      sessions: ({ search, limit, cursor }) =>
        gateway.call(
          'GET',
          `/api/sessions?${new URLSearchParams({ limit: String(limit), ...(search ? { search } : {}), ...(cursor ? { cursor } : {}) })}`,
        ),
    });
  }
  const memory = { nowMB: round(residentMegabytes(gateway.pid)), peakMB: round(residentMegabytes(gateway.pid, 'peak')) };
  await gateway.stop();
  if (!where) gateway.remove();
  return { listeningMs, startCpuMs, startPeakMB, ...memory, api };
}
const empty = await gatewayOn(undefined);
const product = await gatewayOn(directory);

let verify: object | undefined;
if (args.verify) {
  say('following the chain');
  const start = performance.now();
  const checked = await verifyAside(directory, { secrets });
  if (!checked.ok) throw new Error(JSON.stringify(checked.problems[0]));
  verify = { records: checked.records, seconds: round((performance.now() - start) / 1000) };
}
const bytesIn = (folder: string): number =>
  readdirSync(join(directory, folder)).reduce((sum, name) => sum + statSync(join(directory, folder, name)).size, 0);
const ledgerMB = Math.round(bytesIn('ledger') / 1e6);
const indexMB = Math.round(statSync(index).size / 1e6);
const rate = (work: Work | undefined): string =>
  work
    ? `${Math.round(work.exchanges / work.cpuSeconds)} a CPU second, ${Math.round(work.exchanges / work.seconds)} a second`
    : 'was there';

if (args.json) {
  const rows = Object.fromEntries([...latencies].map(([name, own]) => [name, { index: own, controlApi: product.api!.get(name) }]));
  const { api: _, ...gateway } = product;
  console.log(
    JSON.stringify({ machine: machineFacts(), foreign, count, ledgerMB, indexMB, ...done, openMs, showMs, rows, gateway, verify }, null, 2),
  );
} else {
  const line = (...cells: (string | number)[]): void => console.log(`| ${cells.join(' | ')} |`);
  const verdict = (measured: number, most: number): string => (measured <= most ? 'met' : `**missed** by ${round(measured - most)}`);
  console.log(
    `\n${count} exchanges: ledger ${ledgerMB} MB, index ${indexMB} MB. ${Object.entries(machineFacts())
      .map(([k, v]) => `${k}: ${v}`)
      .join(', ')};`,
  );
  console.log(
    `other programs used ${round(foreign)} cores while the index was asked. Milliseconds; targets are for the p95 of a page of 50.\n`,
  );
  line('', 'p50', 'p95', 'target', '', 'over the control API: p50', 'p95', '');
  line('---', '---', '---', '---', '---', '---', '---', '---');
  for (const { kind, name } of questions) {
    const [own, api] = [latencies.get(name)!, product.api!.get(name)!];
    const most = LIMITS[kind];
    const label = kind === 'page' ? name : `${kind}: ${name}`;
    line(label, own.p50, own.p95, most, verdict(own.p95, most), api.p50, api.p95, verdict(api.p95, most));
  }
  console.log('');
  line('', 'measured', 'target', '');
  line('---', '---', '---', '---');
  line('opening the ledger after an orderly stop', `${openMs} ms`, '1000 ms', verdict(openMs, 1000));
  line('gateway: start until it listens and its person is let in', `${product.listeningMs} ms (${product.startCpuMs} ms CPU)`, '', '');
  line('the same with no ledger at all', `${empty.listeningMs} ms (${empty.startCpuMs} ms CPU)`, '', '');
  line('gateway: memory after all of these questions', `${product.nowMB} MB`, '250 MB', verdict(product.nowMB, 250));
  line('gateway: most memory while it was asked', `${product.peakMB} MB`, '250 MB', verdict(product.peakMB, 250));
  line(
    'gateway: most memory while it started (64 MiB of it to check the passphrase)',
    `${product.startPeakMB} MB`,
    '250 MB',
    verdict(product.startPeakMB, 250),
  );
  line('the same with no ledger at all', `${empty.startPeakMB} MB`, '', '');
  line('one exchange shown', `${showMs} ms`, '', '');
  line('writing', rate(done.write), '', '');
  line(
    'building the index',
    rate(done.index),
    '5000 a CPU second',
    done.index ? (done.index.exchanges / done.index.cpuSeconds >= 5000 ? 'met' : '**missed**') : '',
  );
  if (verify) line('following the whole chain', JSON.stringify(verify), '', '');
}
if (args.directory === undefined) rmSync(directory, { recursive: true, force: true });
process.exit(0);
