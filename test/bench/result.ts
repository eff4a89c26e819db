/** What a run of the bench says: its shape, how runs are put together, and where and with what it ran. */
import type { AbortRow, MemoryRow, Row, SlowRow, StreamRow } from './measure.js';
import type { SoakRow } from './soak.js';
import type { StageRow } from './stages.js';

export interface Result {
  machine: Record<string, string | number>;
  versions: Record<string, string>;
  rows: Row[];
  streams: StreamRow[];
  memory: MemoryRow[];
  aborts: AbortRow[];
  slow: SlowRow[];
  start: { candidate: string; listeningMilliseconds: number; milliseconds: number }[];
  skipped: { candidate: string; why: string }[];
  /** Runs of their own (`--stages`, `--soak`), so with the time at which they ended. */
  stages?: { at: string; rows: StageRow[] };
  soak?: { at: string; rows: SoakRow[] };
}

/** The text of a result, as in docs/performance.json. What was not measured is `null`. */
export const toJson = (result: Result): string => `${JSON.stringify(result, null, 1)}\n`;
/** The opposite of `toJson`. */
export const fromJson = (text: string): Result => JSON.parse(text, (_, value) => (value === null ? Number.NaN : value)) as Result;

/** A partial run on top of an earlier one: what it did not measure stays as the earlier run left it. */
export function merged(old: Result, fresh: Result): Result {
  const out = { ...withSections(fresh, old) };
  for (const key of ['rows', 'streams'] as const) {
    const loads = new Set<string>(fresh[key].map((r) => r.load));
    out[key] = [...old[key].filter((r) => !loads.has(r.load)), ...fresh[key]] as never;
  }
  for (const key of ['memory', 'aborts', 'slow', 'start'] as const) if (fresh[key].length === 0) out[key] = old[key] as never;
  return out;
}

/** A result with the stages and the soak of another, where it has none of its own: a whole run measures neither. */
export function withSections(result: Result, other: Pick<Result, 'stages' | 'soak'>): Result {
  const { stages = other.stages, soak = other.soak } = result;
  return { ...result, ...(stages ? { stages } : {}), ...(soak ? { soak } : {}) };
}

/** Where and with what a run was made, a line each. */
export function aboutTheRun({ machine: m, versions, skipped }: Pick<Result, 'machine' | 'versions' | 'skipped'>): string[] {
  return [
    `${m.at} · ${m.cpu}, ${m.cores} cores, ${m.memoryMegabytes} MB · ${m.platform} · ${m.pinning} · ${m.seconds} s · other programs used ${m.foreignCores} cores on average`,
    Object.entries(versions)
      .map(([name, version]) => `${name} ${version}`)
      .join(' · '),
    ...(skipped.length > 0 ? [`Not measured: ${skipped.map((s) => `${s.candidate} (${s.why})`).join('; ')}.`] : []),
  ];
}
