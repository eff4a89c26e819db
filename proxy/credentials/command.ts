import { execFile } from 'node:child_process';

/** Time and output that a secret manager's program may take. */
const TIMEOUT_MS = 15_000;
const MAX_OUTPUT = 64 * 1024;

/**
 * Runs a program without a shell and returns the first line that it prints. What it writes to standard error is neither shown
 * nor kept: such programs print secrets there too.
 * @throws Error with a short reason
 */
export function firstLineOf(argv: readonly string[], env: NodeJS.ProcessEnv, timeoutMs = TIMEOUT_MS): Promise<string> {
  const [program, ...rest] = argv;
  return new Promise((resolve, reject) => {
    const options = { env, timeout: timeoutMs, maxBuffer: MAX_OUTPUT, killSignal: 'SIGKILL' as const, shell: false, windowsHide: true };
    const child = execFile(program!, rest, options, (error, stdout) => {
      if (error === null) resolve(stdout.split(/\r?\n/, 1)[0] ?? '');
      else reject(new Error(reason(error, timeoutMs)));
    });
    child.stdin?.end();
  });
}

function reason(error: Error & { code?: unknown; killed?: boolean }, timeoutMs: number): string {
  if (error.code === 'ERR_CHILD_PROCESS_STDIO_MAXBUFFER') return `it printed more than ${MAX_OUTPUT} bytes`;
  if (error.killed) return `it took longer than ${timeoutMs} ms`;
  if (error.code === 'ENOENT') return 'there is no such program';
  if (typeof error.code === 'number') return `it ended with code ${error.code}`;
  return `it could not be run (${String(error.code ?? 'killed')})`;
}
