import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it } from 'node:test';
import { createSecretStore } from '../../proxy/credentials/index.js';
import { startSimulatedProvider } from '../../proxy/demo/index.js';
import { verifyLedger } from '../../proxy/ledger/index.js';
import { freePort, launchGateway, plainEnvironment, ROOT } from '../../scripts/demo/launch.js';
import { agentKey, connectionTo } from '../support/settings.js';
import { until } from '../support/until.js';
import { ledgerLines } from './kill.js';

const LIMIT = 90;

interface Answer {
  /** 0: no answer. */
  status: number;
  code: string | undefined;
}

it('file descriptors exhausted: the gateway does not end, refuses with a code, records all that is sent, and serves again', {
  timeout: 150_000,
  skip: process.platform === 'linux' ? false : 'the open files of a process are read from /proc',
}, async () => {
  const provider = await startSimulatedProvider();
  const directory = mkdtempSync(join(tmpdir(), 'sallyport-fds-'));
  const port = await freePort();
  const first = await launchGateway({
    directory,
    env: { LAB_PROVIDER_KEY: provider.apiKey },
    settings: (settings) => {
      settings.listen.port = port;
      // Nobody is to be refused for another reason.
      settings.limits.perAgentConcurrent = 10_000;
      settings.connections = [connectionTo(provider.origin)];
    },
  });
  const key = await agentKey(first, 'fds');
  await first.stop();
  const child = spawn(
    'sh',
    ['-c', `ulimit -n ${LIMIT}; exec "$0" "$@"`, process.execPath, join(ROOT, 'out/proxy/cli.js'), 'serve', '--no-console'],
    {
      env: {
        ...plainEnvironment(),
        HOME: directory,
        SALLYPORT_HOME: directory,
        SALLYPORT_THROW_AWAY: '1',
        LAB_PROVIDER_KEY: provider.apiKey,
      },
      stdio: 'ignore',
    },
  );
  const exited = once(child, 'exit');
  const post = (content: string, agent?: Agent, signal?: AbortSignal): Promise<Answer> =>
    new Promise((resolve) => {
      const asked = request(
        `http://127.0.0.1:${port}/openai/v1/chat/completions`,
        {
          method: 'POST',
          headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
          agent: agent ?? false,
          ...(signal ? { signal } : {}),
        },
        (response) => {
          const code = response.headers['x-sallyport-code'] as string | undefined;
          response.on('error', () => resolve({ status: 0, code }));
          response.on('end', () => resolve({ status: response.statusCode ?? 0, code })).resume();
        },
      );
      asked.on('error', () => resolve({ status: 0, code: undefined }));
      asked.end(JSON.stringify({ model: 'sim', messages: [{ role: 'user', content }] }));
    });
  const served = (content: string) => until(async () => (await post(content)).status === 200, `${content} to be served`, 60_000);
  const early = Array.from({ length: 4 }, () => new Agent({ keepAlive: true, maxSockets: 1 }));
  const gone = new AbortController();
  try {
    await served('[[say up]]');
    // These have their connections before there are none left.
    for (const agent of early) assert.equal((await post('[[say early]]', agent)).status, 200);
    const many: Promise<Answer>[] = [];
    const answers: Answer[] = [];
    // Whoever is refused gives his descriptor back, so there may be some again for a moment: more come until nothing is left.
    await until(
      async () => {
        for (let i = 0; i < 150; i++) many.push(post(`[[hang]] ${many.length}`, undefined, gone.signal));
        answers.push(...(await Promise.all(early.map((agent, i) => post(`[[say while there are none]] ${i}`, agent)))));
        return answers.some(({ status }) => status !== 200);
      },
      'one whose connection stands to be refused',
      90_000,
    );
    assert.ok(
      answers.every(({ status, code }) => status === 200 || ['upstream_unreachable', 'not_recording'].includes(code ?? '')),
      `neither answered nor refused for want of descriptors: ${JSON.stringify(answers)}`,
    );
    assert.equal(child.exitCode, null, 'it did not end');
    gone.abort();
    assert.ok((await Promise.all(many)).every(({ status }) => status !== 200));
    await served('[[say served again]]');
    child.kill('SIGTERM');
    await exited;
    const lines = ledgerLines(directory);
    const arrivals = lines.filter((l) => l.kind === 'arrival');
    const digests = new Set(arrivals.map((l) => l.meta['digest']));
    for (const { body } of provider.log.entries)
      assert.ok(digests.has(createHash('sha256').update(body).digest('hex')), `sent and not recorded: ${body}`);
    const ends = new Set(lines.filter((l) => l.kind === 'end').map((l) => l.exchange));
    assert.deepEqual(
      arrivals.filter((l) => !ends.has(l.exchange)),
      [],
    );
    const secrets = await createSecretStore({ directory, env: {}, consent: { throwAway: true } });
    assert.deepEqual((await verifyLedger(directory, { secrets })).problems, []);
  } finally {
    gone.abort();
    for (const agent of early) agent.destroy();
    child.kill('SIGKILL');
    await exited;
    await provider.close();
    rmSync(directory, { recursive: true, force: true });
  }
});
