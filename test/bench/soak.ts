import { conversation, plain, withHits } from './bodies.js';
import type { Running } from './candidates.js';
import { runJson, runStreams } from './load.js';
import { residentMegabytes } from './machine.js';
import { round } from './measure.js';

export interface SoakRow {
  seconds: number;
  megabytes: Record<string, number>;
  errors: number;
}

/** Mixed load at eight connections for a time, and the resident memory of each candidate every ten seconds. It must become flat. */
export async function soak(running: Running[], seconds: number, note: (line: string) => void): Promise<SoakRow[]> {
  const began = performance.now();
  const rows: SoakRow[] = [];
  let run = 0;
  while ((performance.now() - began) / 1000 < seconds) {
    let errors = 0;
    for (const r of running) {
      run++;
      const bodies = [plain('json-1024', 1024), plain('json-1024', 51200), withHits('echo', run), conversation('json-1024', `soak ${run}`)];
      errors += (await runJson(r.target, bodies, 8, 3)).errors;
      errors += (await runStreams(r.target, (lane) => withHits('sse-200-0', lane, true), 8, 1.5)).errors;
    }
    const megabytes = Object.fromEntries(running.map((r) => [r.name, round(residentMegabytes(r.pid))]));
    rows.push({ seconds: round((performance.now() - began) / 1000), megabytes, errors });
    note(`soak ${rows.at(-1)?.seconds} s: ${JSON.stringify(megabytes)} MB, ${errors} errors`);
  }
  for (const r of running) await r.stop();
  return rows;
}
