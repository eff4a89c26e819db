import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { promisify } from 'node:util';

/** How long `prlimit` may take. */
const PATIENCE_MS = 10_000;

/**
 * Keeps what this process holds (keys, capabilities, texts) out of what a crash leaves. Node writes no report by itself; a core dump has
 * no memory in it (at once), and is not written at all (a moment later, by the program `prlimit`, as node cannot change its own limits).
 * The first alone would not do: wide registers hold the last 64 bytes that were copied. Programs that are started from here inherit
 * both. Linux; elsewhere the system's own setting counts (macOS writes none unless it is told to).
 *
 * Source: core(5), "Controlling which mappings are written to the core dump". A limit of 1 byte, not 0: the kernel (fs/coredump.c) takes
 * no notice of 0 where dumps are piped to a program, and of 1 it does.
 * @returns Undefined when it is done; otherwise a sentence for a person. Never rejects.
 */
export async function keepOutOfDumps(): Promise<string | undefined> {
  if (process.report) Object.assign(process.report, { reportOnFatalError: false, reportOnSignal: false, reportOnUncaughtException: false });
  if (process.platform !== 'linux') return undefined;
  try {
    writeFileSync('/proc/self/coredump_filter', '0');
    await promisify(execFile)('prlimit', ['--pid', String(process.pid), '--core=1:1'], { timeout: PATIENCE_MS });
    return undefined;
  } catch (error) {
    if (dumpsAreOff()) return undefined;
    return `A core dump of this process may hold parts of keys (${(error as Error).message.split('\n')[0]}). Switch core dumps off before the start: \`ulimit -c 0\`.`;
  }
}

/** Whether the limit that this process was started with leaves no dump, where dumps are files. */
function dumpsAreOff(): boolean {
  try {
    const piped = readFileSync('/proc/sys/kernel/core_pattern', 'utf8').startsWith('|');
    return !piped && /^Max core file size\s+[01]\s/m.test(readFileSync('/proc/self/limits', 'utf8'));
  } catch {
    return false;
  }
}
