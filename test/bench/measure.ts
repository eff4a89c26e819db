/** Interleaved rounds over candidates that are all up at once: ratios come from the same minutes of the same machine. */
import { conversation, NONCE, plain, withHits } from './bodies.js';
import { workBeside } from './busy-beside.js';
import type { Running, Upstream } from './candidates.js';
import { type JsonSample, runAbort, runJson, runSlow, runStreams, type StreamSample } from './load.js';
import { cpuMicros, median, quiet, residentMegabytes, settled, withForeign } from './machine.js';

export const PIPE = 'node-http-pipe';

export interface Row {
  load: string;
  candidate: string;
  cpuMicrosPerRequest: number;
  ratioToPipe: number;
  p50Micros: number;
  p95Micros: number;
  p99Micros: number;
  requestsPerSecond: number;
  errors: number;
  foreignCores: number;
}
export interface StreamRow {
  load: string;
  candidate: string;
  cpuMicrosPerChunk: number;
  ratioToPipe: number;
  timeToFirstMicros: number;
  timeToFirstP99Micros: number;
  transitP50Micros: number;
  transitP99Micros: number;
  errors: number;
  foreignCores: number;
}
export interface MemoryRow {
  candidate: string;
  requests: number;
  idleMegabytes: number;
  afterMegabytes: number;
  peakMegabytes: number;
}

export interface JsonLoad {
  name: string;
  concurrent: number;
  candidates: string[] | 'all';
  bodies(model: (m: string) => string, lanes: number): string[];
  session?: boolean;
  /** Requests before anything is counted. */
  warm?: number;
}
export interface StreamLoad {
  name: string;
  concurrent: number;
  chunks: number;
  candidates: string[] | 'all';
  body(model: (m: string) => string, lane: number): string;
  session?: boolean;
  /** Other work goes on beside it: see busy-beside.ts. */
  beside?: boolean;
}

const OURS = [PIPE, 'sallyport'];
const one = (body: (model: (m: string) => string) => string) => (model: (m: string) => string) => [body(model)];

export const JSON_LOADS: JsonLoad[] = [
  { name: '1k-independent/c64', concurrent: 64, candidates: 'all', bodies: one((m) => plain(m('json-1024'), 1024)) },
  {
    name: '1k-session/c64',
    concurrent: 64,
    candidates: [PIPE, 'sallyport', 'sallyport-jwt', 'sallyport-names'],
    bodies: one((m) => plain(m('json-1024'), 1024)),
    session: true,
  },
  {
    name: '1k-hits/c64',
    concurrent: 64,
    candidates: OURS,
    bodies: (m) => Array.from({ length: 64 }, (_, i) => withHits(m('echo'), i)),
    session: true,
  },
  {
    name: '48k-later-turns/c64',
    concurrent: 64,
    candidates: [PIPE, 'nginx', 'portkey', 'llms', 'sallyport', 'sallyport-names'],
    bodies: (m, lanes) => Array.from({ length: lanes }, (_, i) => conversation(m('json-1024'), `run ${i}`)),
    // Agents name their session; a request whose last message alone differs would else be a new conversation.
    session: true,
  },
  {
    name: '50k-first-sight/c64',
    concurrent: 64,
    candidates: [PIPE, 'nginx', 'portkey', 'llms', 'sallyport', 'sallyport-names'],
    bodies: one((m) => plain(m('json-1024'), 51200)),
    warm: 600,
  },
  {
    // An agent that comes with its whole history, as after a restart: each of the 64 messages and 12 tools is new.
    name: '50k-conversation-first-sight/c64',
    concurrent: 64,
    candidates: OURS,
    bodies: one((m) => conversation(m('json-1024'), NONCE)),
    warm: 600,
  },
  {
    name: '1k-session/c1',
    concurrent: 1,
    candidates: ['direct', 'nginx', PIPE, 'undici-dispatch', 'express-hpm', 'portkey', 'llms', 'sallyport'],
    bodies: one((m) => plain(m('json-1024'), 1024)),
    session: true,
    warm: 400,
  },
  { name: '1k-session/c16', concurrent: 16, candidates: OURS, bodies: one((m) => plain(m('json-1024'), 1024)), session: true },
  { name: '1k-session/c256', concurrent: 256, candidates: OURS, bodies: one((m) => plain(m('json-1024'), 1024)), session: true },
];

export const STREAM_LOADS: StreamLoad[] = [
  {
    name: 'sse-10ms/c64',
    concurrent: 64,
    chunks: 100,
    candidates: [PIPE, 'nginx', 'undici-dispatch', 'portkey', 'llms', 'sallyport'],
    body: (m, i) => withHits(m('sse-100-10'), i, true),
  },
  { name: 'sse-0ms/c16', concurrent: 16, chunks: 200, candidates: OURS, body: (m, i) => withHits(m('sse-200-0'), i, true) },
  { name: 'tool-calls-10ms/c64', concurrent: 64, chunks: 100, candidates: OURS, body: (m) => plain(m('tool-100-10'), 1024, true) },
  {
    // Short, so that there are enough of them for a p99 of the first token.
    name: 'sse-10ms/c1',
    concurrent: 1,
    chunks: 3,
    candidates: ['direct', PIPE, 'portkey', 'sallyport'],
    body: (m) => plain(m('sse-3-10'), 1024, true),
    session: true,
  },
  {
    // Each begins a session, with values that are masked and kept before anything is sent.
    name: 'sse-10ms-new-values/c1',
    concurrent: 1,
    chunks: 3,
    candidates: OURS,
    body: (m, i) => withHits(m('sse-3-10'), i, true),
  },
  { name: 'sse-20ms/c256', concurrent: 256, chunks: 50, candidates: OURS, body: (m, i) => withHits(m('sse-50-20'), i, true) },
  {
    name: 'sse-20ms-busy/c256',
    concurrent: 256,
    chunks: 50,
    candidates: OURS,
    body: (m, i) => withHits(m('sse-50-20'), i, true),
    beside: true,
  },
];

/** Seconds. */
const MOST_WARM_STREAMING = 4;
/** Before a load is measured the indexes of all gateways catch up with what came before: so many times `settleMs` at most. */
const CATCH_UP = 6;
/**
 * Seconds of load right before each sample. V8 gives up optimised code while a process rests: after 40 s a request of 48 KB cost two to
 * three times as much, for a second or so.
 */
const AGAIN = 1;
/** Seconds of a sample beside other work. */
const BESIDE = 4;

const same = (m: string): string => m;

function shuffled<T>(list: T[]): T[] {
  const out = [...list];
  for (let i = out.length - 1; i > 0; i--) {
    const j = Math.floor(Math.random() * (i + 1));
    [out[i], out[j]] = [out[j] as T, out[i] as T];
  }
  return out;
}

const pick = (running: Running[], names: string[] | 'all', extra: Set<string>): Running[] =>
  running.filter((r) => names === 'all' || names.includes(r.name) || extra.has(r.name));

export interface Plan {
  rounds: number;
  seconds: number;
  /** Requests before a candidate counts as warm, and the most seconds that this may take. */
  warmRequests: number;
  warmSeconds: number;
  /** Is each warmed up once more, right before its sample? */
  again: boolean;
  quietTries: number;
  /** How long a sample waits for work that earlier ones left behind, milliseconds. */
  settleMs: number;
  /** Looks at the processes, between warming up and the first sample, that must find them at rest. */
  settleLooks: number;
  note(line: string): void;
  /** Peers given from outside run on every load. */
  extra: Set<string>;
}

type Sampled<S> = Map<Running, (S & { cpu: number; foreign: number })[]>;

/** Warms up those that take part, and then loads them in turns, in another order each round. `beside`: other work goes on meanwhile. */
async function sampled<S>(
  taking: Running[],
  running: Running[],
  plan: Plan,
  warm: (r: Running) => Promise<S>,
  go: (r: Running, seconds: number) => Promise<S>,
  beside = false,
): Promise<Sampled<S>> {
  const pids = running.map(({ pid }) => pid);
  for (const r of taking) await warm(r);
  await settled(pids, CATCH_UP * plan.settleMs, plan.settleLooks);
  const samples: Sampled<S> = new Map(taking.map((r) => [r, []]));
  for (let round = 0; round < plan.rounds; round++)
    for (const r of shuffled(taking)) {
      await quiet(plan.quietTries);
      if (plan.again) await go(r, AGAIN);
      await settled(pids, plan.settleMs);
      const stop = beside ? workBeside(r) : undefined;
      const before = r.pid ? cpuMicros(r.pid) : Number.NaN;
      const { value, foreign } = await withForeign(() => go(r, beside ? BESIDE : plan.seconds));
      samples.get(r)?.push({ ...value, cpu: (r.pid ? cpuMicros(r.pid) : Number.NaN) - before, foreign });
      await stop?.();
    }
  return samples;
}

export async function measureJson(load: JsonLoad, running: Running[], plan: Plan): Promise<Row[]> {
  const taking = pick(running, load.candidates, plan.extra);
  const bodies = new Map(taking.map((r) => [r, load.bodies(r.model ?? same, load.concurrent)]));
  const go = (r: Running, seconds: number, most?: number): Promise<JsonSample> =>
    runJson(r.target, bodies.get(r) as string[], load.concurrent, seconds, {
      ...(most === undefined ? {} : { most }),
      ...(load.session ? { session: `bench-${load.name.replace(/\W/g, '-')}` } : {}),
    });
  const warm = (r: Running) => go(r, plan.warmSeconds, Math.min(load.warm ?? plan.warmRequests, plan.warmRequests));
  const samples = await sampled(taking, running, plan, warm, go);
  const rows = taking.map((r): Row => {
    const list = samples.get(r) ?? [];
    const of = (f: (s: (typeof list)[number]) => number): number => median(list.map(f));
    return {
      load: load.name,
      candidate: r.name,
      cpuMicrosPerRequest: round(
        of((s) => s.cpu / s.requests),
        1,
      ),
      ratioToPipe: Number.NaN,
      p50Micros: round(of((s) => s.p50)),
      p95Micros: round(of((s) => s.p95)),
      p99Micros: round(of((s) => s.p99)),
      requestsPerSecond: round(of((s) => s.requests / s.seconds)),
      errors: list.reduce((sum, s) => sum + s.errors, 0),
      foreignCores: round(
        of((s) => s.foreign),
        2,
      ),
    };
  });
  const pipe = rows.find((r) => r.candidate === PIPE);
  for (const row of rows) {
    row.ratioToPipe = round(row.cpuMicrosPerRequest / (pipe?.cpuMicrosPerRequest ?? Number.NaN), 2);
    plan.note(
      `${row.load.padEnd(22)} ${row.candidate.padEnd(16)} ${String(row.cpuMicrosPerRequest).padStart(8)} µs cpu ${String(row.ratioToPipe).padStart(6)}x  p50 ${row.p50Micros}  p99 ${row.p99Micros} µs  ${row.requestsPerSecond}/s  ${row.errors} errors  foreign ${row.foreignCores}`,
    );
  }
  return rows;
}

export async function measureStreams(load: StreamLoad, running: Running[], plan: Plan): Promise<StreamRow[]> {
  const taking = pick(running, load.candidates, plan.extra);
  const go = (r: Running, seconds: number): Promise<StreamSample> =>
    runStreams(
      r.target,
      (lane) => load.body(r.model ?? same, lane),
      load.concurrent,
      seconds,
      load.session ? `bench-${load.name.replace(/\W/g, '-')}` : undefined,
    );
  const warm = (r: Running) => go(r, Math.min(MOST_WARM_STREAMING, plan.warmSeconds));
  const samples = await sampled(taking, running, plan, warm, go, load.beside);
  const rows = taking.map((r): StreamRow => {
    const list = samples.get(r) ?? [];
    const of = (f: (s: (typeof list)[number]) => number): number => median(list.map(f));
    return {
      load: load.name,
      candidate: r.name,
      // What the provider sent counts, not how it was cut on the way.
      cpuMicrosPerChunk: round(
        of((s) => s.cpu / (s.streams * load.chunks)),
        2,
      ),
      ratioToPipe: Number.NaN,
      timeToFirstMicros: round(of((s) => s.first50)),
      timeToFirstP99Micros: round(of((s) => s.first99)),
      transitP50Micros: round(of((s) => s.transit50)),
      transitP99Micros: round(of((s) => s.transit99)),
      errors: list.reduce((sum, s) => sum + s.errors, 0),
      foreignCores: round(
        of((s) => s.foreign),
        2,
      ),
    };
  });
  const pipe = rows.find((r) => r.candidate === PIPE);
  for (const row of rows) {
    row.ratioToPipe = round(row.cpuMicrosPerChunk / (pipe?.cpuMicrosPerChunk ?? Number.NaN), 2);
    plan.note(
      `${row.load.padEnd(22)} ${row.candidate.padEnd(16)} ${String(row.cpuMicrosPerChunk).padStart(8)} µs/chunk ${String(row.ratioToPipe).padStart(6)}x  first ${row.timeToFirstMicros} (p99 ${row.timeToFirstP99Micros})  transit ${row.transitP50Micros} (p99 ${row.transitP99Micros}) µs  ${row.errors} errors  foreign ${row.foreignCores}`,
    );
  }
  return rows;
}

/** A fresh process each: at rest, then after `requests` of 50 KB at 16 connections and five seconds of rest. */
export async function measureMemory(
  make: () => Promise<Running> | undefined,
  requests: number,
  plan: Plan,
): Promise<MemoryRow | undefined> {
  const r = await make();
  if (!r) return undefined;
  await new Promise((resolve) => setTimeout(resolve, 1000));
  const idle = residentMegabytes(r.pid);
  const sample = await runJson(r.target, [plain((r.model ?? same)('json-51200'), 51200)], 16, 60, { most: requests });
  await new Promise((resolve) => setTimeout(resolve, Math.min(5000, requests)));
  const row = {
    candidate: r.name,
    requests: sample.requests,
    idleMegabytes: round(idle),
    afterMegabytes: round(residentMegabytes(r.pid)),
    peakMegabytes: round(residentMegabytes(r.pid, 'peak')),
  };
  await r.stop();
  plan.note(
    `memory ${row.candidate.padEnd(16)} idle ${row.idleMegabytes}  after ${row.requests} of 50 KB ${row.afterMegabytes}  peak ${row.peakMegabytes} MB  ${sample.errors} errors`,
  );
  return row;
}

export interface AbortRow {
  candidate: string;
  /** Milliseconds from the client's leaving to the provider's seeing it; null: not within two seconds. */
  midStreamMs: number | null;
  beforeHeadersMs: number | null;
}

export async function measureAborts(r: Running, upstream: Upstream, times: number, plan: Plan): Promise<AbortRow> {
  const model = r.model ?? same;
  const of = async (body: string): Promise<number | null> => {
    const all: (number | undefined)[] = [];
    for (let i = 0; i < times; i++) all.push(await runAbort(r.target, body, 300, upstream.stats));
    return all.some((ms) => ms === undefined) ? null : round(Math.max(...(all as number[])), 1);
  };
  const row = {
    candidate: r.name,
    midStreamMs: await of(plain(model('sse-100-10'), 1024, true)),
    beforeHeadersMs: await of(plain(model('hang-3000'), 1024)),
  };
  plan.note(
    `abort  ${row.candidate.padEnd(16)} mid-stream ${row.midStreamMs ?? 'never'} ms, before headers ${row.beforeHeadersMs ?? 'never'} ms (worst of ${times})`,
  );
  return row;
}

export interface SlowRow {
  candidate: string;
  idleMegabytes: number;
  peakMegabytes: number;
  whole: boolean;
  seconds: number;
}

export async function measureSlow(r: Running, plan: Plan): Promise<SlowRow> {
  const idle = residentMegabytes(r.pid);
  let peak = idle;
  const timer = setInterval(() => {
    peak = Math.max(peak, residentMegabytes(r.pid));
  }, 25);
  const { whole, seconds } = await runSlow(r.target, plain((r.model ?? same)('blob-100'), 1024, true));
  clearInterval(timer);
  const row = { candidate: r.name, idleMegabytes: round(idle), peakMegabytes: round(peak), whole, seconds: round(seconds, 1) };
  plan.note(
    `slow   ${row.candidate.padEnd(16)} idle ${row.idleMegabytes} peak ${row.peakMegabytes} MB, ${row.whole ? 'whole' : 'NOT WHOLE'} after ${row.seconds} s`,
  );
  return row;
}

export function round(value: number, digits = 0): number {
  return Number.isFinite(value) ? Number(value.toFixed(digits)) : Number.NaN;
}
