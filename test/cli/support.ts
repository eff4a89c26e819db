import type { Io } from '../../proxy/cli/io.js';
import { run } from '../../proxy/cli/program.js';

export interface Ran {
  code: number;
  out: string;
  err: string;
  /** Standard output as JSON. */
  json<T = Record<string, unknown>>(): T;
}

export interface Given {
  env?: NodeJS.ProcessEnv;
  cwd?: string;
  stdin?: string;
  /** Answers to what is asked on the terminal, in order; absent: there is no terminal. */
  answers?: string[];
  /** What was asked. */
  asked?: string[];
  terminal?: boolean;
  /** Sees standard error as it comes. */
  onErr?(text: string): void;
}

/** Runs one command line in this process, with a world of its own. */
export async function sallyport(args: string[], given: Given = {}): Promise<Ran> {
  let out = '';
  let err = '';
  const answers = given.answers === undefined ? undefined : [...given.answers];
  const io: Io = {
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
      given.onErr?.(text);
    },
    env: given.env ?? {},
    cwd: given.cwd ?? process.cwd(),
    terminal: given.terminal ?? false,
    columns: 120,
    readAll: async () => given.stdin ?? '',
    onInterrupt: () => () => undefined,
    ...(answers === undefined
      ? {}
      : {
          ask: async (question: string) => {
            given.asked?.push(question);
            const answer = answers.shift();
            if (answer === undefined) {
              const { Interrupted } = await import('../../proxy/cli/io.js');
              throw new Interrupted();
            }
            return answer;
          },
        }),
  };
  const code = await run(args, io);
  return { code, out, err, json: <T>() => JSON.parse(out) as T };
}
