import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Approval, Person } from '../../proxy/contract/index.js';
import { verifyLedger } from '../../proxy/ledger/index.js';
import { type Idp, startIdp } from '../../scripts/demo/idp.js';
import { type Bench, openBench } from '../pipeline/support.js';
import { ASK_LAUNCH, policyOf } from '../support/policies.js';
import { EVERYTHING, trusted } from '../support/settings.js';
import { until } from '../support/until.js';

const LOCAL: Person = { id: 'local', name: 'Local', groups: [], via: 'os' };
const HOUR = 3_600_000;
const YEAR = 365 * 24 * HOUR;

describe('a clock that jumps, both ways', { timeout: 90_000 }, () => {
  /** How far the wall clock is off, and how much time has really passed beside the test's own; milliseconds. */
  let off = 0;
  let passed = 0;
  let b: Bench;
  let idp: Idp;
  before(async () => {
    idp = await startIdp();
    const clock = { now: () => Date.now() + off + passed, monotonic: () => performance.now() + passed };
    b = await openBench(
      { holdScale: 1 },
      (draft) => {
        draft.policy.preset = 'observe';
        draft.issuers = [trusted(idp)];
      },
      { clock },
    );
    await b.gateway.services.policies.save({ name: 'ask.yaml', source: policyOf(ASK_LAUNCH), activate: true }, LOCAL);
  });
  after(() => Promise.all([idp?.close(), b?.close()]));
  const post = (content: string, credential = b.key): Promise<Response> =>
    b.post(
      '/openai/v1/chat/completions',
      { model: 'sim', messages: [{ role: 'user', content }] },
      { authorization: `Bearer ${credential}` },
    );
  const asked = (): Promise<Approval> => until(() => b.gateway.services.approvals.list({ state: 'pending' })[0], 'an approval');
  const approve = ({ id, version }: Approval) => b.gateway.services.approvals.decide(id, { version, decision: 'approve' }, LOCAL);

  it('by years and by half an hour: requests pass', async () => {
    for (const jump of [0, 10 * YEAR, -10 * YEAR, 0.5 * HOUR, -0.5 * HOUR, 0]) {
      off = jump;
      assert.equal((await post(`[[say hello]] at ${jump}`)).status, 200, `jump ${jump}`);
    }
  });

  it('forward while a person is asked: the time of the approval is over, what expired is not sent', async () => {
    const { total } = b.provider.log;
    const waiting = post('The launch code, and the clock goes forward.');
    const pending = await asked();
    off = 2 * HOUR;
    await assert.rejects(approve(pending));
    assert.equal((await waiting).status, 403);
    assert.equal(b.provider.log.total, total);
    off = 0;
  });

  it('back while a person is asked: the approval wins no time by it', async () => {
    const { total } = b.provider.log;
    const late = post('The launch code, and the clock goes back.');
    const first = await asked();
    off = -2 * HOUR;
    passed += 700_000;
    await assert.rejects(approve(first), 'it lives for ten minutes, whatever the wall clock says');
    assert.equal((await late).status, 403);
    assert.equal(b.provider.log.total, total);
    off = 0;
    const soon = post('The launch code, and the clock goes back once more.');
    const second = await asked();
    off = -2 * HOUR;
    await approve(second);
    assert.equal((await soon).status, 200, 'who decides in time is heard');
    off = 0;
  });

  it('keys and tokens go by the wall clock: too late or too early is 401, and when it is right again they are good', async () => {
    const ends = new Date(Date.now() + passed + HOUR).toISOString();
    const { key: short } = await b.gateway.services.agents.create({ name: 'short', owner: 'local', scope: EVERYTHING, expiresAt: ends });
    // A new one each time: one that was found good is remembered until its end.
    const token = () =>
      idp.mint({
        claims: { nbf: Math.floor((Date.now() + passed) / 1000) - 1, jti: String(Math.random()) },
        expiresIn: passed / 1000 + 3600,
      });
    const all = async (): Promise<number[]> =>
      Promise.all([short, await token()].map(async (credential) => (await post('[[say in]]', credential)).status));
    assert.deepEqual(await all(), [200, 200]);
    for (const [jump, wanted] of [
      [2 * HOUR, [401, 401]],
      [10 * YEAR, [401, 401]],
      [-2 * HOUR, [200, 401]],
      [-10 * YEAR, [200, 401]],
    ] as const) {
      off = jump;
      const { total } = b.provider.log;
      assert.deepEqual(await all(), wanted, `jump ${jump}`);
      assert.equal(b.provider.log.total - total, wanted.filter((status) => status === 200).length);
      off = 0;
      assert.deepEqual(await all(), [200, 200], `right again after ${jump}`);
    }
  });

  it('the chain verifies', async () => {
    await b.gateway.stop(200);
    assert.deepEqual((await verifyLedger(b.directory)).problems, []);
  });
});
