/** What recording costs: CPU and time of an exchange's records at several concurrencies. `node --import tsx test/bench/ledger-append.ts` */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { openLedger } from '../../proxy/ledger/index.js';
import { exchangeRecords, memorySecrets, systemClock } from '../ledger/support.js';

const rounds = Number(process.argv[2] ?? 3000);
for (const [label, size] of [
  ['1 KB', 1000],
  ['50 KB', 50_000],
] as const) {
  for (const lanes of [1, 64]) {
    const directory = mkdtempSync(join(tmpdir(), 'sallyport-append-'));
    const ledger = await openLedger({ directory, secrets: memorySecrets(), clock: systemClock, segmentBytes: 64 << 20 });
    const groups = exchangeRecords({ text: 'x'.repeat(size), deltas: Array.from({ length: 10 }, () => `data: ${'y'.repeat(180)}\n\n`) });
    const waits: number[] = [];
    const run = async (lane: number, count: number): Promise<void> => {
      for (let i = 0; i < count; i++) {
        for (const records of groups) {
          const own = records.map((record) => ({ ...record, session: `s${lane}`, exchange: `e${lane}.${i}` }));
          const content = own[0]!.content;
          // New text each time, so that nothing is a reference.
          if (content?.name === 'request')
            own[0]!.content = { ...content, bytes: Buffer.concat([content.bytes, Buffer.from(`${lane}.${i}`)]) };
          const start = performance.now();
          await new Promise<void>((resolve, reject) => {
            ledger.append(own, own[0]!.kind === 'delta' || own[0]!.kind === 'forwarded' ? 'written' : 'synced', (error) =>
              error ? reject(error) : resolve(),
            );
          });
          waits.push(performance.now() - start);
        }
      }
    };
    await run(0, 200);
    waits.length = 0;
    const cpu = process.cpuUsage();
    const start = performance.now();
    const total = size > 10_000 ? rounds / 4 : rounds;
    await Promise.all(Array.from({ length: lanes }, (_, lane) => run(lane + 1, Math.ceil(total / lanes))));
    const used = process.cpuUsage(cpu);
    const exchanges = Math.ceil(total / lanes) * lanes;
    const perExchange = (used.user + used.system) / exchanges;
    waits.sort((a, b) => a - b);
    console.log(
      `${label}, ${lanes} at once: ${perExchange.toFixed(0)} µs CPU an exchange of ${groups.length} records (${(perExchange / groups.length).toFixed(1)} a record), ` +
        `${((performance.now() - start) / exchanges).toFixed(2)} ms wall each, append p50 ${waits[waits.length >> 1]!.toFixed(2)} ms`,
    );
    await ledger.close();
    rmSync(directory, { recursive: true, force: true });
  }
}
