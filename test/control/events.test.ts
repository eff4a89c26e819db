import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { ControlEvent } from '../../proxy/contract/index.js';
import { EventHub } from '../../proxy/control/events.js';
import { Jobs } from '../../proxy/control/jobs.js';
import { type Lab, startLab } from './support.js';

async function take(events: AsyncGenerator<{ id?: string; type: string; data: unknown }>, n: number) {
  const out = [];
  for await (const event of events) {
    out.push(event);
    if (out.length === n) break;
  }
  return out;
}

describe('the event stream', () => {
  let lab: Lab;
  before(async () => {
    lab = await startLab();
  });
  after(() => lab.close());

  it('begins with the status and tells of changes', async () => {
    const stop = new AbortController();
    const events = lab.client.events({ signal: stop.signal });
    const first = await events.next();
    assert.equal(first.value?.type, 'status');
    await lab.call('POST', '/api/agents', { name: 'eventful' });
    for await (const event of events) if (event.type === 'settings') break;
    stop.abort();
  });

  it('continues after Last-Event-ID without loss or doubling, and says reset for ids of another run', async () => {
    const stop = new AbortController();
    const events = lab.client.events({ signal: stop.signal });
    await events.next();
    await lab.call('PUT', '/api/do-not-disturb', { on: true });
    let last = '';
    for await (const event of events) {
      if (event.id !== undefined) last = event.id;
      if (event.type === 'settings') break;
    }
    stop.abort();
    await lab.call('PUT', '/api/do-not-disturb', { on: false });
    const again = new AbortController();
    const missed = await take(lab.client.events({ signal: again.signal, lastId: last }), 2);
    again.abort();
    assert.equal(missed[0]!.type, 'status');
    const number = (id: string | undefined) => Number(id?.split('-')[1]);
    assert.equal(number(missed[1]!.id), number(last) + 1);
    const foreign = new AbortController();
    const reset = await take(lab.client.events({ signal: foreign.signal, lastId: '00000000-5' }), 2);
    foreign.abort();
    assert.equal(reset[1]!.type, 'reset');
  });

  it('lets readers go that do not read', () => {
    let listener: (event: ControlEvent) => void = () => undefined;
    const hub = new EventHub((l) => {
      listener = l;
      return () => undefined;
    });
    let destroyed = false;
    const reader = {
      writableLength: 0,
      writeHead: () => reader,
      write(text: string) {
        reader.writableLength += text.length;
        return false;
      },
      once: () => reader,
      end: () => undefined,
      destroy: () => {
        destroyed = true;
      },
    };
    hub.attach(reader as never, []);
    assert.equal(hub.size, 1);
    for (let i = 0; i < 5000; i += 1) listener({ type: 'attempt', what: 'x'.repeat(400), at: '' });
    assert.ok(destroyed);
    assert.equal(hub.size, 0);
    assert.ok(reader.writableLength < 3 << 20);
    hub.close();
  });
});

describe('jobs', () => {
  const until = async (jobs: Jobs, id: string, state: string) => {
    while (jobs.get(id).state !== state) await new Promise((done) => setTimeout(done, 1));
    return jobs.get(id);
  };

  it('report progress, end with a result or an error that shows nothing foreign, and can be cancelled', async () => {
    const jobs = new Jobs();
    const done = jobs.start('count', async ({ onProgress }) => {
      onProgress({ done: 5, total: 10 });
      return { answer: 42 };
    });
    assert.equal(done.state, 'running');
    const ended = await until(jobs, done.id, 'done');
    assert.deepEqual(ended.result, { answer: 42 });
    assert.deepEqual(ended.progress, { done: 5, total: 10 });
    const failed = jobs.start('fail', async () => {
      throw new Error('/home/secret/path broke');
    });
    assert.doesNotMatch(JSON.stringify(await until(jobs, failed.id, 'failed')), /secret/);
    const long = jobs.start(
      'long',
      ({ signal }) => new Promise((_, fail) => signal.addEventListener('abort', () => fail(new Error('aborted')))),
    );
    jobs.cancel(long.id);
    await until(jobs, long.id, 'cancelled');
  });

  it('are four at most, and the last twenty ended ones are kept', async () => {
    const jobs = new Jobs();
    const ends: (() => void)[] = [];
    for (let i = 0; i < 4; i += 1) jobs.start('wait', () => new Promise<void>((done) => ends.push(done)));
    assert.throws(() => jobs.start('wait', async () => undefined), /running already/);
    await new Promise((done) => setTimeout(done, 5));
    for (const end of ends) end();
    while (jobs.list().some((job) => job.state === 'running')) await new Promise((done) => setTimeout(done, 1));
    for (let i = 0; i < 40; i += 1) await until(jobs, jobs.start('quick', async () => i).id, 'done');
    assert.equal(jobs.list().length, 20);
  });
});
