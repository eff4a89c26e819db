/** Where the time of one request goes, room by room: the gateway under node's CPU profiler, samples given to the innermost frame of ours. */
import { readdirSync, readFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Running } from './candidates.js';
import { runJson } from './load.js';
import { JSON_LOADS, type Plan, round } from './measure.js';

interface Profile {
  nodes: { id: number; callFrame: { functionName: string; url: string; lineNumber: number; columnNumber: number }; children?: number[] }[];
  samples: number[];
  timeDeltas: number[];
}

export interface StageRow {
  load: string;
  requests: number;
  /** Microseconds of the event loop's thread per request. */
  micros: Record<string, number>;
  functions: { name: string; micros: number }[];
}

export async function stages(
  make: () => Promise<Running>,
  directory: string,
  wants: (load: string) => boolean,
  plan: Plan,
): Promise<StageRow[]> {
  const out: StageRow[] = [];
  for (const load of JSON_LOADS) {
    if (!wants(load.name) || !/c64$/.test(load.name)) continue;
    const had = new Set(readdirOr(directory));
    const r = await make();
    const bodies = load.bodies((m) => m, load.concurrent);
    const options = load.session ? { session: 'stages' } : {};
    const sample = await runJson(r.target, bodies, load.concurrent, Math.max(6, plan.seconds), options);
    await r.stop();
    // The main thread's profile is the largest; workers write their own.
    const files = readdirOr(directory).filter((f) => !had.has(f));
    const profiles = files.map((f) => readFileSync(join(directory, f), 'utf8')).sort((a, b) => b.length - a.length);
    if (!profiles[0]) throw new Error('no profile was written');
    out.push({ load: load.name, requests: sample.requests, ...attribute(JSON.parse(profiles[0]) as Profile, sample.requests) });
    const row = out.at(-1) as StageRow;
    plan.note(`${load.name}: ${sample.requests} requests`);
    for (const [room, micros] of Object.entries(row.micros)) plan.note(`  ${room.padEnd(22)} ${micros} µs`);
    for (const f of row.functions) plan.note(`    ${String(f.micros).padStart(7)}  ${f.name}`);
  }
  return out;
}

const readdirOr = (directory: string): string[] => {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
};

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
