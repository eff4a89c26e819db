/**
 * Measures the time machine beside traffic: records exchanges through the real gateway, runs a draft over all of them (reading the
 * ledger included), and compares the latency of live requests with and without it. `node --import tsx test/policy/backtest-live.ts
 * [exchanges] [seconds]` prints one JSON object; the requests come from a process of their own.
 */
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { type Bench, openBench } from '../pipeline/support.js';

const DRAFT = `version: 1
rules:
  - { id: projects, match: { words: [nightfall, salary table] }, then: block }
  - { id: numbers, match: { pattern: 'PRJ-\\d{4}\\b' }, then: block }
  - { id: answers, match: { direction: response, words: [weather] }, then: block }
`;
const FILLER = 'The quick brown fox looks at the long report of the second quarter and finds that all of it is in order. '.repeat(8);
const TURNS = 10;

/** Sessions of ten growing turns each; one exchange in fifty has what the draft looks for. */
export async function fill(b: Bench, exchanges: number, from = 0): Promise<void> {
  const sessions = Math.ceil(exchanges / TURNS);
  let next = 0;
  const worker = async () => {
    for (;;) {
      const s = next++;
      if (s >= sessions) return;
      const messages: { role: string; content: string }[] = [{ role: 'system', content: `You help team ${s % 10}. ${FILLER}` }];
      for (let turn = 0; turn < TURNS && s * TURNS + turn < exchanges; turn++) {
        const n = s * TURNS + turn;
        messages.push({
          role: 'user',
          content: `Question ${from + n} of max.m${n % 9}@brightwater-ag.ch${n % 50 === 7 ? ' on nightfall' : ''}: ${FILLER}`,
        });
        const answer = await b.post(
          '/openai/v1/chat/completions',
          { model: 'gpt-4o', messages },
          { 'x-sallyport-session': `fill-${from}-${s}` },
        );
        const { choices } = (await answer.json()) as { choices?: { message: { content: string } }[] };
        messages.push({ role: 'assistant', content: choices?.[0]?.message.content ?? 'refused' });
      }
    }
  };
  await Promise.all(Array.from({ length: 8 }, worker));
}

async function main(): Promise<void> {
  const exchanges = Number(process.argv[2] ?? 10_000);
  const seconds = Number(process.argv[3] ?? 10);
  const b = await openBench();
  const begun = performance.now();
  await fill(b, exchanges);
  const recorded = (performance.now() - begun) / 1000;
  const cpu = () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1e6;
  };
  const load = (): Promise<{ p50: number; p99: number; requests: number }> =>
    new Promise((resolve, reject) => {
      const child = fork(fileURLToPath(import.meta.url), ['load', b.url('/openai/v1/chat/completions'), b.key, String(seconds)], {
        execArgv: ['--import', 'tsx'],
      });
      child.once('message', (m) => resolve(m as never));
      child.once('error', reject);
    });
  const { policies } = b.gateway.services;
  const run = (signal = new AbortController().signal) => policies.backtest({ source: DRAFT }, { onProgress() {}, signal });
  await policies.backtest({ source: DRAFT, limit: 10 }, { onProgress() {}, signal: new AbortController().signal }); // the index is up to date
  const cpuBefore = cpu();
  const alone = await run();
  const cpuSeconds = cpu() - cpuBefore;
  await load();
  const quiet = await load();
  const stop = new AbortController();
  const again = (async () => {
    let runs = 0;
    while (!stop.signal.aborted) {
      await run(stop.signal).catch(() => {});
      runs++;
    }
    return runs;
  })();
  const beside = await load();
  stop.abort();
  const runs = await again;
  console.log(
    JSON.stringify({
      exchanges: alone.exchanges,
      changes: alone.changes.length,
      recordedSeconds: recorded,
      backtest: { seconds: alone.seconds, cpuSeconds },
      quiet,
      beside,
      runsBeside: runs,
      ratio: { p50: beside.p50 / quiet.p50, p99: beside.p99 / quiet.p99 },
    }),
  );
  await b.close();
}

/** One request after the other, with a short pause, as an agent would. */
async function load(url: string, key: string, seconds: number): Promise<void> {
  const times: number[] = [];
  const until = performance.now() + seconds * 1000;
  for (let n = 0; performance.now() < until; n++) {
    const begun = performance.now();
    const answer = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${key}`, 'x-sallyport-session': `live-${n % 50}` },
      body: JSON.stringify({ model: 'gpt-4o', messages: [{ role: 'user', content: `Live ${n}: ${FILLER}` }] }),
    });
    await answer.arrayBuffer();
    times.push(performance.now() - begun);
    await new Promise((r) => setTimeout(r, 10));
  }
  times.sort((x, y) => x - y);
  const at = (share: number) => Math.round((times[Math.floor(times.length * share)] ?? 0) * 100) / 100;
  process.send!({ p50: at(0.5), p99: at(0.99), requests: times.length }, () => process.exit(0));
}

if (process.argv[2] === 'load') await load(process.argv[3]!, process.argv[4]!, Number(process.argv[5]));
else if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
