/**
 * Fills a ledger with generated exchanges and measures what a person would wait for: `npm run bench:ledger -- --exchanges 1000000`.
 * The ledger is written by the real writer and indexed by the real worker; start, first page and memory are those of the built
 * gateway (`npm run build` before) on that directory, asked over its control API. Prints one JSON object.
 *
 * `--keep DIRECTORY` leaves it there, and takes it as it is when it is filled already; `--reindex` builds the index anew;
 * `--verify` follows the whole chain too.
 */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createSecretStore } from '../../proxy/credentials/index.js';
import { openReader, verifyAside } from '../../proxy/ledger/index.js';
import type { LedgerReader } from '../../proxy/ledger/types.js';
import { launchGateway } from '../../scripts/demo/launch.js';
import { BEGIN, ENTITIES, filledSoFar, fillLedger, RARE, STEP_MS, VOCABULARY } from './ledger-fill.js';

const { values: args } = parseArgs({
  options: {
    exchanges: { type: 'string', default: '1000000' },
    keep: { type: 'string' },
    reindex: { type: 'boolean', default: false },
    verify: { type: 'boolean', default: false },
  },
});
const count = Number(args.exchanges);
const directory = args.keep ?? mkdtempSync(join(tmpdir(), 'sallyport-bench-'));
mkdirSync(directory, { recursive: true, mode: 0o700 });
const secrets = await createSecretStore({ directory, env: {}, consent: { throwAway: true } });
const say = (line: string): void => void process.stderr.write(`${line}\n`);
const round = (n: number): number => Math.round(n * 10) / 10;

/** Runs it and says how long it took, and how much CPU time of this process (its threads too). */
async function timed<T>(work: () => Promise<T>): Promise<{ value: T; seconds: number; cpuSeconds: number }> {
  const start = performance.now();
  const before = process.cpuUsage();
  const value = await work();
  const used = process.cpuUsage(before);
  return { value, seconds: (performance.now() - start) / 1000, cpuSeconds: (used.user + used.system) / 1e6 };
}
const rate = ({ seconds, cpuSeconds }: { seconds: number; cpuSeconds: number }, n = count) => ({
  seconds: round(seconds),
  cpuSeconds: round(cpuSeconds),
  exchangesPerSecond: Math.round(n / seconds),
  exchangesPerCpuSecond: Math.round(n / cpuSeconds),
});

const marker = join(directory, 'filled.json');
const filledBefore = ((): number => {
  try {
    return JSON.parse(readFileSync(marker, 'utf8')).exchanges;
  } catch {
    return 0;
  }
})();
let write: ReturnType<typeof rate> | undefined;
if (filledBefore !== count) {
  if (filledBefore > 0) throw new Error(`${directory} holds ${filledBefore} exchanges`);
  write = rate(await timed(() => fillLedger(directory, secrets, filledSoFar(directory), count, (done: number) => done % 100_000 === 0 && say(`written: ${done}`))));
  writeFileSync(marker, JSON.stringify({ exchanges: count }));
}
if (args.reindex) for (const end of ['', '-wal', '-shm']) rmSync(join(directory, `index.db${end}`), { force: true });

const fresh = !existsSync(join(directory, 'index.db'));
const reader = await openReader({ directory, secrets });
const indexing = await timed(async () => {
  for (let said = 0; ; ) {
    const { indexed, total, done, bytesPerSecond } = await reader.progress!();
    if (done && indexed >= total) return bytesPerSecond;
    if (Date.now() - said > 20_000) {
      said = Date.now();
      say(`indexed: ${((indexed / total) * 100).toFixed(1)} %, ${(bytesPerSecond / 1e6).toFixed(1)} MB/s`);
    }
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
});

const quantiles = (times: number[]): { p50: number; p95: number; max: number } => {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (q: number): number => round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))]!);
  return { p50: at(0.5), p95: at(0.95), max: at(1) };
};
const day = (n: number): string => new Date(BEGIN + n * STEP_MS).toISOString().slice(0, 10);
const word = (i: number): string => VOCABULARY[i]!;
const questions: [name: string, rounds: number, question: (i: number) => { search?: string; cursor?: string }][] = [
  ['first page', 100, () => ({})],
  ['filter: one common tag', 80, (i) => ({ search: `agent:agent-${i % 40}` })],
  ['filter: two tags', 80, (i) => ({ search: `model:gpt-5 finding:${ENTITIES[i % 5]}` })],
  ['filter: wildcard, exclusion, verdict', 40, () => ({ search: 'model:claude* -tool:shell verdict:mask' })],
  ['filter: two tags that hardly meet', 40, (i) => ({ search: `verdict:mask tool:shell finding:${ENTITIES[i % 5]} agent:agent-${i}` })],
  ['filter: a month', 40, (i) => ({ search: `after:${day((count / 80) * i)} before:${day((count / 80) * (i + 20))}` })],
  ['filter: an old day and a tag', 40, (i) => ({ search: `agent:agent-${i % 40} before:${day(count / 10)}` })],
  ['filter: nothing has it', 20, () => ({ search: 'agent:nobody' })],
  ['full text: a rare word', 40, () => ({ search: RARE })],
  ['full text: a common word', 80, (i) => ({ search: word(i * 3) })],
  ['full text: a beginning', 40, (i) => ({ search: `${word(100 + i).slice(0, 4)}*` })],
  ['full text: a phrase that is not there', 40, (i) => ({ search: `"${word(i)} ${word(i + 1)} ${word(i + 2)}"` })],
  ['full text: two words and a filter', 80, (i) => ({ search: `${word(i)} ${word(i * 5 + 2)} agent:agent-${i % 40}` })],
];
const ask = async (from: Pick<LedgerReader, 'sessions'>) => {
  const latency: Record<string, ReturnType<typeof quantiles>> = {};
  for (const [name, rounds, question] of questions) {
    const times: number[] = [];
    for (let i = 0; i < rounds; i++) {
      const start = performance.now();
      await from.sessions({ limit: 50, ...question(i) });
      times.push(performance.now() - start);
    }
    latency[name] = quantiles(times);
  }
  return latency;
};
const latencyMs = await ask(reader);
const shown = await timed(() => reader.exchange(`ex_${Math.floor(count / 2)}`));
if (shown.value?.events.length === 0 || !shown.value) throw new Error('the exchange in the middle was not found');
await reader.close();

// The product itself: what it takes to start on this directory, and what it holds in memory after it was asked all of that.
const started = performance.now();
const gateway = await launchGateway({ directory, settings: () => {}, args: ['--no-console'] });
const listeningMs = performance.now() - started;
const ticks = readFileSync(`/proc/${gateway.pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
// In hundredths of a second.
const startCpuMs = (Number(ticks[11]) + Number(ticks[12])) * 10;
const memoryOf = (field: string): number =>
  round((Number(new RegExp(`${field}:\\s+(\\d+)`).exec(readFileSync(`/proc/${gateway.pid}/status`, 'utf8'))?.[1]) * 1024) / 1e6);
const overControlApiMs = await ask({
  sessions: ({ search, limit }) =>
    gateway.call('GET', `/api/sessions?limit=${limit}${search === undefined ? '' : `&search=${encodeURIComponent(search)}`}`),
});
const product = { listeningMs: round(listeningMs), startCpuMs, rssMB: memoryOf('VmRSS'), peakMB: memoryOf('VmHWM'), overControlApiMs };
await gateway.stop();

let verify: object | undefined;
if (args.verify) {
  const checked = await timed(() => verifyAside(directory, { secrets }));
  if (!checked.value.ok) throw new Error(JSON.stringify(checked.value.problems[0]));
  verify = { records: checked.value.records, seconds: round(checked.seconds), cpuSeconds: round(checked.cpuSeconds) };
}
const bytesIn = (folder: string): number =>
  readdirSync(join(directory, folder)).reduce((sum, name) => sum + statSync(join(directory, folder, name)).size, 0);
console.log(
  JSON.stringify(
    {
      cpu: `${cpus().length} × ${cpus()[0]?.model}`,
      load: loadavg().map(round),
      exchanges: count,
      ledgerMB: round(bytesIn('ledger') / 1e6),
      indexMB: round(statSync(join(directory, 'index.db')).size / 1e6),
      ...(write ? { write } : {}),
      ...(fresh ? { index: { ...rate(indexing), MBPerSecond: round(indexing.value / 1e6) } } : {}),
      latencyMs,
      showExchangeMs: round(shown.seconds * 1000),
      product,
      ...(verify ? { verify } : {}),
    },
    null,
    2,
  ),
);
if (args.keep === undefined) rmSync(directory, { recursive: true, force: true });
