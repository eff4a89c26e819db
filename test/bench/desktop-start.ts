/**
 * How long the desktop app takes from its start until agents can connect, and what it holds in memory when nothing happens.
 * `xvfb-run -a node --import tsx test/bench/desktop-start.ts [runs]`; `APP=/usr/bin/sallyport-desktop` measures an installed one.
 */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, ROOT } from '../../scripts/demo/launch.js';
import { desktopEnv } from '../support/desktop-app.js';
import { daemonBus } from '../support/desktop-bus.js';
import { fakeDesktop } from '../support/fake-desktop.js';

const runs = Number(process.argv[2] ?? 5);
const IDLE_MS = 15_000;
const installed = process.env['APP'];
const program = installed ?? (createRequire(join(ROOT, 'package.json'))('electron') as unknown as string);

const open = (port: number) =>
  new Promise<boolean>((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const done = (yes: boolean) => {
      socket.destroy();
      resolve(yes);
    };
    socket.once('connect', () => done(true)).once('error', () => done(false));
  });

/** Main process and all that it started. */
function tree(pid: number): number[] {
  const parents = new Map<number, number[]>();
  for (const name of readdirSync('/proc').filter((n) => /^\d+$/.test(n))) {
    try {
      const parent = Number(/\) \S (\d+)/.exec(readFileSync(`/proc/${name}/stat`, 'utf8'))?.[1]);
      parents.set(parent, [...(parents.get(parent) ?? []), Number(name)]);
    } catch {
      // It has gone.
    }
  }
  const below = (one: number): number[] => [one, ...(parents.get(one) ?? []).flatMap(below)];
  return below(pid);
}

const pssMiB = (pid: number): number => {
  try {
    return Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
};

/** CPU time so far, in milliseconds (user and system; clock ticks are 10 ms). */
const cpuMs = (pid: number): number => {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
    return (Number(fields[11]) + Number(fields[12])) * 10;
  } catch {
    return 0;
  }
};

async function once(hidden: boolean): Promise<{ ms: number; cpu: number; mib: number }> {
  const bus = await daemonBus('unlocked');
  const desktop = await fakeDesktop(bus.address);
  const home = mkdtempSync(join(tmpdir(), 'sallyport-start-'));
  const port = await freePort();
  const env = { ...desktopEnv(home, bus.env), SALLYPORT_PORT: String(port) };
  const args = [...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), '--disable-gpu', `--user-data-dir=${join(home, 'profile')}`];
  const began = performance.now();
  const app = spawn(program, [...args, ...(installed ? [] : [ROOT]), ...(hidden ? ['--hidden'] : [])], { env, stdio: 'ignore' });
  try {
    while (!(await open(port))) {
      if (performance.now() - began > 60_000) throw new Error('it did not listen in 60 s');
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    const ms = performance.now() - began;
    const cpu = tree(app.pid ?? 0).reduce((sum, pid) => sum + cpuMs(pid), 0);
    await new Promise((resolve) => setTimeout(resolve, IDLE_MS));
    return { ms, cpu, mib: tree(app.pid ?? 0).reduce((sum, pid) => sum + pssMiB(pid), 0) };
  } finally {
    const ended = new Promise((resolve) => app.once('exit', resolve));
    app.kill('SIGTERM');
    await ended;
    desktop.close();
    await bus.close();
    rmSync(home, { recursive: true, force: true });
  }
}

const median = (values: number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
const load = () => spawnSync('uptime', { encoding: 'utf8' }).stdout.split('load average: ')[1]?.trim();
for (const hidden of [true, false]) {
  const all: { ms: number; cpu: number; mib: number }[] = [];
  for (let i = 0; i < runs; i++) all.push(await once(hidden));
  process.stdout.write(
    `${hidden ? 'in the tray alone' : 'with its window  '}  to listening: median ${Math.round(median(all.map((a) => a.ms)))} ms, best ${Math.round(Math.min(...all.map((a) => a.ms)))} ms, CPU time until then of all processes ${Math.round(median(all.map((a) => a.cpu)))} ms; idle memory (PSS of all processes): ${Math.round(median(all.map((a) => a.mib)))} MiB; load ${load()}\n`,
  );
}
