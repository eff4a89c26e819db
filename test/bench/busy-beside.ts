import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { plain } from './bodies.js';
import { ROOT, type Running } from './candidates.js';

const DRAFT = `version: 1
rules:
  - id: draft
    match: { direction: request, words: [invoice, order, meeting] }
    then: { action: approve }
`;

/**
 * What a person and another agent do while streams run: full-text searches and backtests one after another, and requests of 1 MB that are
 * scanned. For a candidate that is not ours, the requests alone. Returns how to stop it.
 */
export function workBeside(r: Running): () => Promise<void> {
  let over = false;
  const again = async (run: () => Promise<unknown>): Promise<void> => {
    while (!over) await run().catch(() => new Promise((resolve) => setTimeout(resolve, 100)));
  };
  const jobs = [
    again(async () => {
      const body = plain((r.model ?? ((m: string) => m))('json-1024'), 1 << 20);
      const headers = { 'content-type': 'application/json', ...r.target.headers };
      await (await fetch(r.target.url, { method: 'POST', headers, body })).arrayBuffer();
      await new Promise((resolve) => setTimeout(resolve, 200));
    }),
  ];
  if (r.home !== undefined) {
    const home = r.home;
    const draft = join(home, 'draft.yaml');
    writeFileSync(draft, DRAFT);
    const cli = (...args: string[]) =>
      new Promise<void>((resolve) => {
        const env = { PATH: process.env['PATH'] ?? '', HOME: home, SALLYPORT_HOME: home };
        execFile(process.execPath, [join(ROOT, 'out/proxy/cli.js'), ...args], { env, timeout: 60_000 }, () => resolve());
      });
    jobs.push(
      again(() => cli('sessions', '--search', 'meeting notes', '--json')),
      again(() => cli('policies', 'backtest', draft)),
    );
  }
  return async () => {
    over = true;
    await Promise.all(jobs);
  };
}
