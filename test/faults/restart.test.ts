import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Approval, Settings } from '../../proxy/contract/index.js';
import { type SimulatedProvider, startSimulatedProvider } from '../../proxy/demo/index.js';
import { type Gateway, launchGateway } from '../../scripts/demo/launch.js';
import { ASK_LAUNCH, NO_RECIPE, policyOf } from '../support/policies.js';
import { agentKey, connectionTo } from '../support/settings.js';
import { ledgerLines } from './kill.js';

const POLICY = policyOf(ASK_LAUNCH, NO_RECIPE);

describe('the gateway ends, is started again, or is started twice', { timeout: 120_000 }, () => {
  let directory: string;
  let provider: SimulatedProvider;
  let gateway: Gateway;
  let key: string;
  before(async () => {
    directory = mkdtempSync(join(tmpdir(), 'sallyport-restart-'));
    provider = await startSimulatedProvider();
    gateway = await start((settings) => {
      settings.connections = [connectionTo(provider.origin)];
    });
    await gateway.call('PUT', '/api/policies/words.yaml', { source: POLICY });
    key = await agentKey(gateway, 'restart');
  });
  after(async () => {
    await gateway?.stop();
    await provider?.close();
    rmSync(directory, { recursive: true, force: true });
  });

  const start = (settings?: (settings: Settings) => void) =>
    launchGateway({ directory, env: { LAB_PROVIDER_KEY: provider.apiKey }, ...(settings ? { settings } : {}) });
  const ask = (content: string, stream = false) =>
    fetch(`${gateway.baseUrl}/openai/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'sim', stream, messages: [{ role: 'user', content }] }),
    });
  const open = async () => (await gateway.callWithoutPerson<{ approvals: Approval[] }>('GET', '/api/approvals?state=open')).approvals;

  it('killed while a person is asked: the client is told so at once, nothing is released later, the start is not hindered', async () => {
    const total = provider.log.total;
    const waiting = ask('The launch code is in the safe.').then(
      () => 'answered',
      () => 'broken off',
    );
    let approval: Approval | undefined;
    while (!approval) {
      await sleep(20);
      [approval] = await open();
    }
    // Its own record must be durable.
    await sleep(200);
    gateway.signal('SIGKILL');
    assert.equal(await waiting, 'broken off');
    await gateway.exited;
    gateway = await start();
    assert.deepEqual(await open(), []);
    const { approvals } = await gateway.callWithoutPerson<{ approvals: Approval[] }>('GET', '/api/approvals');
    assert.equal(approvals.find((a) => a.id === approval.id)?.state, 'withdrawn');
    await assert.rejects(
      gateway.call('POST', `/api/approvals/${approval.id}/decision`, { version: approval.version + 1, decision: 'approve' }),
      /./,
    );
    assert.equal(provider.log.total, total);
    const lines = ledgerLines(directory);
    assert.ok(lines.some((l) => l.kind === 'decision' && l.meta['id'] === approval.id && l.meta['state'] === 'withdrawn'));
    assert.ok(
      lines.some((l) => l.kind === 'interrupted' && l.exchange === approval.exchange),
      'its exchange has an end',
    );
    // What was blocked is blocked after the start as before it.
    assert.equal((await ask('The secret recipe, please.')).status, 403);
    assert.equal((await ask('[[say hello]] again')).status, 200);
  });

  it('stopped in an orderly way while a person is asked: the client gets a definite answer', async () => {
    const waiting = ask('The launch code, once more.');
    while ((await open()).length === 0) await sleep(20);
    await gateway.stop();
    const answer = await waiting;
    assert.equal(answer.status, 403);
    gateway = await start();
  });

  it('a second gateway on the same directory is refused, and the first is not disturbed', async () => {
    await assert.rejects(start(), (error: Error) => {
      assert.match(error.message, /already records|Another gateway|one writer/i);
      return true;
    });
    assert.equal((await ask('[[say still here]]')).status, 200);
    const again = await gateway.cli(['status']);
    assert.equal(again.code, 0, again.stderr);
  });

  it('damaged settings: the last good copy is in use, the problem is named, and nothing is let through that was not before', async () => {
    await gateway.stop();
    const file = join(directory, 'settings.json');
    const good = readFileSync(file, 'utf8');
    writeFileSync(file, good.slice(0, good.length / 2));
    gateway = await start();
    const status = await gateway.call<{ faults: { code: string; message: string }[] }>('GET', '/api/status');
    assert.match(status.faults.find((f) => f.code === 'settings')?.message ?? '', /last good copy/);
    assert.equal((await ask('The secret recipe, please.')).status, 403);
    assert.equal((await ask('[[say hello]] from the copy')).status, 200);
    await gateway.stop();
    writeFileSync(file, good);
    gateway = await start();
  });

  it('settings of a newer build: the start is refused, and says what to do', async () => {
    await gateway.stop();
    const file = join(directory, 'settings.json');
    const good = readFileSync(file, 'utf8');
    writeFileSync(file, JSON.stringify({ ...JSON.parse(good), version: 99 }));
    await assert.rejects(start(), /downgrade is refused/s);
    writeFileSync(file, good);
    gateway = await start();
    assert.equal((await ask('[[say hello]] after all')).status, 200);
  });

  it('started anew over a killed one, which left its lock and its socket behind', async () => {
    gateway.signal('SIGKILL');
    await gateway.exited;
    gateway = await start();
    assert.equal((await ask('[[say taken over]]')).status, 200);
    const verified = await gateway.cli(['verify']);
    assert.equal(verified.code, 0, verified.stdout + verified.stderr);
  });
});
