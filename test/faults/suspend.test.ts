import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Approval, Person } from '../../proxy/contract/index.js';
import { verifyLedger } from '../../proxy/ledger/index.js';
import { type Idp, startIdp } from '../../scripts/demo/idp.js';
import { type Bench, openBench } from '../pipeline/support.js';
import { type Lab, startLab } from '../support/gateway.js';
import { ASK_LAUNCH, policyOf } from '../support/policies.js';
import { EVERYTHING, trusted } from '../support/settings.js';
import { until } from '../support/until.js';

const POLICY = policyOf(ASK_LAUNCH);
const LOCAL: Person = { id: 'local', name: 'Local', groups: [], via: 'os' };
const HOUR = 3_600_000;
const chat = (content: string, stream = false) => JSON.stringify({ model: 'sim', stream, messages: [{ role: 'user', content }] });

/** On Linux and macOS the monotonic clock stands while a computer sleeps, and timers with it; only the wall clock has gone on. */
describe('the computer slept: the wall clock went on, the monotonic one and all timers stood', { timeout: 90_000 }, () => {
  let slept = 0;
  let b: Bench;
  let idp: Idp;
  before(async () => {
    idp = await startIdp();
    b = await openBench(
      { holdScale: 1 },
      (draft) => {
        draft.policy.preset = 'observe';
        draft.issuers = [trusted(idp)];
      },
      { clock: { now: () => Date.now() + slept, monotonic: () => performance.now() } },
    );
    await b.gateway.services.policies.save({ name: 'ask.yaml', source: POLICY, activate: true }, LOCAL);
  });
  after(() => Promise.all([idp?.close(), b?.close()]));
  const newKey = (more: object) =>
    b.gateway.services.agents.create({
      name: `a${Math.random()}`,
      owner: 'local',
      scope: EVERYTHING,
      ...more,
    });
  const post = (credential: string, body: string, signal?: AbortSignal) =>
    fetch(b.url('/openai/v1/chat/completions'), {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${credential}` },
      body,
      ...(signal ? { signal } : {}),
    });
  const pending = () => b.gateway.services.approvals.list({ state: 'pending' });

  it('a token that was good and is remembered, and a key with an end: both have ended', async () => {
    const token = await idp.agentToken();
    const short = await newKey({ expiresAt: new Date(Date.now() + slept + HOUR).toISOString() });
    for (const credential of [token, short.key]) assert.equal((await post(credential, chat('[[say in]]'))).status, 200);
    const total = b.provider.log.total;
    slept += 24 * HOUR;
    for (const credential of [token, short.key]) assert.equal((await post(credential, chat('[[say no]]'))).status, 401);
    assert.equal(b.provider.log.total, total);
    assert.equal((await post(b.key, chat('[[say yes]]'))).status, 200, 'a key without an end goes on');
  });

  it('an approval that waited: its time is over; the client is told soon, without anybody looking; nothing is sent', async () => {
    const total = b.provider.log.total;
    const waiting = post(b.key, chat('The launch code, before the sleep.'));
    const [asked] = await until(() => (pending().length > 0 ? pending() : undefined), 'an approval');
    await sleep(200);
    slept += 2 * HOUR;
    await assert.rejects(b.gateway.services.approvals.decide(asked!.id, { version: asked!.version, decision: 'approve' }, LOCAL));
    const status = await Promise.race([waiting.then((r) => r.status), sleep(15_000, 'still held', { ref: false })]);
    assert.equal(status, 403);
    const again = post(b.key, chat('The launch code, nobody looks.'));
    await until(() => pending().length > 0, 'an approval');
    await sleep(500);
    slept += 2 * HOUR;
    assert.equal(await Promise.race([again.then((r) => r.status), sleep(15_000, 'still held', { ref: false })]), 403);
    assert.equal(b.provider.log.total, total);
  });

  it('a stream that was flowing goes on, and is recorded whole', async () => {
    const response = await post(b.key, chat('[[slow 10]] [[tokens 60]]', true));
    let text = '';
    for await (const piece of response.body as unknown as AsyncIterable<Uint8Array>) {
      if (text === '') slept += 3 * HOUR;
      text += Buffer.from(piece).toString('utf8');
    }
    assert.match(text, /\[DONE\]/);
    await until(() => b.gateway.status().active === 0, 'the end');
  });

  it("a person's unlocking does not outlive the night, and the chain verifies", async () => {
    const { persons } = b.gateway.services;
    const capability = b.gateway.localCapability();
    assert.equal(persons.require(capability).id, 'local');
    slept += 13 * HOUR;
    assert.throws(() => persons.require(capability), /signed-in or unlocked/);
    await b.gateway.stop(500);
    assert.deepEqual((await verifyLedger(b.directory)).problems, []);
  });
});

const READER = `
  const response = await fetch(process.argv[1], { method: 'POST', headers: { authorization: 'Bearer ' + process.argv[2], 'content-type': 'application/json' }, body: process.argv[3] });
  let text = '', said = false;
  for await (const piece of response.body) { text += Buffer.from(piece).toString(); if (!said) { said = true; process.stdout.write('begun\\n'); } }
  process.stdout.write(JSON.stringify({ status: response.status, whole: text.includes('[DONE]'), length: text.length }) + '\\n');
`;

describe('processes are stopped and go on (SIGSTOP, SIGCONT)', { timeout: 90_000, skip: process.platform === 'win32' }, () => {
  let lab: Lab;
  before(async () => {
    lab = await startLab();
    await lab.call('PUT', '/api/policies/ask.yaml', { source: POLICY });
  });
  after(() => lab?.close());
  const post = (content: string, stream = false) =>
    fetch(`${lab.openai}/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${lab.key}`, 'content-type': 'application/json' },
      body: chat(content, stream),
    });
  const open = async () => (await lab.callWithoutPerson<{ approvals: Approval[] }>('GET', '/api/approvals?state=open')).approvals;

  it('the gateway, with a stream flowing, an approval waiting and a client knocking: all three end as they would have', async () => {
    const total = lab.provider.log.total;
    const held = post('The launch code, while it is stopped.');
    await until(async () => (await open()).length > 0, 'an approval');
    const streaming = (await post('[[slow 5]] [[tokens 300]]', true)).text();
    await sleep(100);
    lab.signal('SIGSTOP');
    const knocking = post('[[say knocked]]');
    let answered = false;
    void knocking.then(() => {
      answered = true;
    });
    await sleep(3_000);
    assert.equal(answered, false, 'it is stopped indeed');
    lab.signal('SIGCONT');
    assert.match(await streaming, /\[DONE\]/);
    assert.equal((await knocking).status, 200);
    assert.equal(lab.provider.log.total, total + 2, 'what waits for a person still waits');
    const [waiting] = await open();
    await lab.call('POST', `/api/approvals/${waiting!.id}/decision`, { version: waiting!.version, decision: 'deny', reason: 'no' });
    assert.equal((await held).status, 403);
    assert.equal(lab.provider.log.total, total + 2);
    assert.ok((await lab.exchanges()).every((e) => e.outcome));
  });

  it('a client in the middle of its stream: others are served, and it gets the rest when it goes on', async () => {
    const args = ['--input-type=module', '-e', READER, `${lab.openai}/chat/completions`, lab.key, chat('[[slow 2]] [[tokens 800]]', true)];
    const reader = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    let said = '';
    reader.stdout.on('data', (chunk: Buffer) => {
      said += chunk;
    });
    await until(() => said.includes('begun'), 'the stream');
    reader.kill('SIGSTOP');
    await sleep(2_500);
    assert.equal((await post('[[say meanwhile]]')).status, 200);
    reader.kill('SIGCONT');
    await once(reader, 'close');
    const result = JSON.parse(said.trim().split('\n').at(-1)!) as { status: number; whole: boolean };
    assert.deepEqual([result.status, result.whole], [200, true]);
    assert.ok((await lab.exchanges()).every((e) => e.outcome === 'ok' || e.outcome === 'denied' || e.outcome === 'refused'));
  });
});
