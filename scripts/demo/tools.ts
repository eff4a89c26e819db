import { execFile } from 'node:child_process';
import { isAbsolute, join, normalize } from 'node:path';
import { promisify } from 'node:util';
import { tool } from '@langchain/core/tools';
import Database from 'libsql';
import { z } from 'zod';

const PROGRAMS = ['ls', 'cat', 'wc', 'head', 'tail', 'echo', 'pwd', 'date', 'sort'];

/**
 * Why the shell tool will not run a command, or undefined. This is the second lock, not the first: the demo shows that the
 * gateway stops dangerous calls, and this makes sure that nothing happens to this computer even if it did not.
 */
export function refusal(command: string, directory: string): string | undefined {
  if (/[;&|<>`$\\\n(){}*?~'"]/.test(command)) return 'the demo shell takes plain words only';
  const [program = '', ...words] = command.trim().split(/\s+/);
  if (!PROGRAMS.includes(program)) return `the demo shell knows only ${PROGRAMS.join(', ')}`;
  const outside = words.find((w) => isAbsolute(w) || !normalize(join(directory, w)).startsWith(directory));
  return outside === undefined ? undefined : `${outside} is outside the demo's own directory`;
}

export interface ToolUse {
  tool: string;
  input: unknown;
  output: string;
}

/** The agent's tools. Each use is reported exactly as the tool received it. */
export function demoTools(options: { directory: string; gateway: string; key: () => string; used: (use: ToolUse) => void }) {
  const reported = async (name: string, input: unknown, run: () => Promise<string> | string): Promise<string> => {
    const output = await Promise.resolve()
      .then(run)
      .catch((error: unknown) => `error: ${error instanceof Error ? error.message : String(error)}`);
    options.used({ tool: name, input, output });
    return output;
  };
  const database = new Database(':memory:');
  database.exec(`create table invoices (id integer, customer text, mail text, total real);
    insert into invoices values (41, 'Northwind', 'jane.roe@northwind-mail.org', 410.5), (42, 'Lakeside', 'sam.lee@lakeside-mail.org', 99.0)`);

  const shell = tool(
    ({ command }) =>
      reported('shell', { command }, async () => {
        const no = refusal(command, options.directory);
        if (no) return `refused: ${no}`;
        const [program = '', ...words] = command.trim().split(/\s+/);
        const env = { PATH: '/usr/bin:/bin' };
        const { stdout } = await promisify(execFile)(program, words, { cwd: options.directory, timeout: 5000, env });
        return stdout;
      }),
    { name: 'shell', description: 'Run a shell command on this computer', schema: z.object({ command: z.string() }) },
  );
  const sql = tool(
    ({ query }) =>
      reported('sql', { query }, () => {
        if (!/^\s*select\b/i.test(query)) return 'refused: the demo database takes select only';
        return JSON.stringify(database.prepare(query).all());
      }),
    { name: 'sql', description: 'Run an SQL query on the invoice database', schema: z.object({ query: z.string() }) },
  );
  const http = tool(
    ({ method, path, body }) =>
      reported('http_request', { method, path, body }, async () => {
        const answer = await fetch(`${options.gateway}/orders${path}`, {
          method,
          headers: { authorization: `Bearer ${options.key()}`, ...(body ? { 'content-type': 'application/json' } : {}) },
          ...(body ? { body } : {}),
        });
        return `${answer.status} ${await answer.text()}`;
      }),
    {
      name: 'http_request',
      description: 'Send a request to the order API',
      schema: z.object({ method: z.enum(['GET', 'POST', 'DELETE']), path: z.string(), body: z.string().optional() }),
    },
  );
  return [shell, sql, http];
}
