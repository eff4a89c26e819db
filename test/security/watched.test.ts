import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import { ROOT } from '../../scripts/demo/launch.js';

const WATCHED = pathToFileURL(join(ROOT, 'test/support/watched.ts')).href;
const run = (body: string, limitMs = 300): Promise<{ code: number | null; signal: string | null; said: string }> =>
  new Promise((resolve) => {
    const source = `import { watched } from ${JSON.stringify(WATCHED)};${body}`;
    const env = { ...process.env, SALLYPORT_FUZZ_LIMIT_MS: String(limitMs) };
    const child = execFile(
      process.execPath,
      ['--import', 'tsx', '--input-type=module', '-e', source],
      { cwd: ROOT, env, timeout: 60_000 },
      (_, __, said) => resolve({ code: child.exitCode, signal: child.signalCode, said }),
    );
  });

describe('the watch over the inputs of the fuzz', { concurrency: true }, () => {
  for (const [when, loop] of [
    ['while it is read', 'watched((text) => { while (text) {} })'],
    ['later', 'watched(async () => { await new Promise(() => setInterval(() => {}, 1000)); })'],
  ])
    it(`names an input that hangs ${when}, and ends`, async () => {
      const { signal, said } = await run(`const read = ${loop}; await read('the guilty one \\u0000');`);
      assert.equal(signal, 'SIGKILL', said);
      assert.match(said, /One input takes more than 300 ms:\n\["the guilty one \\u0000"\]/);
    });

  it('lets all others go on, whatever they throw, and the process end', async () => {
    // Long, so that a slow machine is not taken for a hang.
    const { code, said } = await run(
      `
      const read = watched((n) => { if (n % 2) throw new Error('no'); return n; });
      const later = watched(async (n) => { await new Promise((r) => setTimeout(r, 5)); if (n % 2) throw new Error('no'); });
      for (let n = 0; n < 40; n++) { try { read(n); } catch {} await later(n).catch(() => {}); }
      await new Promise((r) => setTimeout(r, 2600));`,
      2000,
    );
    assert.equal(code, 0, said);
  });
});
