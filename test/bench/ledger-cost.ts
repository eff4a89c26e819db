/**
 * What recording costs a request, with and without, in one run: `npm run bench:ledger-cost`. One gateway in this process with the
 * simulated provider behind it; rounds take turns between the real ledger on a real disk and a null one that acknowledges everything
 * and keeps nothing. CPU is that of the whole process, client and provider included (they cost the same in both), so that the
 * difference is what recording takes: cipher, hashes, writes, syncs, and the index's thread. Arguments: rounds (8), and a size (1 or 48).
 */
import { Writer } from '../../proxy/ledger/writer.js';
import { openBench } from '../pipeline/support.js';

const rounds = Number(process.argv[2] ?? 8);
const AT_ONCE = 16;
const real = Writer.prototype.append;
const nothing: typeof real = (_records, _durability, done) => process.nextTick(done, undefined);
const median = (values: number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1]!;

const bench = await openBench();
let made = 0;
/** A request whose text is new, in a session of its own every tenth time. */
const request = async (size: number): Promise<void> => {
  const n = ++made;
  const text = `${n} ${'the quick brown fox jumps over the lazy dog. '.repeat(Math.ceil(size / 45))}`.slice(0, size);
  const body = { model: 'gpt-4o', messages: [{ role: 'user', content: `[[say ok]] ${text}` }] };
  const response = await bench.post('/openai/v1/chat/completions', body, { 'x-sallyport-session': `cost-${Math.floor(n / 10)}` });
  await response.text();
  if (!response.ok) throw new Error(`status ${response.status}`);
};
const round = async (size: number, count: number): Promise<number> => {
  const before = process.cpuUsage();
  let left = count;
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      while (left-- > 0) await request(size);
    }),
  );
  const used = process.cpuUsage(before);
  return (used.user + used.system) / count;
};
const rows: Record<string, object> = {};
for (const [name, size, count] of [
  ['1 KB', 1000, 400],
  ['48 KB', 48_000, 100],
] as const) {
  if (process.argv[3] !== undefined && !name.startsWith(process.argv[3])) continue;
  const taken: { with: number[]; without: number[] } = { with: [], without: [] };
  await round(size, count);
  for (let i = 0; i < rounds * 2; i++) {
    const recording = i % 2 === 0;
    Writer.prototype.append = recording ? real : nothing;
    (recording ? taken.with : taken.without).push(await round(size, count));
  }
  Writer.prototype.append = real;
  const [recorded, unrecorded] = [median(taken.with), median(taken.without)];
  rows[name] = {
    cpuMicrosWithRecording: Math.round(recorded),
    cpuMicrosWithoutRecording: Math.round(unrecorded),
    recordingMicros: Math.round(recorded - unrecorded),
    rounds,
    requestsARound: count,
  };
}
console.log(JSON.stringify({ concurrent: AT_ONCE, rows }, null, 2));
await bench.close();
process.exit(0);
