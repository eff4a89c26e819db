import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createSupervisor, type HostProcess, type SupervisorState } from '../../main/gateway/supervisor.js';
import type { HostMessage, ParentMessage } from '../../proxy/index.js';
import { status } from './support.js';

const settled = () => new Promise((resolve) => setImmediate(resolve));
const secrets = (state: 'unlocked' | 'locked') => ({ kind: 'keychain', protected: true, acceptsProviderKeys: true, state: { state } });
const start = { type: 'start' as const, directory: '/d', version: '1', secrets: secrets('unlocked') };

function stage(options: { startMessage?: () => Promise<typeof start>; secret?: () => Promise<string | undefined> } = {}) {
  const children: { posted: ParentMessage[]; say(m: HostMessage): void; exit(code: number | null): void; killed: boolean }[] = [];
  const timers: { run(): void; ms: number; off: boolean }[] = [];
  let now = 0;
  const supervisor = createSupervisor({
    fork(): HostProcess {
      let onMessage: (m: HostMessage) => void = () => {};
      let onExit: (code: number | null) => void = () => {};
      const child = {
        posted: [] as ParentMessage[],
        killed: false,
        say: (m: HostMessage) => onMessage(m),
        exit: (code: number | null) => onExit(code),
      };
      children.push(child);
      return {
        pid: children.length,
        post: (m) => child.posted.push(m),
        onMessage: (l) => {
          onMessage = l;
        },
        onExit: (l) => {
          onExit = l;
        },
        kill() {
          child.killed = true;
          onExit(null);
        },
      };
    },
    startMessage: options.startMessage ?? (async () => start),
    secret: options.secret ?? (async () => 'value'),
    setTimer(run, ms) {
      const timer = { run, ms, off: false };
      timers.push(timer);
      return () => {
        timer.off = true;
      };
    },
    now: () => now,
  });
  const listening: HostMessage = { type: 'listening', status: status(), control: { socket: '/s', token: 't' }, capability: 'cap' };
  return { supervisor, children, timers, listening, at: (ms: number) => (now = ms), last: () => children.at(-1)! };
}

describe('the supervisor of the gateway', () => {
  it('starts, hears, and follows the status', async () => {
    const { supervisor, last, listening } = stage();
    supervisor.start();
    await settled();
    assert.deepEqual(last().posted, [start]);
    last().say(listening);
    assert.equal(supervisor.state.state, 'running');
    last().say({ type: 'event', event: { type: 'status', status: status({ frozen: true }) } });
    assert.equal(supervisor.state.state === 'running' && supervisor.state.status.frozen, true);
  });

  it('starts a dead gateway again, later each time, and anew after a healthy run', async () => {
    const { supervisor, children, timers, last, listening, at } = stage();
    const seen: string[] = [];
    supervisor.onState((s) => seen.push(s.state === 'starting' && s.after ? 'starting again' : s.state));
    supervisor.start();
    const waits: number[] = [];
    for (let i = 0; i < 6; i++) {
      last().exit(137);
      assert.equal(supervisor.state.state === 'down' && supervisor.state.code, 'gateway_died');
      waits.push(timers.at(-1)!.ms);
      timers.at(-1)!.run();
    }
    assert.deepEqual(waits, [300, 1_000, 3_000, 10_000, 30_000, 30_000]);
    assert.deepEqual(seen.slice(0, 4), ['starting', 'down', 'starting again', 'down']);
    last().say(listening);
    at(120_000);
    last().exit(null);
    assert.equal(timers.at(-1)!.ms, 300);
    assert.equal(children.length, 7);
  });

  it('says why a start failed, and waits for a person where another try cannot help', async () => {
    const { supervisor, last, timers } = stage();
    supervisor.start();
    last().say({ type: 'failed', code: 'invalid', message: 'settings.json: bad' });
    assert.deepEqual(supervisor.state, { state: 'down', code: 'invalid', message: 'settings.json: bad' });
    assert.equal(timers.length, 0);
    supervisor.retry();
    assert.equal(supervisor.state.state, 'starting');
    last().say({ type: 'failed', code: 'conflict', message: 'taken' });
    const now = supervisor.state as SupervisorState;
    assert.equal(now.state === 'down' && now.retryInMs, 300);
  });

  it('a store of secrets that cannot be opened is a failed start', async () => {
    const { supervisor } = stage({
      startMessage: () => Promise.reject(Object.assign(new Error('locked'), { code: 'keychain_unavailable' })),
    });
    supervisor.start();
    await settled();
    assert.equal(supervisor.state.state === 'down' && supervisor.state.code, 'keychain_unavailable');
  });

  it('says that it waits for a keychain that is locked', async () => {
    const { supervisor, last, listening } = stage({ startMessage: async () => ({ ...start, secrets: secrets('locked') }) });
    supervisor.start();
    await settled();
    assert.deepEqual(supervisor.state, { state: 'starting', unlock: true });
    last().say(listening);
    assert.equal(supervisor.state.state, 'running');
  });

  it('answers for secrets one by one, and passes a refusal on without more', async () => {
    const { supervisor, last } = stage();
    supervisor.start();
    last().say({ type: 'secret-request', id: 7, op: 'get', name: 'x' });
    await settled();
    assert.deepEqual(last().posted.at(-1), { type: 'secret', id: 7, value: 'value' });
    const refusing = stage({ secret: () => Promise.reject(new Error('locked')) });
    refusing.supervisor.start();
    refusing.last().say({ type: 'secret-request', id: 8, op: 'get', name: 'x' });
    await settled();
    assert.deepEqual(refusing.last().posted.at(-1), { type: 'secret', id: 8, error: 'locked' });
  });

  it('a dead child that still speaks is not heard', async () => {
    const { supervisor, children, listening } = stage();
    supervisor.start();
    children[0]!.exit(1);
    children[0]!.say(listening);
    assert.equal(supervisor.state.state, 'down');
  });

  it('a gateway that no longer answers is ended and started again; any word of it counts as an answer', () => {
    const { supervisor, last, listening, timers, children } = stage();
    supervisor.start();
    last().say(listening);
    const ping = () => timers.at(-1)!.run();
    const pings = () => last().posted.filter((m) => m.type === 'ping').length;
    for (let i = 0; i < 4; i++) ping();
    last().say({ type: 'pong' });
    for (let i = 0; i < 4; i++) ping();
    last().say({ type: 'event', event: { type: 'status', status: status() } });
    for (let i = 0; i < 4; i++) ping();
    assert.equal(pings(), 12);
    assert.equal(supervisor.state.state, 'running');
    ping();
    assert.equal(pings(), 12);
    assert.ok(last().killed);
    const now = supervisor.state as SupervisorState;
    assert.equal(now.state === 'down' && now.code, 'gateway_hung');
    ping(); // The timer of the next try.
    assert.equal(children.length, 2);
    assert.equal(supervisor.state.state, 'starting');
  });

  it('asks no gateway that is gone or stops for a sign of life', async () => {
    const { supervisor, last, listening, timers } = stage();
    supervisor.start();
    last().say(listening);
    last().exit(1);
    assert.ok(timers[0]!.off);
    timers.at(-1)!.run();
    last().say(listening);
    void supervisor.stop();
    assert.ok(timers.at(-2)!.off);
  });

  it('stops in an orderly way, kills what does not end, and does not start it again', async () => {
    const { supervisor, last, listening, timers, children } = stage();
    supervisor.start();
    last().say(listening);
    const stopped = supervisor.stop();
    assert.deepEqual(last().posted.at(-1), { type: 'stop' });
    timers.at(-1)!.run();
    await stopped;
    assert.ok(last().killed);
    assert.equal(supervisor.state.state, 'stopped');
    assert.equal(children.length, 1);
  });

  it('stopping while it waits for the next try ends the waiting', async () => {
    const { supervisor, last, timers } = stage();
    supervisor.start();
    last().exit(1);
    await supervisor.stop();
    assert.ok(timers.at(-1)!.off);
    assert.equal(supervisor.state.state, 'stopped');
  });

  it('asks about persons, and never waits for a dead child', async () => {
    const { supervisor, last, listening } = stage();
    assert.deepEqual(await supervisor.personSession(), { state: 'none' });
    supervisor.start();
    last().say(listening);
    const asked = supervisor.personSession('p');
    const message = last().posted.at(-1) as { type: 'person'; id: number; person: string };
    assert.equal(message.person, 'p');
    last().say({ type: 'person', id: message.id, state: 'revoked' });
    assert.deepEqual(await asked, { state: 'revoked' });
    const lost = supervisor.localCapability();
    last().exit(null);
    assert.equal(await lost, undefined);
  });
});
