/** What the machine does while we measure: pinning, CPU time, memory, and what others take of it. Figures are read from /proc. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';

const linux = process.platform === 'linux';
const cores = cpus().length;
const taskset = linux && cores > 1 && ['/usr/bin/taskset', '/bin/taskset'].some((path) => existsSync(path));
/** Servers under test run on the last core, load and upstream on the first. */
export const pinned = taskset;
const SERVER_CORE = String(cores - 1);

const children = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of children) child.kill('SIGKILL');
});
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(130));

/** Puts this process (the load) on the first core. */
export function pinSelf(): void {
  if (taskset) execFileSync('taskset', ['-apc', '0', String(process.pid)], { stdio: 'ignore' });
}

/** Starts a program on the servers' core, or on the load's. What it prints to stderr is kept for a failure. */
export function start(
  argv: string[],
  env: Record<string, string>,
  where: 'server' | 'load',
): ChildProcess & { said(): string; pid: number } {
  const [command, ...args] = taskset ? ['taskset', '-c', where === 'server' ? SERVER_CORE : '0', ...argv] : argv;
  const child = spawn(command as string, args, {
    env: { PATH: process.env.PATH ?? '', LANG: 'C.UTF-8', ...(process.env.TMPDIR ? { TMPDIR: process.env.TMPDIR } : {}), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => {
      said = (said + chunk).slice(-4000);
    });
  children.add(child);
  child.once('exit', () => children.delete(child));
  return Object.assign(child as ChildProcess & { pid: number }, { said: () => said });
}

/** The process and all below it. */
function family(pid: number): number[] {
  const out = [pid];
  for (let i = 0; i < out.length; i++) {
    try {
      for (const task of readdirSync(`/proc/${out[i]}/task`))
        out.push(...readFileSync(`/proc/${out[i]}/task/${task}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number));
    } catch {
      // gone meanwhile
    }
  }
  return out;
}

/** CPU time of a process and its children, all threads, in microseconds. */
export function cpuMicros(pid: number): number {
  let ns = 0;
  for (const each of family(pid)) {
    try {
      for (const task of readdirSync(`/proc/${each}/task`))
        ns += Number(readFileSync(`/proc/${each}/task/${task}/schedstat`, 'utf8').split(' ')[0]);
    } catch {
      // gone meanwhile
    }
  }
  return ns / 1000;
}

/** CPU time of each thread of a process, microseconds, by its name and place. */
export function threadMicros(pid: number): Map<string, number> {
  const out = new Map<string, number>();
  readdirSync(`/proc/${pid}/task`).forEach((task, i) => {
    const name = readFileSync(`/proc/${pid}/task/${task}/comm`, 'utf8').trim();
    out.set(i === 0 ? name : `${name}-${i}`, Number(readFileSync(`/proc/${pid}/task/${task}/schedstat`, 'utf8').split(' ')[0]) / 1000);
  });
  return out;
}

/** Resident memory of a process and its children, megabytes; `peak` since its start. */
export function residentMegabytes(pid: number, what: 'now' | 'peak' = 'now'): number {
  let kilobytes = 0;
  for (const each of family(pid)) {
    try {
      const status = readFileSync(`/proc/${each}/status`, 'utf8');
      kilobytes += Number((what === 'now' ? /VmRSS:\s+(\d+)/ : /VmHWM:\s+(\d+)/).exec(status)?.[1] ?? 0);
    } catch {
      // gone meanwhile
    }
  }
  return kilobytes / 1024;
}

/** Busy time of the whole machine and of what we started, milliseconds. Their difference is foreign load. */
export function busy(): { all: number; ours: number } {
  if (!linux) return { all: 0, ours: 0 };
  const f = (readFileSync('/proc/stat', 'utf8').split('\n')[0] as string).trim().split(/\s+/).slice(1).map(Number);
  const all = ((f[0] ?? 0) + (f[1] ?? 0) + (f[2] ?? 0) + (f[5] ?? 0) + (f[6] ?? 0)) * 10;
  const own = readFileSync('/proc/self/stat', 'utf8')
    .replace(/^.*\) /, '')
    .split(' ')
    .map(Number);
  return { all, ours: ((own[13] ?? 0) + (own[14] ?? 0)) * 10 + cpuMicros(process.pid) / 1000 };
}

/** Runs something and says how many cores others used meanwhile. */
export async function withForeign<T>(run: () => Promise<T>): Promise<{ value: T; foreign: number }> {
  const before = busy();
  const began = performance.now();
  const value = await run();
  const after = busy();
  return { value, foreign: Math.max(0, (after.all - before.all - (after.ours - before.ours)) / (performance.now() - began)) };
}

/**
 * Waits until none of these processes works any more, at `looks` looks in a row, 150 ms apart; at most so many milliseconds. A gateway's
 * index that is behind rests for up to 3 s after the traffic: only 24 looks see that it has caught up.
 */
export async function settled(pids: readonly number[], mostMs = 20_000, looks = 1): Promise<void> {
  const spent = (): number => pids.reduce((sum, pid) => sum + (pid ? cpuMicros(pid) : 0), 0);
  let calm = 0;
  for (const until = performance.now() + mostMs; performance.now() < until && calm < looks; ) {
    const before = spent();
    await new Promise((resolve) => setTimeout(resolve, 150));
    calm = spent() - before < 6_000 ? calm + 1 : 0;
  }
}

/** Waits, not for long, until others use less than a third of a core. */
export async function quiet(tries: number): Promise<void> {
  for (let i = 0; i < tries; i++) {
    const { foreign } = await withForeign(() => new Promise((resolve) => setTimeout(resolve, 200)));
    if (foreign < 0.33) return;
  }
}

export function machineFacts(): Record<string, string | number> {
  return {
    cpu: cpus()[0]?.model ?? 'unknown',
    cores,
    memoryMegabytes: Math.round(totalmem() / 1048576),
    platform: `${process.platform} ${process.arch}`,
    pinning: taskset ? `servers on core ${SERVER_CORE}, load and upstream on core 0` : 'none',
  };
}

/** Middle value; NaN of nothing. */
export function median(values: number[]): number {
  const sorted = values.filter(Number.isFinite).sort((p, q) => p - q);
  if (sorted.length === 0) return Number.NaN;
  return ((sorted[(sorted.length - 1) >> 1] as number) + (sorted[sorted.length >> 1] as number)) / 2;
}

export function quantile(sorted: Float64Array, q: number): number {
  return sorted.length === 0 ? Number.NaN : (sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] as number);
}
