import { closeSync, openSync } from 'node:fs';
import { ReadStream, WriteStream } from 'node:tty';

/** The world of one command: handed in, so that tests and the `login` shell can give their own. */
export interface Io {
  out(text: string): void;
  err(text: string): void;
  env: NodeJS.ProcessEnv;
  cwd: string;
  /** Is standard output a terminal (colours, live lines)? */
  terminal: boolean;
  columns: number;
  /** Reads all of standard input. */
  readAll(): Promise<string>;
  /** Asks on the controlling terminal, whatever standard input is; undefined where there is none. */
  ask?(question: string, options?: { secret?: boolean }): Promise<string>;
  /** Called at the end of everything that must be undone when the process is interrupted. */
  onInterrupt(handler: () => void): () => void;
}

export function processIo(): Io {
  const hasTerminal = terminalPath() !== undefined;
  return {
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    env: process.env,
    cwd: process.cwd(),
    terminal: process.stdout.isTTY === true,
    columns: process.stdout.columns ?? 100,
    async readAll() {
      const chunks: Buffer[] = [];
      for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
      return Buffer.concat(chunks).toString('utf8');
    },
    ...(hasTerminal ? { ask } : {}),
    onInterrupt(handler) {
      process.on('SIGINT', handler);
      process.on('SIGTERM', handler);
      process.on('SIGHUP', handler);
      return () => {
        process.off('SIGINT', handler);
        process.off('SIGTERM', handler);
        process.off('SIGHUP', handler);
      };
    },
  };
}

function terminalPath(): string | undefined {
  if (process.platform === 'win32') return process.stdin.isTTY ? '' : undefined;
  try {
    closeSync(openSync('/dev/tty', 'r+'));
    return '/dev/tty';
  } catch {
    return undefined;
  }
}

/** One line from the terminal; with `secret` nothing is echoed. Ctrl-C rejects. */
async function ask(question: string, options: { secret?: boolean } = {}): Promise<string> {
  const own = process.platform !== 'win32';
  const input = own ? new ReadStream(openSync('/dev/tty', 'r')) : process.stdin;
  const output = own ? new WriteStream(openSync('/dev/tty', 'w')) : process.stdout;
  output.write(question);
  input.setRawMode(true);
  try {
    return await new Promise<string>((done, fail) => {
      let line = '';
      input.on('data', (chunk: Buffer) => {
        for (const char of chunk.toString('utf8')) {
          if (char === '\r' || char === '\n') {
            done(line);
            return;
          }
          if (char === '\u0003' || (char === '\u0004' && line === '')) {
            fail(new Interrupted());
            return;
          }
          if (char === '\u007f' || char === '\b') {
            if (line !== '' && options.secret !== true) output.write('\b \b');
            line = [...line].slice(0, -1).join('');
          } else if (char >= ' ') {
            line += char;
            if (options.secret !== true) output.write(char);
          }
        }
      });
    });
  } finally {
    input.setRawMode(false);
    output.write('\n');
    if (own) {
      input.destroy();
      output.destroy();
    } else {
      input.pause();
      input.removeAllListeners('data');
    }
  }
}

/** The person pressed Ctrl-C or Ctrl-D at a question. */
export class Interrupted extends Error {
  constructor() {
    super('interrupted');
    this.name = 'Interrupted';
  }
}
