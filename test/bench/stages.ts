/** Where the time of one request goes, room by room: the warm gateway under V8's CPU profiler, samples given to the innermost frame of ours. */
import { readFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { fileURLToPath } from 'node:url';
import { WebSocket } from 'undici';
import type { Running } from './candidates.js';
import { runJson, runStreams } from './load.js';
import { threadMicros } from './machine.js';
import { JSON_LOADS, type Plan, round, STREAM_LOADS } from './measure.js';

interface Profile {
  nodes: { id: number; callFrame: { functionName: string; url: string; lineNumber: number; columnNumber: number }; children?: number[] }[];
  samples: number[];
  timeDeltas: number[];
}

export interface StageRow {
  load: string;
  unit: string;
  /** How many requests, or chunks of streams. */
  count: number;
  /** CPU microseconds per unit of each thread: the event loop is `node`, `node-n` the others of that name. */
  threads: Record<string, number>;
  /** Microseconds of the event loop's thread per unit. */
  micros: Record<string, number>;
  functions: { name: string; micros: number }[];
}

export async function stages(
  make: (inspect: number) => Promise<Running>,
  freePort: () => Promise<number>,
  wants: (load: string) => boolean,
  plan: Plan,
): Promise<StageRow[]> {
  const out: StageRow[] = [];
  const one = async (name: string, unit: string, run: (r: Running, seconds: number) => Promise<number>): Promise<void> => {
    const port = await freePort();
    const r = await make(port);
    // Code that is still being compiled says nothing about the code.
    await run(r, plan.warmSeconds);
    const inspector = await inspect(port);
    const threads = threadMicros(r.pid);
    const count = await run(r, Math.max(6, plan.seconds));
    const byThread = threadMicros(r.pid);
    const profile = await inspector.stop();
    await r.stop();
    const cpu: Record<string, number> = {};
    for (const [thread, micros] of byThread) cpu[thread] = round((micros - (threads.get(thread) ?? 0)) / count, 1);
    const row: StageRow = { load: name, unit, count, threads: cpu, ...attribute(profile, count) };
    out.push(row);
    plan.note(`${name}: ${count} ${unit}s`);
    for (const [thread, micros] of Object.entries(cpu)) if (micros >= 0.5) plan.note(`  thread ${thread.padEnd(15)} ${micros} µs`);
    for (const [room, micros] of Object.entries(row.micros)) plan.note(`  ${room.padEnd(22)} ${micros} µs`);
    for (const f of row.functions) plan.note(`    ${String(f.micros).padStart(7)}  ${f.name}`);
  };
  for (const load of JSON_LOADS) {
    if (!wants(load.name) || !/c64$/.test(load.name)) continue;
    const bodies = load.bodies((m) => m, load.concurrent);
    const options = load.session ? { session: 'stages' } : {};
    await one(load.name, 'request', async (r, seconds) => (await runJson(r.target, bodies, load.concurrent, seconds, options)).requests);
  }
  for (const load of STREAM_LOADS) {
    if (!wants(load.name) || !/c64$/.test(load.name)) continue;
    await one(
      load.name,
      'chunk',
      async (r, seconds) => (await runStreams(r.target, (lane) => load.body((m) => m, lane), load.concurrent, seconds)).chunks,
    );
  }
  return out;
}

/** Profiles a process over its inspector until `stop`. */
async function inspect(port: number): Promise<{ stop(): Promise<Profile> }> {
  const [{ webSocketDebuggerUrl }] = (await (await fetch(`http://127.0.0.1:${port}/json/list`)).json()) as [
    { webSocketDebuggerUrl: string },
  ];
  const socket = new WebSocket(webSocketDebuggerUrl);
  const waiting = new Map<number, (result: { profile?: Profile }) => void>();
  socket.addEventListener('message', ({ data }) => {
    const { id, result } = JSON.parse(String(data)) as { id?: number; result: { profile?: Profile } };
    if (id !== undefined) waiting.get(id)?.(result);
  });
  await new Promise((resolve, reject) => {
    socket.addEventListener('open', resolve);
    socket.addEventListener('error', reject);
  });
  let next = 0;
  const call = (method: string, params = {}): Promise<{ profile?: Profile }> =>
    new Promise((resolve) => {
      waiting.set(++next, resolve);
      socket.send(JSON.stringify({ id: next, method, params }));
    });
  await call('Profiler.enable');
  await call('Profiler.setSamplingInterval', { interval: 500 });
  await call('Profiler.start');
  return {
    stop: async () => {
      const { profile } = await call('Profiler.stop');
      socket.close();
      return profile as Profile;
    },
  };
}

/** The build is a bundle: frames are led back to the files that they come from. */
function unbundle(profile: Profile): void {
  const maps = new Map<string, SourceMap | undefined>();
  for (const { callFrame } of profile.nodes) {
    if (!callFrame.url.startsWith('file:')) continue;
    const file = fileURLToPath(callFrame.url);
    if (!maps.has(file)) {
      try {
        maps.set(file, new SourceMap(JSON.parse(readFileSync(`${file}.map`, 'utf8'))));
      } catch {
        maps.set(file, undefined);
      }
    }
    const origin = maps.get(file)?.findEntry(callFrame.lineNumber, callFrame.columnNumber);
    if (origin && 'originalSource' in origin && origin.originalSource) {
      callFrame.url = new URL(origin.originalSource, callFrame.url).href;
      callFrame.lineNumber = origin.originalLine;
    }
  }
}

function attribute(profile: Profile, requests: number): Pick<StageRow, 'micros' | 'functions'> {
  unbundle(profile);
  const byId = new Map(profile.nodes.map((n) => [n.id, n]));
  const parent = new Map<number, number>();
  for (const n of profile.nodes) for (const child of n.children ?? []) parent.set(child, n.id);
  const roomOf = (id: number): string => {
    const own = byId.get(id)?.callFrame;
    if (own && /^\((idle|garbage collector|program)\)$/.test(own.functionName)) return own.functionName;
    for (let at: number | undefined = id; at !== undefined; at = parent.get(at)) {
      const url = byId.get(at)?.callFrame.url ?? '';
      const room = /\/proxy\/([a-z]+)\//.exec(url)?.[1];
      if (room && room !== 'chunks') return room;
      if (/node_modules\/undici/.test(url)) return 'undici';
    }
    return 'node';
  };
  const ownerOf = (id: number): string | undefined => {
    for (let at: number | undefined = id; at !== undefined; at = parent.get(at)) {
      const frame = byId.get(at)?.callFrame;
      if (frame && /\/proxy\//.test(frame.url))
        return `${frame.functionName || '(anonymous)'} ${frame.url.split('/').slice(-3).join('/')}:${frame.lineNumber}`;
    }
    return undefined;
  };
  const rooms = new Map<string, number>();
  const functions = new Map<string, number>();
  const memo = new Map<number, string>();
  profile.samples.forEach((id, i) => {
    const took = profile.timeDeltas[i] ?? 0;
    let room = memo.get(id);
    if (room === undefined) memo.set(id, (room = roomOf(id)));
    rooms.set(room, (rooms.get(room) ?? 0) + took);
    const { functionName, url, lineNumber } = (byId.get(id) as Profile['nodes'][number]).callFrame;
    // Time in node's own functions belongs to whoever of ours called them.
    const name = ownerOf(id) ?? `${functionName || '(anonymous)'} ${url.split('/').slice(-3).join('/')}:${lineNumber}`;
    functions.set(name, (functions.get(name) ?? 0) + took);
  });
  const sorted = (map: Map<string, number>) => [...map].sort((a, b) => b[1] - a[1]);
  return {
    micros: Object.fromEntries(sorted(rooms).map(([room, us]) => [room, round(us / requests, 1)])),
    functions: sorted(functions)
      .slice(0, 60)
      .map(([name, us]) => ({ name, micros: round(us / requests, 1) })),
  };
}
