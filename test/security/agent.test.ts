import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Approval } from '../../proxy/contract/index.js';
import { readAddress } from '../../proxy/control/index.js';
import { ledgerLines } from '../faults/kill.js';
import { type Lab, startLab } from '../support/gateway.js';
import { ASK_LAUNCH, NO_RECIPE, policyOf } from '../support/policies.js';

const POLICY = policyOf(ASK_LAUNCH, NO_RECIPE);

/** The agent runs as the same user: it can read the token file, run the CLI and edit files. */
describe('an agent tries to decide for itself', { timeout: 120_000 }, () => {
  let lab: Lab;
  let waiting: Promise<number>;
  let approval: Approval;
  let total: number;
  before(async () => {
    lab = await startLab();
    await lab.call('PUT', '/api/policies/ask.yaml', { source: POLICY });
    total = lab.provider.log.total;
    waiting = ask('The launch code.').then((r) => r.status);
    while (!approval) {
      await new Promise((r) => setTimeout(r, 20));
      [approval] = (await lab.callWithoutPerson<{ approvals: [Approval] }>('GET', '/api/approvals?state=open')).approvals;
    }
  });
  after(() => lab?.close());

  const ask = (content: string) =>
    fetch(`${lab.openai}/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${lab.key}`, 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'sim', messages: [{ role: 'user', content }] }),
    });
  const stillPending = async () => {
    const { approvals } = await lab.callWithoutPerson<{ approvals: Approval[] }>('GET', '/api/approvals');
    assert.equal(approvals.find((a) => a.id === approval.id)?.state, 'pending');
    assert.equal(lab.provider.log.total, total);
  };
  const attempts = () => ledgerLines(lab.directory).filter((l) => l.kind === 'attempt').length;

  it('runs `sallyport approvals approve`: refused, recorded, and told to whoever watches', async () => {
    const before = attempts();
    const stop = new AbortController();
    const told = (async () => {
      for await (const event of lab.events({ signal: stop.signal })) if (event.type === 'attempt') return event.data as { what: string };
      return undefined;
    })();
    const { code, stderr } = await lab.cli(['approvals', 'approve', approval.id]);
    assert.notEqual(code, 0);
    assert.match(stderr, /person/i);
    assert.match((await told)?.what ?? '', /approvals/);
    stop.abort();
    assert.ok(attempts() > before, 'there is a record of it');
    await stillPending();
  });

  for (const [name, args] of [
    ['makes itself a key', ['agents', 'add', 'mine']],
    ['switches the policy off', ['policies', 'preset', 'observe']],
    ['guesses a capability', ['approvals', 'approve', 'X']],
  ] as const)
    it(`${name}: refused`, async () => {
      const given = name.startsWith('guesses') ? { env: { SALLYPORT_PERSON: 'A'.repeat(43) } } : {};
      const { code } = await lab.cli(
        args.map((a) => (a === 'X' ? approval.id : a)),
        given,
      );
      assert.notEqual(code, 0);
      await stillPending();
    });

  it('sets a passphrase of its own, or guesses the one that is set: refused, and guessing gets slower', async () => {
    await assert.rejects(lab.callWithoutPerson('POST', '/api/persons/passphrase', { passphrase: 'a passphrase of the agent' }), /./);
    const codes: string[] = [];
    for (let i = 0; i < 8; i++)
      await lab
        .callWithoutPerson('POST', '/api/persons/unlock', { passphrase: `guess ${i}` })
        .then(() => codes.push('in'))
        .catch((error: { code: string }) => codes.push(error.code));
    assert.ok(!codes.includes('in'));
    assert.ok(codes.includes('too_many_requests'), codes.join());
    await stillPending();
  });

  it('opens the socket by itself, with the token from the file: every deciding and changing call is refused', async () => {
    const { socket, token } = readAddress(lab.directory)!;
    const call = (method: string, path: string, body: unknown, headers: Record<string, string> = {}) =>
      new Promise<number>((resolve, reject) => {
        const r = request(
          { socketPath: socket, method, path, headers: { 'x-sallyport-token': token, 'content-type': 'application/json', ...headers } },
          (answer) => {
            answer.resume();
            answer.on('end', () => resolve(answer.statusCode ?? 0));
          },
        );
        r.on('error', reject);
        r.end(JSON.stringify(body));
      });
    const decision = { version: approval.version, decision: 'approve' };
    const path = `/api/approvals/${approval.id}/decision`;
    assert.equal(await call('POST', path, decision), 403);
    assert.equal(await call('POST', path, decision, { 'x-sallyport-person': 'local' }), 403);
    assert.equal(await call('POST', path, decision, { 'x-sallyport-face': 'console', cookie: 'session=1' }), 403);
    assert.equal(await call('PUT', '/api/policy/preset', { preset: 'observe' }), 403);
    assert.equal(await call('PUT', '/api/policies/ask.yaml', { source: 'version: 1\nname: ask\nrules: []\n' }), 403);
    assert.equal(await call('POST', '/api/agents', { name: 'x', scope: { connections: ['*'], models: ['*'], operations: ['*'] } }), 403);
    assert.equal(await call('GET', '/api/status', {}, { 'x-sallyport-token': 'wrong' }), 401);
    await stillPending();
  });

  it('edits settings.json and the policy files: without effect while it runs, and the next change by a person keeps its own', async () => {
    const settings = join(lab.directory, 'settings.json');
    const text = readFileSync(settings, 'utf8');
    const edited = JSON.parse(text) as { policy: { preset: string; files: string[] }; agents: { scope: unknown }[] };
    edited.policy = { preset: 'observe', files: [] };
    writeFileSync(settings, JSON.stringify(edited));
    writeFileSync(join(lab.directory, 'policies/ask.yaml'), 'version: 1\nname: ask\nrules: []\n');
    assert.equal((await ask('The secret recipe, please.')).status, 403, 'the rule still holds');
    await stillPending();
    const status = await lab.call<{ policy: { preset: string } }>('GET', '/api/status');
    assert.equal(status.policy.preset, 'balanced');
    await lab.call('PUT', '/api/do-not-disturb', { on: true });
    const now = JSON.parse(readFileSync(settings, 'utf8')) as typeof edited;
    assert.equal(now.policy.preset, 'balanced', 'what the gateway holds was written back');
    const after = await lab.call<{ faults: { message: string }[] }>('GET', '/api/status');
    assert.ok(
      after.faults.some((f) => /settings\.edited\.json|changed by something else/.test(f.message)),
      JSON.stringify(after.faults),
    );
  });

  it('speaks to the control API through the port that agents use: there is none', async () => {
    for (const path of ['/api/status', '/api/approvals', `/api/approvals/${approval.id}/decision`, '/', '/index.html']) {
      const answer = await fetch(`${lab.baseUrl}${path}`, { headers: { authorization: `Bearer ${lab.key}` } });
      assert.ok([400, 404].includes(answer.status), `${path}: ${answer.status}`);
    }
    await stillPending();
  });

  it('and a person decides: then it is released', async () => {
    const { approvals } = await lab.callWithoutPerson<{ approvals: Approval[] }>('GET', '/api/approvals?state=open');
    const { id, version } = approvals.find((a) => a.id === approval.id)!;
    await lab.call('POST', `/api/approvals/${id}/decision`, { version, decision: 'approve' });
    assert.equal(await waiting, 200);
    assert.equal(lab.provider.log.total, total + 1);
  });
});
