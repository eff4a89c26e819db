/**
 * Fills a ledger with generated exchanges and measures what a person would wait for: `npm run bench:ledger -- --exchanges 1000000`.
 * Prints one JSON object. The data is generated (a fixed seed), and removed afterwards unless `--keep DIRECTORY`.
 */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import type { RecordInput } from '../../proxy/contract/index.js';
import { openLedger, openReader, verifyAside } from '../../proxy/ledger/index.js';
import { exchangeRecords, memorySecrets, systemClock } from '../ledger/support.js';

const { values: args } = parseArgs({
  options: { exchanges: { type: 'string', default: '1000000' }, keep: { type: 'string' }, verify: { type: 'boolean', default: false } },
});
const count = Number(args.exchanges);
const directory = args.keep ?? mkdtempSync(join(tmpdir(), 'sallyport-bench-'));
mkdirSync(directory, { recursive: true });

let seed = 42;
const random = (below: number): number => (seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0) % below;
const vocabulary = Array.from({ length: 20_000 }, (_, i) => {
  let word = '';
  for (let n = i * 7919 + 13; n > 0; n = Math.floor(n / 20)) word += 'bcdfghklmnprstvwzaeio'[n % 20] + 'aeiou'[n % 5]!;
  return word;
});
const words = (n: number): string => Array.from({ length: n }, () => vocabulary[Math.min(random(20_000), random(20_000))]).join(' ');
const agents = Array.from({ length: 40 }, (_, i) => `agent-${i}`);
const models = ['gpt-5', 'gpt-5-mini', 'claude-sonnet', 'claude-haiku', 'local-llama'];
const entities = ['EMAIL_ADDRESS', 'PHONE_NUMBER', 'CREDIT_CARD', 'PERSON', 'US_SSN'];

const secrets = memorySecrets();
const open = () => openLedger({ directory, secrets, clock: systemClock, segmentBytes: 64 << 20 });
const ledger = await open();
const started = performance.now();
let waiting = 0;
const drained = async (limit: number): Promise<void> => {
  while (waiting > limit) await new Promise((resolve) => setImmediate(resolve));
};
for (let i = 0; i < count; i++) {
  const answer = words(60);
  const groups = exchangeRecords({
    session: `se_${Math.floor(i / 10)}`,
    exchange: `ex_${i}`,
    agent: agents[random(40)]!,
    model: models[random(5)]!,
    text: `${words(80)} ${i % 1000 === 0 ? 'hapaxlegomenon' : ''}`,
    findings: random(10) === 0 ? [entities[random(5)]!] : [],
    action: random(50) === 0 ? 'mask' : 'allow',
    deltas: [0, 1, 2].map(
      (n) => `data: ${JSON.stringify({ choices: [{ delta: { content: answer.slice(n * 200, n * 200 + 200) } }] })}\n\n`,
    ),
    ...(random(20) === 0 ? { tool: 'shell' } : {}),
  });
  waiting++;
  ledger.append(groups.flat() as RecordInput[], 'written', (error) => {
    if (error) throw error;
    waiting--;
  });
  if (waiting > 400) await drained(100);
}
await drained(0);
await ledger.close();
const written = (performance.now() - started) / 1000;
const bytesIn = (folder: string): number =>
  readdirSync(join(directory, folder)).reduce((sum, name) => sum + statSync(join(directory, folder, name)).size, 0);

const reader = await openReader({ directory, secrets });
const indexStart = performance.now();
let rate = 0;
for (;;) {
  const progress = await reader.progress!();
  rate = progress.bytesPerSecond;
  if (progress.done && progress.indexed >= progress.total) break;
  await new Promise((resolve) => setTimeout(resolve, 250));
}
const indexed = (performance.now() - indexStart) / 1000;

const p95 = async (
  label: string,
  rounds: number,
  query: (i: number) => { search?: string; cursor?: string },
): Promise<[string, { p50: number; p95: number; max: number }]> => {
  const times: number[] = [];
  for (let i = 0; i < rounds; i++) {
    const start = performance.now();
    await reader.sessions({ limit: 50, ...query(i) });
    times.push(performance.now() - start);
  }
  times.sort((a, b) => a - b);
  const at = (q: number): number => Math.round(times[Math.min(times.length - 1, Math.floor(times.length * q))]! * 10) / 10;
  return [label, { p50: at(0.5), p95: at(0.95), max: at(1) }];
};
const latency = Object.fromEntries([
  await p95('first page', 40, () => ({})),
  await p95('filter: one common', 40, (i) => ({ search: `agent:agent-${i % 40}` })),
  await p95('filter: two', 40, (i) => ({ search: `model:gpt-5 finding:${entities[i % 5]}` })),
  await p95('filter: wildcard and not', 20, () => ({ search: 'model:claude* -tool:shell verdict:mask' })),
  await p95('search: rare word', 20, () => ({ search: 'hapaxlegomenon' })),
  await p95('search: common word', 40, (i) => ({ search: vocabulary[i * 3]! })),
  await p95('search: two words and a filter', 40, (i) => ({ search: `${vocabulary[i]} ${vocabulary[i * 5 + 2]} agent:agent-${i}` })),
]);
const exchangeStart = performance.now();
await reader.exchange(`ex_${Math.floor(count / 2)}`);
const exchangeMs = performance.now() - exchangeStart;
await reader.close();

const startup = performance.now();
const again = await open();
const startupMs = performance.now() - startup;
await again.close();
let verifySeconds: number | undefined;
if (args.verify) {
  const start = performance.now();
  const report = await verifyAside(directory, { secrets });
  if (!report.ok) throw new Error(JSON.stringify(report.problems[0]));
  verifySeconds = (performance.now() - start) / 1000;
}
const round = (n: number): number => Math.round(n * 10) / 10;
console.log(
  JSON.stringify(
    {
      cpu: cpus()[0]?.model,
      exchanges: count,
      ledgerMB: round(bytesIn('ledger') / 1e6),
      indexMB: round(statSync(join(directory, 'index.db')).size / 1e6),
      write: { seconds: round(written), exchangesPerSecond: Math.round(count / written) },
      index: { seconds: round(indexed), exchangesPerSecond: Math.round(count / indexed), MBPerSecond: round(rate / 1e6) },
      latencyMs: latency,
      showExchangeMs: round(exchangeMs),
      openLedgerMs: round(startupMs),
      rssMB: round(process.memoryUsage().rss / 1e6),
      ...(verifySeconds === undefined ? {} : { verifySeconds: round(verifySeconds) }),
    },
    null,
    2,
  ),
);
if (args.keep === undefined) rmSync(directory, { recursive: true, force: true });
