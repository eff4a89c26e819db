import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { freePort, plainEnvironment, ROOT } from '../../scripts/demo/launch.js';

describe('npm start where there are no settings yet', () => {
  let home: string;
  let child: ReturnType<typeof spawn> | undefined;
  before(() => {
    home = mkdtempSync(join(tmpdir(), 'sallyport-start-'));
  });
  after(() => {
    // Where the test stopped half-way, its gateway must not outlive it.
    child?.kill('SIGKILL');
    rmSync(home, { recursive: true, force: true });
    rmSync(`${home}-demo`, { recursive: true, force: true });
  });

  it('opens the demo workspace; the snippet that it prints works as it stands; the history fills; Ctrl-C ends it', async () => {
    const env = { ...plainEnvironment(), HOME: home, SALLYPORT_HOME: home };
    const port = await freePort();
    const started = spawn(process.execPath, ['scripts/start.mjs', '--headless', '--port', String(port)], {
      cwd: ROOT,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child = started;
    let stdout = '';
    let stderr = '';
    started.stderr.on('data', (chunk: Buffer) => {
      stderr += chunk;
    });
    started.stdout.on('data', (chunk: Buffer) => {
      stdout += chunk;
    });
    const exited = once(started, 'exit');
    for (let i = 0; i < 1200 && !stdout.includes('Ctrl-C stops it') && started.exitCode === null; i++)
      await new Promise((r) => setTimeout(r, 50));
    assert.match(stdout, /Ctrl-C stops it/, stderr);
    assert.match(stdout, /demo workspace/);
    const lines = stdout.split('\n').map((l) => l.trim());
    const from = lines.findIndex((l) => l.startsWith('export SALLYPORT_KEY='));
    const snippet = lines.slice(from, lines.indexOf('', from)).join('\n');
    assert.match(snippet, /curl/);
    const { stdout: answered } = await promisify(execFile)('sh', ['-c', snippet], { env, timeout: 30_000 });
    const answer = JSON.parse(answered) as { choices: { message: { content: string } }[] };
    assert.equal(answer.choices[0]?.message.content, 'You wrote: Say hello');

    const cli = join(ROOT, 'out/proxy/cli.js');
    const listed = await promisify(execFile)(process.execPath, [cli, '--demo', 'sessions', '--json'], { env, timeout: 30_000 });
    assert.match(listed.stdout, /"se_/);

    started.kill('SIGINT');
    const [code] = await exited;
    assert.ok(code === 0 || code === 130, `${code}`);
    assert.ok(existsSync(join(`${home}-demo`, 'settings.json')), 'the demo has a directory of its own');
    assert.ok(!existsSync(join(home, 'settings.json')), 'the real one was not touched');
  });
});
