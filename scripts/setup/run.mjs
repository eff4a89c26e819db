import { spawnSync } from 'node:child_process';
import { SetupError } from './say.mjs';

/**
 * Runs a command to its end, never longer than `minutes`, never with a terminal to ask on. Its output goes to stderr.
 * @returns {{ status: number, stdout: string, stderr: string }}
 */
export function run(command, args, { cwd, env, minutes = 10, quiet = false } = {}) {
  const result = spawnSync(command, args, {
    cwd,
    env: { ...process.env, ...env },
    encoding: 'utf8',
    timeout: minutes * 60_000,
    killSignal: 'SIGKILL',
    maxBuffer: 64 << 20,
    shell: process.platform === 'win32' && command === 'npm',
    stdio: ['ignore', quiet ? 'pipe' : 2, quiet ? 'pipe' : 2],
  });
  if (result.error?.code === 'ETIMEDOUT') throw new SetupError(`"${command} ${args.join(' ')}" was stopped after ${minutes} minutes.`);
  if (['ENOENT', 'EACCES'].includes(result.error?.code)) return { status: 127, stdout: '', stderr: `${command}: cannot be run` };
  if (result.error) throw result.error;
  return { status: result.status ?? 1, stdout: result.stdout ?? '', stderr: result.stderr ?? '' };
}
