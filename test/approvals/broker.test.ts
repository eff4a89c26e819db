import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type BrokerOptions, createBroker, foldApprovals } from '../../proxy/approvals/index.js';
import { SallyportError } from '../../proxy/contract/index.js';
import { call, Disk, demand, digestOf, input, person, settle, World } from './world.js';

const me = person('local');

function setup(options: Partial<BrokerOptions> = {}) {
  const world = new World();
  const disk = new Disk();
  let n = 0;
  const broker = createBroker({
    clock: world.clock,
    timers: world.timers,
    onRecord: disk.write,
    newId: (prefix) => `${prefix}_${++n}`,
    ...options,
  });
  return { world, disk, broker };
}

const code = (wanted: string) => (e: unknown) => e instanceof SallyportError && e.code === wanted;

test('approve, once, bound to the digest, recorded before it counts', async () => {
  const { broker, disk } = setup();
  disk.immediate = false;
  const ticket = broker.attach(input());
  disk.flush(true);
  await settle();
  const asked = broker.get(ticket.approval().id)!;
  assert.equal(asked.state, 'pending');
  assert.equal(asked.code.length, 6);
  let decided = false;
  const decision = broker.decide(asked.id, { version: asked.version, decision: 'approve' }, me).then(() => {
    decided = true;
  });
  await settle();
  assert.equal(decided, false, 'a decision that is not on disk counts for nothing');
  assert.equal(broker.use(asked.id, asked.digest), false);
  assert.equal(ticket.settlement, undefined);
  disk.flush(true);
  await decision;
  assert.equal((await ticket.settled).outcome, 'approved');
  assert.equal(broker.use(asked.id, digestOf(2)), false, 'other bytes');
  assert.equal(broker.use(asked.id, asked.digest), true);
  assert.equal(broker.use(asked.id, asked.digest), false, 'once');
  assert.deepEqual(
    disk.durable.map((r) => r.kind),
    ['approval', 'decision'],
  );
});

test('shown when its opening is durable; a decision that comes earlier waits for it', async () => {
  const { broker, disk } = setup();
  disk.immediate = false;
  const ticket = broker.attach(input());
  assert.deepEqual(broker.list(), []);
  const decision = broker.decide(ticket.approval().id, { version: 1, decision: 'approve' }, me);
  await settle();
  assert.equal(disk.pending, 1, 'nothing is decided before');
  disk.flush(true);
  await settle();
  assert.equal(broker.list({ state: 'open' }).length, 1);
  disk.flush(true);
  assert.equal((await decision).state, 'approved');
  assert.equal((await ticket.settled).outcome, 'approved');

  const lost = broker.attach(input({ ticketKey: 'another' }));
  const late = broker.decide(lost.approval().id, { version: 1, decision: 'approve' }, me);
  disk.flush(false);
  await assert.rejects(late, code('conflict'));
  assert.equal((await lost.settled).outcome, 'withdrawn');
});

test('records hold no text of what was shown', async () => {
  const { broker, disk } = setup();
  const t = broker.attach(input());
  await settle();
  await broker.decide(t.approval().id, { version: 1, decision: 'deny', reason: 'no' }, me);
  assert.doesNotMatch(JSON.stringify(disk.durable.map((r) => r.meta)), /ignore all instructions/);
});

test('a decision that cannot be recorded: approve stays undecided, deny holds', async () => {
  const { broker, disk } = setup();
  const t = broker.attach(input());
  await settle();
  disk.immediate = false;
  const approve = broker.decide(t.approval().id, { version: 1, decision: 'approve' }, me);
  await settle();
  disk.flush(false);
  await assert.rejects(approve, code('not_recording'));
  assert.equal(broker.get(t.approval().id)!.state, 'pending');
  const deny = broker.decide(t.approval().id, { version: 1, decision: 'deny' }, me);
  await settle();
  disk.flush(false);
  assert.equal((await deny).state, 'denied');
  assert.equal((await t.settled).outcome, 'denied');
});

test('two deciders: one wins, the other is told', async () => {
  const { broker } = setup();
  const t = broker.attach(input());
  await settle();
  const id = t.approval().id;
  const results = await Promise.allSettled([
    broker.decide(id, { version: 1, decision: 'deny' }, me),
    broker.decide(id, { version: 1, decision: 'approve' }, person('alice')),
  ]);
  assert.deepEqual(
    results.map((r) => r.status),
    ['fulfilled', 'rejected'],
  );
  assert.equal((await t.settled).outcome, 'denied');
  await assert.rejects(broker.decide(id, { version: 2, decision: 'approve' }, me), code('conflict'));
});

test('minimum counts distinct persons; the owner and a person in two groups do not make two', async () => {
  const { broker } = setup();
  const t = broker.attach(input({ demand: demand({ minimum: 2, groups: ['sec', 'ops'] }) }));
  await settle();
  const id = t.approval().id;
  await assert.rejects(broker.decide(id, { version: 1, decision: 'approve' }, person('local', 'sec')), code('forbidden'));
  await assert.rejects(broker.decide(id, { version: 1, decision: 'approve' }, person('eve')), code('forbidden'));
  const one = await broker.decide(id, { version: 1, decision: 'approve' }, person('alice', 'sec', 'ops'));
  assert.equal(one.state, 'pending');
  await assert.rejects(broker.decide(id, { version: one.version, decision: 'approve' }, person('alice', 'ops')), code('conflict'));
  assert.equal((await broker.decide(id, { version: one.version, decision: 'approve' }, person('bob', 'ops'))).state, 'approved');
});

test('demands of several rules must each be met', async () => {
  const { broker } = setup();
  const t = broker.attach(input({ demand: { ...demand({ groups: ['sec'] }), and: [demand({ groups: ['legal'] })] } }));
  await settle();
  const id = t.approval().id;
  const one = await broker.decide(id, { version: 1, decision: 'approve' }, person('alice', 'sec'));
  assert.equal(one.state, 'pending');
  assert.equal((await broker.decide(id, { version: 2, decision: 'approve' }, person('carol', 'legal'))).state, 'approved');
});

test('the owner may approve unless somebody else is wanted', async () => {
  const { broker } = setup();
  const t = broker.attach(input({ demand: demand({ separateApprover: true }) }));
  await settle();
  await assert.rejects(broker.decide(t.approval().id, { version: 1, decision: 'approve' }, me), code('forbidden'));
  assert.equal((await broker.decide(t.approval().id, { version: 1, decision: 'approve' }, person('alice'))).state, 'approved');
});

test('forcing needs the right to, and is marked for ever', async () => {
  const { broker } = setup({ mayForce: (p) => p.groups.includes('break-glass') });
  const t = broker.attach(input({ demand: demand({ minimum: 2 }) }));
  await settle();
  const id = t.approval().id;
  await assert.rejects(broker.decide(id, { version: 1, decision: 'approve', forced: true }, person('alice')), code('forbidden'));
  const a = await broker.decide(id, { version: 1, decision: 'approve', forced: true }, person('chief', 'break-glass'));
  assert.equal(a.state, 'approved');
  assert.equal(a.decisions[0]!.forced, true);
  assert.equal(broker.use(id, a.digest), true);
  assert.equal(broker.get(id)!.decisions[0]!.forced, true);
});

test('the computer slept while it waited: timers stood, and it has expired within seconds of waking', async () => {
  const { broker, world } = setup();
  const t = broker.attach(input());
  await settle();
  world.jump(3_600_000);
  world.pass(6_000);
  await settle();
  assert.equal((await Promise.race([t.settled, Promise.resolve(undefined)]))?.outcome, 'expired');
});

test('expiry is absolute: nothing extends it, not even a clock that is turned back', async () => {
  const { broker, world } = setup();
  const t = broker.attach(input());
  await settle();
  world.pass(300_000);
  broker.attach(input());
  world.jump(-3_600_000);
  world.pass(300_001);
  await settle();
  assert.equal((await t.settled).outcome, 'expired');
  assert.equal(world.armed, 0);
});

test('approved and not used in time: expired, and useless', async () => {
  const { broker, world } = setup();
  const t = broker.attach(input());
  await settle();
  const a = await broker.decide(t.approval().id, { version: 1, decision: 'approve' }, me);
  world.jump(600_000);
  assert.equal(broker.use(a.id, a.digest), false);
  assert.equal(broker.get(a.id)!.state, 'expired');
});

test('nothing stays open over 30 minutes, whatever the rule says', async () => {
  const { broker, world } = setup();
  const t = broker.attach(input({ demand: demand({ expiresInSeconds: 86_400 }) }));
  await settle();
  world.pass(30 * 60_000 + 1);
  assert.equal((await t.settled).outcome, 'expired');
});

test('retries attach to the pending approval, and to the decision', async () => {
  const { broker, world } = setup();
  const first = broker.attach(input());
  await settle();
  first.detach();
  assert.equal(broker.get(first.approval().id)!.clientWaiting, false);
  const second = broker.attach(input({ digest: digestOf(7) }));
  assert.equal(second.approval().id, first.approval().id);
  assert.equal(second.approval().attempts, 2);
  assert.equal(second.approval().version, 1, 'a retry does not make the shown version stale');
  assert.equal(second.approval().digest, digestOf(1), 'what was shown is what counts');
  second.detach();
  await broker.decide(first.approval().id, { version: 1, decision: 'approve' }, me);
  world.pass(60_000);
  const third = broker.attach(input());
  assert.deepEqual([third.settlement?.outcome, third.settlement?.via], ['approved', 'earlier']);
  assert.equal(broker.use(third.approval().id, digestOf(1)), true);
  assert.notEqual(broker.attach(input()).approval().id, first.approval().id, 'a used approval is no approval');
});

test('a denial answers retries for five minutes, and can be cleared', async () => {
  const { broker, world } = setup();
  const t = broker.attach(input());
  await settle();
  await broker.decide(t.approval().id, { version: 1, decision: 'deny', reason: 'not today' }, me);
  for (let i = 0; i < 6; i++) {
    world.pass(49_000);
    const retry = broker.attach(input());
    assert.equal(retry.settlement?.outcome, 'denied');
    assert.equal(retry.settlement?.reason, 'not today');
  }
  assert.equal(broker.list({ state: 'open' }).length, 0, 'one notification, not seven');
  await broker.clearDenial(t.approval().id, me);
  assert.notEqual(broker.attach(input()).approval().id, t.approval().id);
  await assert.rejects(
    broker.clearDenial(t.approval().id, me).then(() => broker.clearDenial('ap_none', me)),
    code('not_found'),
  );
});

test('a changed policy or agent voids what is open and what is approved but not used', async () => {
  const { broker } = setup();
  const a = broker.attach(input());
  const b = broker.attach(input({ ticketKey: 'b' }));
  const c = broker.attach(input({ ticketKey: 'c', agent: { id: 'ag_2', name: 'x', owner: 'local' } }));
  await settle();
  await broker.decide(b.approval().id, { version: 1, decision: 'approve' }, me);
  broker.invalidate({ agentId: 'ag_1' });
  assert.equal((await a.settled).outcome, 'void');
  assert.equal(broker.use(b.approval().id, b.approval().digest), false);
  assert.equal(c.settlement, undefined);
  broker.invalidate({ policyRevision: 'r2' });
  assert.equal((await c.settled).outcome, 'void');
});

test('a change that comes while a decision is being written wins', async () => {
  const { broker, disk } = setup();
  const t = broker.attach(input());
  await settle();
  disk.immediate = false;
  const decision = broker.decide(t.approval().id, { version: 1, decision: 'approve' }, me);
  await settle();
  broker.invalidate({ policyRevision: 'r2' });
  disk.flush(true);
  await decision;
  assert.equal((await t.settled).outcome, 'void');
  assert.equal(broker.use(t.approval().id, t.approval().digest), false);
});

test('the same request under another policy is asked anew', async () => {
  const { broker } = setup();
  const t = broker.attach(input());
  await settle();
  const again = broker.attach(input({ policyRevision: 'r2' }));
  assert.equal((await t.settled).outcome, 'void');
  assert.notEqual(again.approval().id, t.approval().id);
});

test('stop and restart: clients get an answer, nothing is released later', async () => {
  const { broker, disk, world } = setup();
  const t = broker.attach(input());
  const approved = broker.attach(input({ ticketKey: 'b' }));
  await settle();
  await broker.decide(approved.approval().id, { version: 1, decision: 'approve' }, me);
  const open = broker.list().filter((a) => a.state === 'pending' || a.state === 'approved');
  await broker.close();
  assert.equal((await t.settled).outcome, 'withdrawn');
  assert.equal(broker.use(approved.approval().id, approved.approval().digest), false);
  assert.throws(() => broker.attach(input()), code('shutting_down'));
  // as after kill -9: what the ledger still shows as open
  const next = createBroker({ clock: world.clock, timers: world.timers, onRecord: disk.write, leftOver: open });
  await settle();
  for (const a of open) {
    assert.equal(next.get(a.id)!.state, 'withdrawn');
    assert.equal(next.use(a.id, a.digest), false);
    await assert.rejects(next.decide(a.id, { version: next.get(a.id)!.version, decision: 'approve' }, me), code('conflict'));
  }
  assert.equal(disk.durable.filter((r) => r.meta['via'] === 'restart').length, open.length);
});

test('edit and approve: other bytes, both recorded, earlier votes gone', async () => {
  const { broker, disk } = setup();
  const edits: unknown[] = [];
  const t = broker.attach(
    input({
      demand: demand({ minimum: 2 }),
      applyEdit: (edited) => {
        edits.push(edited);
        return { digest: digestOf(9) };
      },
    }),
  );
  await settle();
  const id = t.approval().id;
  const one = await broker.decide(id, { version: 1, decision: 'approve' }, person('alice'));
  await assert.rejects(
    broker.decide(id, { version: one.version, decision: 'approve', edited: [{ partId: 'other', text: 'x' }] }, person('bob')),
    code('invalid'),
  );
  const two = await broker.decide(
    id,
    { version: one.version, decision: 'approve', edited: [{ partId: 'p', text: 'be kind' }] },
    person('bob'),
  );
  assert.equal(two.state, 'pending', 'alice approved other words');
  assert.equal(two.digest, digestOf(9));
  const three = await broker.decide(id, { version: two.version, decision: 'approve' }, person('alice'));
  assert.equal(three.state, 'approved');
  assert.equal(three.edited, true);
  assert.deepEqual((await t.settled).edited, [{ partId: 'p', text: 'be kind' }]);
  assert.equal(broker.use(id, digestOf(1)), false);
  assert.equal(broker.use(id, digestOf(9)), true);
  const content = disk.durable.find((r) => r.content)!.content!;
  assert.equal(Buffer.from(content.bytes).toString(), '[{"partId":"p","text":"be kind"}]');
});

test('what cannot be edited says so', async () => {
  const { broker } = setup();
  const t = broker.attach(input());
  await settle();
  await assert.rejects(
    broker.decide(t.approval().id, { version: 1, decision: 'approve', edited: [{ partId: 'p', text: 'x' }] }, me),
    code('invalid'),
  );
  assert.equal(broker.get(t.approval().id)!.state, 'pending');
});

test('grants: cover the shape and nothing beside it, are counted, revoked at once, and end', async () => {
  const { broker, world, disk } = setup();
  const t = broker.attach(call('git push --force origin feature-1'));
  await settle();
  const pattern = '{"command":"git push --force origin feature-*"}';
  await broker.decide(t.approval().id, { version: 1, decision: 'approve', grant: { pattern, minutes: 30 } }, me);
  const alike = broker.attach(call('git push --force origin feature-22'));
  const settled = await alike.settled;
  assert.deepEqual([settled.outcome, settled.via], ['approved', 'grant']);
  assert.equal(broker.use(alike.approval().id, alike.approval().digest), true);
  for (const other of [
    call('git push --force origin main'),
    call('git push --force origin feature-1; rm -rf x'),
    call('git push --force origin feature-1\nrm -rf x'),
    call('git push --force origin feature-$(rm -rf x)'),
    call('git push --force origin feature-3', { agent: { id: 'ag_2', name: 'other', owner: 'local' } }),
    call('git push --force origin feature-4', {}, 'shell/other-risk'),
    call('git push --force origin feature-5', { demand: demand({ minimum: 2 }) }),
    call('git push --force origin feature-6', { verdicts: [{ action: 'approve', rule: 'user/other', sentence: '' }] }),
  ]) {
    const asked = broker.attach(other);
    await settle();
    assert.equal(asked.approval().state, 'pending', other.tool!.arguments);
  }
  const held = broker.attach(call('git push --force origin feature-7'));
  await held.settled;
  const [grant] = broker.grants();
  assert.equal(grant!.uses, 2);
  await broker.revokeGrant(grant!.id, me);
  assert.equal(broker.use(held.approval().id, held.approval().digest), false, 'revoked between approval and use');
  const after = broker.attach(call('git push --force origin feature-8'));
  await settle();
  assert.equal(after.approval().state, 'pending');
  assert.doesNotMatch(JSON.stringify(disk.durable.map((r) => r.meta)), /feature-\*/);
  world.pass(1);
});

test('a grant for a session ends with it, one for minutes with them; what does not fit is refused', async () => {
  const { broker, world } = setup();
  const t = broker.attach(call('make deploy stage-1'));
  await settle();
  const refuse = (grant: { pattern: string; minutes: number }) =>
    assert.rejects(broker.decide(t.approval().id, { version: 1, decision: 'approve', grant }, me), code('invalid'));
  await refuse({ pattern: '*', minutes: 5 });
  await refuse({ pattern: '{"command":"rm *"}', minutes: 5 });
  await refuse({ pattern: '{"command":"make deploy stage-*"}', minutes: 100_000 });
  await broker.decide(
    t.approval().id,
    { version: 1, decision: 'approve', grant: { pattern: '{"command":"make deploy stage-*"}', minutes: 5, session: true } },
    me,
  );
  const elsewhere = broker.attach(call('make deploy stage-2', { session: 's2' }));
  await settle();
  assert.equal(elsewhere.approval().state, 'pending');
  world.pass(5 * 60_000);
  const late = broker.attach(call('make deploy stage-3'));
  await settle();
  assert.equal(late.approval().state, 'pending');
});

test('after three alike approvals a narrow pattern is offered', async () => {
  const { broker } = setup();
  const ids: string[] = [];
  for (const n of [12, 7, 31]) {
    const t = broker.attach(call(`kubectl delete pod web-${n} -n staging`));
    await settle();
    ids.push(t.approval().id);
    if (ids.length < 3) assert.equal(broker.suggestGrant(t.approval().id), undefined);
    await broker.decide(t.approval().id, { version: 1, decision: 'approve' }, me);
  }
  const suggestion = broker.suggestGrant(ids[2]!)!;
  assert.equal(suggestion.pattern, '{"command":"kubectl delete pod web-* -n staging"}');
  assert.equal(suggestion.alike, 3);
  assert.deepEqual(suggestion.rules, ['balanced/ask-risky']);
});

test('batch deny, list, quality', async () => {
  const { broker, world } = setup();
  const tickets = Array.from({ length: 100 }, (_, i) =>
    broker.attach(input({ ticketKey: `k${i}`, agent: { id: `ag_${i % 10}`, name: `agent ${i % 10}`, owner: 'local' } })),
  );
  await settle();
  const listed = broker.list({ state: 'open' }).map(({ id }) => id);
  assert.deepEqual(listed, tickets.map((t) => t.approval().id).reverse(), 'the newest first, also of one millisecond');
  assert.equal(broker.list({ state: 'open', agent: 'ag_3' }).length, 10);
  world.pass(1000);
  await broker.decide(tickets[0]!.approval().id, { version: 1, decision: 'approve' }, me);
  world.pass(9000);
  const denied = await broker.denyAll(
    tickets.map((t) => t.approval().id),
    'all of them',
    me,
  );
  assert.equal(denied.length, 99);
  for (const [i, t] of tickets.entries()) assert.equal((await t.settled).approval.agent.id, `ag_${i % 10}`);
  assert.deepEqual(broker.quality(), { decided: 100, approved: 1, denied: 99, expired: 0, medianSeconds: 10, underTwoSeconds: 1 });
});

test('memory of ended approvals is bounded', async () => {
  const { broker, world } = setup({ stickyMs: 1000 });
  for (let i = 0; i < 3000; i++) {
    const t = broker.attach(input({ ticketKey: `k${i}` }));
    await settle();
    await broker.decide(t.approval().id, { version: 1, decision: 'deny' }, me);
    world.pass(50);
  }
  assert.ok(broker.list().length <= 1300, `${broker.list().length}`);
});

test('a retry of what a grant let pass is a use of its own', async () => {
  const { broker } = setup();
  const t = broker.attach(call('git push --force origin feature-1'));
  await settle();
  await broker.decide(
    t.approval().id,
    { version: 1, decision: 'approve', grant: { pattern: '{"command":"git push --force origin feature-*"}', minutes: 30 } },
    me,
  );
  const one = broker.attach(call('git push --force origin feature-2'));
  await one.settled;
  const two = broker.attach(call('git push --force origin feature-2'));
  assert.equal((await two.settled).via, 'grant');
  assert.notEqual(two.approval().id, one.approval().id);
  assert.equal(broker.grants()[0]!.uses, 2);
});

test('what the ledger holds tells the next start what was open, and which grants stand', async () => {
  const { broker, disk, world } = setup();
  const asked = broker.attach(input());
  const denied = broker.attach(input({ ticketKey: 'b' }));
  const granted = broker.attach(call('git push --force origin feature-1'));
  await settle();
  await broker.decide(denied.approval().id, { version: 1, decision: 'deny' }, me);
  await broker.decide(
    granted.approval().id,
    { version: 1, decision: 'approve', grant: { pattern: '{"command":"git push --force origin feature-*"}', minutes: 30 } },
    me,
  );
  await broker.attach(call('git push --force origin feature-2')).settled;
  const records = disk.durable.map(({ kind, meta, content }) => ({
    kind,
    meta,
    ...(content ? { content: Buffer.from(content.bytes).toString() } : {}),
  }));
  const { leftOver, grants } = foldApprovals(records, world.wall);
  assert.deepEqual(
    grants.map((g) => [g.pattern, g.uses]),
    [['{"command":"git push --force origin feature-*"}', 1]],
  );
  assert.ok(leftOver.some((a) => a.id === asked.approval().id));
  assert.ok(!leftOver.some((a) => a.id === denied.approval().id));
  assert.ok(leftOver.some((a) => a.id === granted.approval().id));
  const released = [...records, { kind: 'tool-call', meta: { approval: granted.approval().id } }];
  assert.ok(!foldApprovals(released, world.wall).leftOver.some((a) => a.id === granted.approval().id), 'it was used');
  const next = createBroker({ clock: world.clock, timers: world.timers, onRecord: disk.write, leftOver, grants });
  assert.equal(next.get(asked.approval().id)!.state, 'withdrawn');
  assert.equal((await next.attach(call('git push --force origin feature-3')).settled).via, 'grant');
  assert.equal(foldApprovals(records, world.wall + 31 * 60_000).grants.length, 0);
  await next.revokeGrant(grants[0]!.id, me);
  const again = disk.durable.map(({ kind, meta, content }) => ({
    kind,
    meta,
    ...(content ? { content: Buffer.from(content.bytes).toString() } : {}),
  }));
  assert.deepEqual(foldApprovals(again, world.wall).grants, []);
  assert.ok(!foldApprovals(again, world.wall).leftOver.some((a) => a.id === asked.approval().id), 'the withdrawal is in the ledger');
});

test('an agent that changes while its approval is being written gets neither the approval nor the grant', async () => {
  const { broker, disk } = setup();
  const t = broker.attach(call('git push --force origin feature-1'));
  await settle();
  disk.immediate = false;
  const grant = { pattern: '{"command":"git push --force origin feature-*"}', minutes: 30 };
  const decision = broker.decide(t.approval().id, { version: 1, decision: 'approve', grant }, me);
  await settle();
  broker.invalidate({ agentId: 'ag_1' });
  disk.immediate = true;
  disk.flushAll();
  await decision;
  assert.equal((await t.settled).outcome, 'void');
  assert.deepEqual(broker.grants(), []);
  const records = disk.durable.map(({ kind, meta, content }) => ({
    kind,
    meta,
    ...(content ? { content: Buffer.from(content.bytes).toString() } : {}),
  }));
  assert.deepEqual(foldApprovals(records, 0).grants, [], 'nor after a restart');
});

test('a grant that cannot be read any more does not stop the start', () => {
  const { broker } = setup({
    grants: [{ id: 'gr_x', agentId: 'a', tool: 't', rules: [], pattern: '*', createdBy: 'local', createdAt: '', expiresAt: '', uses: 0 }],
  });
  assert.deepEqual(broker.grants(), []);
});
