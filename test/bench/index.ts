/**
 * `npm run bench [-- --quick] [--json] [--only LOAD,…] [--candidates NAME,…] [--peers] [--peer name=command|url] [--rounds N]
 * [--seconds S] [--warm S] [--stages] [--soak SECONDS] [--no-wait] [--write [--merge] | --no-write]`: compares the gateway with floors and peers in one run and writes
 * docs/performance.md (a partial run does so with `--write`; of `--stages` and `--soak` it makes sections that later
 * runs keep). `--no-wait` does not wait for a quiet machine. With `--json` stdout has nothing but one JSON object.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { CANDIDATES, freePort, givenPeer, inspected, installPeers, ROOT, type Running, startUpstream, versions } from './candidates.js';
import { busy, machineFacts, pinSelf, quiet } from './machine.js';
import {
  type AbortRow,
  JSON_LOADS,
  type MemoryRow,
  measureAborts,
  measureJson,
  measureMemory,
  measureSlow,
  measureStreams,
  PIPE,
  type Plan,
  type Row,
  round,
  type SlowRow,
  STREAM_LOADS,
  type StreamRow,
} from './measure.js';
import { writeReport } from './report.js';
import { aboutTheRun, fromJson, merged, type Result, toJson, withSections } from './result.js';
import { soak } from './soak.js';
import { stages } from './stages.js';

const { values: o } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    only: { type: 'string' },
    candidates: { type: 'string' },
    peers: { type: 'boolean', default: false },
    peer: { type: 'string', multiple: true, default: [] },
    rounds: { type: 'string' },
    seconds: { type: 'string' },
    warm: { type: 'string' },
    stages: { type: 'boolean', default: false },
    soak: { type: 'string' },
    'no-write': { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
    merge: { type: 'boolean', default: false },
    'no-wait': { type: 'boolean', default: false },
  },
});
const note = (line: string): void => void process.stderr.write(`${line}\n`);
if (!existsSync(join(ROOT, 'out/proxy/cli.js'))) {
  note('There is no build. Run `npm run build` first.');
  process.exit(2);
}
if (o.peers) await installPeers().catch((error) => note(`peers are not installed: ${(error as Error).message.split('\n')[0]}`));
pinSelf();
const plan: Plan = {
  rounds: Number(o.rounds ?? (o.quick ? 1 : 5)),
  seconds: Number(o.seconds ?? (o.quick ? 0.4 : 2)),
  warmRequests: o.quick ? 2000 : 12_000,
  warmSeconds: Number(o.warm ?? (o.quick ? 1.4 : 20)),
  again: !o.quick,
  settleMs: o.quick ? 400 : 20_000,
  settleLooks: o.quick ? 1 : 24,
  quietTries: o.quick || o['no-wait'] ? 0 : 4,
  note: o.json ? () => {} : note,
  extra: new Set(),
};
const wants = (load: string): boolean => o.only === undefined || o.only.split(',').some((name) => load.includes(name));
const wantsCandidate = (name: string): boolean => o.candidates === undefined || o.candidates.split(',').includes(name);

const FILE = join(ROOT, 'docs/performance.json');
const earlier = existsSync(FILE) ? fromJson(readFileSync(FILE, 'utf8')) : undefined;
const write = (result: Result): void => {
  mkdirSync(join(ROOT, 'docs'), { recursive: true });
  writeFileSync(FILE, toJson(result));
  writeReport(result, join(ROOT, 'docs'));
  note('written: docs/performance.md, docs/performance.json, docs/performance-*.svg');
};

const upstream = await startUpstream();
if (o.stages || o.soak !== undefined) {
  const section: Pick<Result, 'stages' | 'soak'> = {};
  if (o.stages) {
    const rows = await stages((port) => inspected(upstream, port), freePort, wants, plan);
    section.stages = { at: new Date().toISOString(), rows };
  }
  if (o.soak !== undefined) {
    const running = [await CANDIDATES[PIPE]?.(upstream), await CANDIDATES.sallyport?.(upstream)].filter((r) => r !== undefined);
    section.soak = { at: new Date().toISOString(), rows: await soak(running, Number(o.soak), note) };
  }
  if (o.json) process.stdout.write(`${JSON.stringify(section, null, 1)}\n`);
  if (o.write && !earlier) note('not written: there is no docs/performance.json yet; a whole run makes it');
  if (o.write && earlier) write({ ...earlier, ...section });
  process.exit(0);
}

const running: Running[] = [];
const skipped: { candidate: string; why: string }[] = [];
const before = busy();
const began = performance.now();
const order = Object.keys(CANDIDATES);
await Promise.all(
  Object.entries(CANDIDATES).map(async ([name, make]) => {
    if (!wantsCandidate(name)) return;
    try {
      const made = await make(upstream);
      if (made) running.push(made);
      else
        skipped.push({
          candidate: name,
          why: name === 'nginx' ? 'not installed' : 'not installed; `npm run bench -- --peers` installs it',
        });
    } catch (error) {
      skipped.push({ candidate: name, why: (error as Error).message.slice(0, 300) });
    }
  }),
);
running.sort((a, b) => order.indexOf(a.name) - order.indexOf(b.name));
for (const spec of o.peer) {
  try {
    const made = await givenPeer(spec, upstream);
    plan.extra.add(made.name);
    running.push(made);
  } catch (error) {
    skipped.push({ candidate: spec.split('=')[0] || spec, why: (error as Error).message.slice(0, 300) });
  }
}
for (const { candidate, why } of skipped) note(`skipped: ${candidate} (${why})`);

/** Quick: all are compared on one load, the floor and ours on the others; the time goes into warming up, for cold code says nothing. */
const takingPart = (load: string): Running[] =>
  !o.quick || load === JSON_LOADS[0]?.name || o.candidates !== undefined
    ? running
    : running.filter((r) => [PIPE, 'sallyport'].includes(r.name) || plan.extra.has(r.name));
const rows: Row[] = [];
const streams: StreamRow[] = [];
const memory: MemoryRow[] = [];
const aborts: AbortRow[] = [];
const slow: SlowRow[] = [];
for (const load of JSON_LOADS) {
  if (!wants(load.name) || (o.quick && /c16$|c256$|conversation/.test(load.name) && o.only === undefined)) continue;
  rows.push(...(await measureJson(load, takingPart(load.name), plan)));
}
for (const load of STREAM_LOADS) {
  if (!wants(load.name) || (o.quick && /c256$|0ms\/c16$/.test(load.name) && !load.name.includes('10ms') && o.only === undefined)) continue;
  streams.push(
    ...(await measureStreams(load, takingPart(load.name), {
      ...plan,
      // Quick: one stream on each connection warms up as well as two.
      warmSeconds: o.quick ? 0.5 : plan.warmSeconds,
      seconds: Math.max(o.quick ? 0.5 : 1, plan.seconds),
      rounds: o.quick ? 1 : Math.min(3, plan.rounds),
    })),
  );
}
const some = [PIPE, 'express-hpm', 'portkey', 'llms', 'sallyport'];
if (wants('abort'))
  for (const r of takingPart('abort'))
    if (some.includes(r.name) || plan.extra.has(r.name)) aborts.push(await measureAborts(r, upstream, o.quick ? 1 : 5, plan));
if (wants('slow') && !o.quick)
  for (const r of running) if (some.includes(r.name) && r.name !== 'llms') slow.push(await measureSlow(r, plan));
await Promise.all(running.map((r) => r.stop()));

const start: Result['start'] = [];
if (wants('start')) {
  for (const name of [PIPE, 'sallyport'].filter(wantsCandidate)) {
    const times: number[] = [];
    const listens: number[] = [];
    for (let i = 0; i < (o.quick ? 1 : 5); i++) {
      await quiet(plan.quietTries);
      const made = await CANDIDATES[name]?.(upstream);
      if (!made) continue;
      times.push(made.startMs);
      listens.push(made.listenMs);
      await made.stop();
    }
    // The least is what the program needs; the rest is what the machine added.
    if (times.length > 0)
      start.push({ candidate: name, listeningMilliseconds: round(Math.min(...listens)), milliseconds: round(Math.min(...times)) });
    const list = (all: number[]): string => all.map((t) => round(t)).join(', ');
    plan.note(`start  ${name.padEnd(16)} ${list(listens)} ms to listening, ${list(times)} ms to the first answer`);
  }
}
if (wants('memory'))
  for (const name of [PIPE, ...(o.quick ? [] : ['portkey']), 'sallyport'].filter(wantsCandidate)) {
    const row = await measureMemory(() => CANDIDATES[name]?.(upstream), o.quick ? 400 : 10_000, plan).catch(() => undefined);
    if (row) memory.push(row);
  }
upstream.child.kill();

const after = busy();
const result: Result = {
  machine: {
    ...machineFacts(),
    foreignCores: round(Math.max(0, (after.all - before.all - (after.ours - before.ours)) / (performance.now() - began)), 2),
    seconds: round((performance.now() - began) / 1000),
    mode: o.quick ? 'quick' : 'full',
    at: new Date().toISOString(),
  },
  versions: versions(),
  rows,
  streams,
  memory,
  aborts,
  slow,
  start,
  skipped,
};
if (o.json) process.stdout.write(toJson(result));
for (const line of aboutTheRun(result)) plan.note(line);
if (o.write || (!o['no-write'] && !o.quick && o.only === undefined && o.candidates === undefined))
  write(earlier ? (o.merge ? merged(earlier, result) : withSections(result, earlier)) : result);
process.exit(0);
