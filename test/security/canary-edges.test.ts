import assert from 'node:assert/strict';
import { fork, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { approvalText } from '../../main/notifications/text.js';
import type { Approval } from '../../proxy/contract/index.js';
import { ControlClient } from '../../proxy/control/index.js';
import { startSimulatedProvider } from '../../proxy/demo/index.js';
import type { HostMessage } from '../../proxy/host-messages.js';
import { defaultSettings } from '../../proxy/settings/index.js';
import { freePort, plainEnvironment, ROOT } from '../../scripts/demo/launch.js';
import { findIn, readAll } from '../support/canaries.js';
import { startLab } from '../support/gateway.js';
import { ASK_LAUNCH, policyOf } from '../support/policies.js';
import { connectionTo } from '../support/settings.js';
import { until } from '../support/until.js';

const POLICY = policyOf(ASK_LAUNCH);
const name = randomBytes(5).toString('hex');
const personal = { mail: `lena.${name}@brunnhof-ag.ch`, 'OpenAI key': `sk-proj-${randomBytes(36).toString('hex').slice(0, 48)}` };
const letter = `The launch code goes to ${personal.mail}; the OpenAI API key is ${personal['OpenAI key']}.`;
const chat = (content: string) => JSON.stringify({ model: 'sim', messages: [{ role: 'user', content }] });

/** Whether another program that crashes the same way leaves a core dump in its working directory. */
function dumpsHere(place: string): boolean {
  const crash = 'ulimit -c unlimited && cd "$0" && kill -ABRT $$';
  spawnSync('sh', ['-c', crash, place]);
  return readdirSync(place).some((f) => f.startsWith('core'));
}

describe('canaries at the edges of the process', { timeout: 120_000 }, () => {
  it('nothing planted is in any message between the gateway and the desktop, nor in the words of a notification; secrets go only one by one, when asked for', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'sallyport-ipc-'));
    const provider = await startSimulatedProvider();
    const settings = defaultSettings();
    settings.listen.port = await freePort();
    settings.policy.files = ['ask.yaml'];
    settings.connections = [connectionTo(provider.origin, { credential: 'env:IPC_KEY' })];
    mkdirSync(join(directory, 'policies'), { mode: 0o700 });
    writeFileSync(join(directory, 'policies/ask.yaml'), POLICY, { mode: 0o600 });
    writeFileSync(join(directory, 'settings.json'), JSON.stringify(settings), { mode: 0o600 });
    const child = fork(join(ROOT, 'out/proxy/host.js'), {
      env: { ...plainEnvironment(), HOME: directory, SALLYPORT_HOME: directory, IPC_KEY: provider.apiKey },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      execArgv: [],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => (output += chunk));
    const secrets = new Map<string, string>();
    const said: HostMessage[] = [];
    child.on('message', (message) => {
      const given = message as HostMessage;
      said.push(given);
      if (given.type !== 'secret-request') return;
      if (given.op === 'set') secrets.set(given.name, given.value ?? '');
      if (given.op === 'delete') secrets.delete(given.name);
      const value = given.op === 'get' ? secrets.get(given.name) : undefined;
      child.send({ type: 'secret', id: given.id, ...(value === undefined ? {} : { value }) });
    });
    try {
      const state = { state: 'unlocked' as const };
      child.send({
        type: 'start',
        directory,
        version: '0',
        secrets: { kind: 'keychain', protected: true, acceptsProviderKeys: true, state },
      });
      const listening = await until(
        () => said.find((m) => m.type === 'listening'),
        () => `the gateway; it said ${output}`,
      );
      const client = new ControlClient({ ...listening.control, pid: child.pid ?? 0 });
      const { capability } = listening;
      const { key } = await client.call<{ key: string }>('POST', '/api/agents', {
        capability,
        body: { name: 'ipc', scope: { connections: ['*'], models: ['*'], operations: ['*'] } },
      });
      const waiting = fetch(`${listening.status.baseUrl}/openai/v1/chat/completions`, {
        method: 'POST',
        headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
        body: chat(letter),
      });
      const open = async () => (await client.call<{ approvals: Approval[] }>('GET', '/api/approvals?state=open')).approvals[0];
      const approval = await until(open, 'an approval');
      const words = JSON.stringify([approvalText(approval), approval]);
      // Its own record may not be durable yet: then it cannot be decided.
      const decide = () =>
        client.call('POST', `/api/approvals/${approval.id}/decision`, {
          capability,
          body: { version: approval.version, decision: 'approve' },
        });
      await until(() => decide().then(() => true), 'the decision');
      const answer = await waiting;
      assert.equal(answer.status, 200, await answer.clone().text());
      assert.ok(
        said.some((m) => m.type === 'event' && m.event.type === 'exchange-started'),
        'there were events',
      );
      const hidden = { ...personal, 'agent key': key, 'provider key': provider.apiKey };
      const sources = new Map([
        ['messages', Buffer.from(JSON.stringify(said))],
        ['words', Buffer.from(words)],
        ['output', Buffer.from(output)],
        ['arguments', readFileSync(`/proc/${process.platform === 'linux' ? child.pid : 'self'}/cmdline`)],
      ]);
      client.close();
      assert.deepEqual(findIn(sources, hidden), []);
    } finally {
      // As the supervisor does.
      const late = setTimeout(() => child.kill('SIGKILL'), 5_000);
      child.send({ type: 'stop' });
      await new Promise((resolve) => child.once('exit', resolve));
      clearTimeout(late);
      await provider.close();
      rmSync(directory, { recursive: true, force: true });
    }
  });

  it('a crash, with core dumps switched on, leaves none, no report, no heap snapshot, and nothing planted in data or output', async (t) => {
    const place = mkdtempSync(join(tmpdir(), 'sallyport-crash-'));
    const lab = await startLab({ shell: `ulimit -c unlimited; cd '${place}'` });
    try {
      if (process.platform === 'linux') {
        const filter = () => readFileSync(`/proc/${lab.pid}/coredump_filter`, 'utf8').trim();
        await until(
          () => Number.parseInt(filter(), 16) === 0,
          () => `no memory in a dump: ${filter()}`,
        );
        const limit = () => /^Max core file size\s+(\S+)\s+(\S+)/m.exec(readFileSync(`/proc/${lab.pid}/limits`, 'utf8'));
        await until(
          () => limit()?.[1] === '1' && limit()?.[2] === '1',
          () => `no dump at all: ${limit()?.[0]}`,
        );
      }
      const before = new Set(readdirSync(tmpdir()));
      await fetch(`${lab.openai}/chat/completions`, {
        method: 'POST',
        headers: { authorization: `Bearer ${lab.key}`, 'content-type': 'application/json' },
        body: chat(`[[echo]] Write to ${personal.mail}`),
      }).then((r) => r.text());
      // Dies in the middle of work with the values in its memory.
      void fetch(`${lab.openai}/chat/completions`, {
        method: 'POST',
        headers: { authorization: `Bearer ${lab.key}`, 'content-type': 'application/json' },
        body: chat(`[[hang]] Write to ${personal.mail}`),
      }).catch(() => {});
      await until(() => lab.provider.log.total >= 2, 'the request at the provider');
      lab.signal('SIGABRT');
      await lab.exited;
      const left = (folder: string) =>
        readdirSync(folder).filter((f) => /^report\.|\.heapsnapshot$|\.dmp$|^core|^node-/.test(f) && !before.has(f));
      assert.deepEqual([...left(place), ...left(tmpdir())], []);
      if (!dumpsHere(place)) t.diagnostic('no program that crashes here leaves a dump where it can be looked for');
      const hidden = { ...personal, 'agent key': lab.key, 'provider key': lab.provider.apiKey };
      assert.deepEqual(findIn(new Map([...readAll(lab.directory), ...readAll(place), ['output', Buffer.from(lab.output())]]), hidden), []);
    } finally {
      await lab.close();
      rmSync(place, { recursive: true, force: true });
    }
  });
});
