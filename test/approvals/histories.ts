/**
 * Random histories of agents, persons, disks, clocks and restarts, with a model that knows only what was durable. Used by the short
 * property test and by the long run (`npm run test:approvals-full`).
 */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type ApprovalBroker, createBroker, type Ticket } from '../../proxy/approvals/index.js';
import { type Approval, SallyportError } from '../../proxy/contract/index.js';
import { call, Disk, demand, digestOf, input, person, settle, World } from './world.js';

const PERSONS = [person('local'), person('alice', 'sec'), person('bob', 'sec', 'ops'), person('carol')];
const DEMANDS = [
  demand(),
  demand({ minimum: 2 }),
  demand({ separateApprover: true, expiresInSeconds: 60 }),
  demand({ groups: ['sec'], minimum: 2 }),
  { ...demand({ groups: ['sec'] }), and: [demand({ groups: ['ops'] })] },
];
const PATTERN = '{"command":"git push --force origin branch-*"}';

export type Act =
  | { do: 'attach'; agent: number; key: number; variant: number; demand: number }
  | { do: 'detach'; which: number }
  | { do: 'decide'; which: number; who: number; approve: boolean; stale: boolean; edit: boolean; force: boolean; grant: boolean }
  | { do: 'use'; which: number; variant: number; honest: boolean }
  | { do: 'flush'; ok: boolean }
  | { do: 'slow'; slow: boolean }
  | { do: 'pass'; ms: number }
  | { do: 'jump'; ms: number }
  | { do: 'invalidate'; agent: number | undefined }
  | { do: 'revoke'; which: number }
  | { do: 'clear'; which: number }
  | { do: 'restart'; crash: boolean };

const small = fc.nat({ max: 3 });
const which = fc.nat({ max: 7 });

export const acts = fc.array(
  fc.oneof(
    {
      weight: 7,
      arbitrary: fc.record({
        do: fc.constant('attach' as const),
        agent: fc.nat({ max: 1 }),
        key: fc.constantFrom(0, 1, 2, 2, 3, 3),
        variant: fc.nat({ max: 1 }),
        demand: fc.constantFrom(0, 0, 0, 1, 2, 3, 4),
      }),
    },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('detach' as const), which }) },
    {
      weight: 9,
      arbitrary: fc.record({
        do: fc.constant('decide' as const),
        which,
        who: small,
        approve: fc.integer({ min: 0, max: 9 }).map((n) => n < 8),
        stale: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
        edit: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
        force: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
        grant: fc.boolean(),
      }),
    },
    {
      weight: 9,
      arbitrary: fc.record({
        do: fc.constant('use' as const),
        which,
        variant: fc.nat({ max: 1 }),
        honest: fc.integer({ min: 0, max: 9 }).map((n) => n < 7),
      }),
    },
    { weight: 5, arbitrary: fc.record({ do: fc.constant('flush' as const), ok: fc.integer({ min: 0, max: 9 }).map((n) => n < 8) }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('slow' as const), slow: fc.boolean() }) },
    { weight: 3, arbitrary: fc.record({ do: fc.constant('pass' as const), ms: fc.constantFrom(1, 1000, 30_000, 61_000, 301_000) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('jump' as const), ms: fc.constantFrom(-86_400_000, -600_000, 30_000, 600_000) }) },
    {
      weight: 1,
      arbitrary: fc.record({ do: fc.constant('invalidate' as const), agent: fc.option(fc.nat({ max: 1 }), { nil: undefined }) }),
    },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('revoke' as const), which }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('clear' as const), which }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('restart' as const), crash: fc.boolean() }) },
  ) as fc.Arbitrary<Act>,
  { minLength: 4, maxLength: 45 },
);

/** What was counted over all histories, so that a run that never releases anything cannot pass unseen. */
export const counted = { histories: 0, releases: 0, byGrant: 0, byTwo: 0, edited: 0, forced: 0, refusedUses: 0, restarts: 0 };

const digest = (key: number, variant: number) => digestOf(16 + key * 2 + variant);
const EDITED = digestOf(999);

/** Runs one history and checks every release against what was durable. */
export async function runHistory(history: readonly Act[]): Promise<void> {
  const world = new World();
  const disk = new Disk();
  let n = 0;
  let revision = 1;
  let tickets: Ticket[] = [];
  const everyTicket: Ticket[] = [];
  const used = new Set<string>();
  /** Approvals that must never be released any more, and why. */
  const dead = new Map<string, string>();
  const opened = new Map<string, { wall: number; mono: number; digest: string; seconds: number }>();
  const make = (leftOver: Approval[] = []): ApprovalBroker =>
    createBroker({
      clock: world.clock,
      timers: world.timers,
      onRecord: disk.write,
      mayForce: (p) => p.id === 'bob',
      leftOver,
      newId: (prefix) => `${prefix}_${++n}`,
    });
  let broker = make();
  const at = <T>(list: readonly T[], index: number): T | undefined => (list.length === 0 ? undefined : list[index % list.length]);

  /** Is this release covered by what was on disk before it? */
  function release(a: Approval, bytes: string): void {
    counted.releases++;
    assert.ok(!used.has(a.id), `double release of ${a.id}`);
    used.add(a.id);
    assert.equal(dead.get(a.id), undefined, `release of ${a.id} after: ${dead.get(a.id)}`);
    const birth = opened.get(a.id)!;
    assert.ok(world.mono < birth.mono + birth.seconds * 1000, `release of ${a.id} after expiry`);
    assert.ok(world.wall < birth.wall + birth.seconds * 1000, `release of ${a.id} after its stated time`);
    const grantId = a.grantId;
    if (grantId !== undefined) {
      counted.byGrant++;
      const made = disk.durable.find((r) => r.kind === 'grant' && r.meta['act'] === 'create' && r.meta['id'] === grantId);
      assert.ok(made, 'a grant that was never recorded');
      assert.ok(
        disk.durable.some((r) => r.kind === 'grant' && r.meta['act'] === 'use' && r.exchange === a.exchange),
        'a use of a grant that was not recorded',
      );
      assert.ok(world.wall < Date.parse(made.meta['expiresAt'] as string), 'release after the end of a grant');
      assert.equal(bytes, birth.digest);
      return;
    }
    const decisions = disk.durable.filter((r) => r.kind === 'decision' && r.meta['id'] === a.id && r.meta['via'] === 'person');
    const decided = decisions.find((r) => r.meta['state'] === 'approved');
    assert.ok(decided, `release of ${a.id} without a durable approval`);
    assert.equal(decided.meta['digest'], bytes, 'other bytes than approved');
    assert.ok(
      !disk.durable.some((r) => r.kind === 'decision' && r.meta['id'] === a.id && r.meta['state'] === 'denied'),
      'released although denied',
    );
    const given = decided.meta['decisions'] as Approval['decisions'];
    if (given.some((d) => d.forced)) {
      counted.forced++;
      return;
    }
    if (a.edited) counted.edited++;
    for (const d of [a.demand, ...(a.demand.and ?? [])]) {
      const who = new Set(
        given
          .filter((g) => g.decision === 'approve')
          .map((g) => PERSONS.find((p) => p.id === g.person)!)
          .filter(
            (p) =>
              (d.groups.length === 0 || d.groups.some((g) => p.groups.includes(g))) &&
              !((d.separateApprover || d.minimum > 1) && p.id === 'local'),
          )
          .map((p) => p.id),
      );
      assert.ok(who.size >= d.minimum, `too few persons: ${who.size} of ${d.minimum}`);
      if (who.size > 1) counted.byTwo++;
    }
  }

  function tryUse(a: Approval, bytes: string): void {
    if (broker.use(a.id, bytes)) release(a, bytes);
    else counted.refusedUses++;
  }

  for (const act of history) {
    switch (act.do) {
      case 'attach': {
        const exchange = `e${everyTicket.length}`;
        const common = {
          agent: { id: `ag_${act.agent}`, name: `a${act.agent}`, owner: 'local' },
          ticketKey: `${act.agent}/${act.key}`,
          digest: digest(act.key, act.variant),
          policyRevision: `r${revision}`,
          demand: DEMANDS[act.demand]!,
          exchange,
          applyEdit: () => ({ digest: EDITED }),
        };
        const ticket = broker.attach(act.key < 2 ? input(common) : call(`git push --force origin branch-${act.key}`, common));
        const a = ticket.approval();
        if (!opened.has(a.id))
          opened.set(a.id, { wall: world.wall, mono: world.mono, digest: a.digest, seconds: Math.min(a.demand.expiresInSeconds, 1800) });
        tickets.push(ticket);
        everyTicket.push(ticket);
        break;
      }
      case 'detach':
        at(tickets, act.which)?.detach();
        break;
      case 'decide': {
        const a = at(tickets, act.which)?.approval();
        if (!a) break;
        const p = PERSONS[act.who]!;
        void broker
          .decide(
            a.id,
            {
              version: act.stale ? a.version - 1 : a.version,
              decision: act.approve ? 'approve' : 'deny',
              ...(act.edit ? { edited: [{ partId: a.shown[0]!.partId, text: 'edited' }] } : {}),
              ...(act.force ? { forced: true } : {}),
              ...(act.grant && a.kind === 'tool-call' && !act.edit ? { grant: { pattern: PATTERN, minutes: 5 } } : {}),
            },
            p,
          )
          .then(
            (done) => {
              if (!act.approve) dead.set(done.id, 'denial');
            },
            (e: unknown) => {
              if (!(e instanceof SallyportError)) throw e;
            },
          );
        break;
      }
      case 'use': {
        const t = at(tickets, act.which);
        if (!t) break;
        const a = t.approval();
        tryUse(a, act.honest ? a.digest : digest(3, act.variant));
        break;
      }
      case 'flush':
        disk.flush(act.ok);
        break;
      case 'slow':
        disk.immediate = !act.slow;
        if (!act.slow) disk.flushAll();
        break;
      case 'pass':
        world.pass(act.ms);
        break;
      case 'jump':
        world.jump(act.ms);
        break;
      case 'invalidate':
        for (const t of tickets) {
          const a = t.approval();
          if (act.agent === undefined ? a.policyRevision === `r${revision}` : a.agent.id === `ag_${act.agent}`)
            dead.set(a.id, 'invalidation');
        }
        if (act.agent === undefined) broker.invalidate({ policyRevision: `r${++revision}` });
        else broker.invalidate({ agentId: `ag_${act.agent}` });
        break;
      case 'revoke': {
        const grant = at(broker.grants(), act.which);
        if (!grant) break;
        for (const t of tickets)
          if (t.approval().grantId === grant.id && !used.has(t.approval().id)) dead.set(t.approval().id, 'revocation');
        void broker.revokeGrant(grant.id, PERSONS[0]!).catch(() => {});
        break;
      }
      case 'clear': {
        const a = at(tickets, act.which)?.approval();
        if (a) void broker.clearDenial(a.id, PERSONS[0]!).catch(() => {});
        break;
      }
      case 'restart': {
        counted.restarts++;
        const open = broker.list().filter((a) => a.state === 'pending' || a.state === 'approved');
        for (const t of everyTicket) if (!used.has(t.approval().id)) dead.set(t.approval().id, 'restart');
        if (act.crash) {
          while (disk.pending > 0) disk.flush(false); // what was not written is lost
        } else {
          const slow = !disk.immediate;
          disk.immediate = true;
          const closing = broker.close();
          disk.flushAll();
          await closing;
          disk.immediate = !slow;
        }
        await settle();
        const before = tickets;
        if (!act.crash)
          for (const t of before) assert.ok(t.settlement || !t.approval().clientWaiting, 'a client was left without an answer');
        broker = make(open);
        for (const t of before) tryUse(t.approval(), t.approval().digest);
        tickets = [];
        break;
      }
    }
    await settle();
    // a client that was told "approved" uses it at some time; here also everybody else tries
    if (act.do === 'flush' || act.do === 'pass')
      for (const t of tickets) if (t.settlement?.outcome === 'approved') tryUse(t.approval(), t.approval().digest);
  }
  disk.immediate = true;
  disk.flushAll();
  await settle();
  for (const t of tickets) tryUse(t.approval(), t.approval().digest);
  await broker.close();
  await settle();
  for (const t of everyTicket) assert.equal(broker.use(t.approval().id, t.approval().digest), false, 'released after the end');
  counted.histories++;
}
