import assert from 'node:assert/strict';
import { connect, type Socket } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Person } from '../../proxy/contract/index.js';
import { type Bench, openBench } from '../pipeline/support.js';
import { ASK_LAUNCH, policyOf } from '../support/policies.js';

const POLICY = policyOf(ASK_LAUNCH);
const LOCAL: Person = { id: 'local', name: 'Local', groups: [], via: 'os' };

describe('a client that misbehaves', { timeout: 90_000 }, () => {
  let b: Bench;
  let started = 0;
  let ended = 0;
  const outcomes: string[] = [];
  before(async () => {
    b = await openBench({ holdScale: 1 }, (draft) => {
      draft.policy.preset = 'observe';
    });
    await b.gateway.services.policies.save({ name: 'ask.yaml', source: POLICY, activate: true }, LOCAL);
    b.gateway.subscribe((event) => {
      if (event.type === 'exchange-started') started += 1;
      if (event.type === 'exchange-ended') {
        ended += 1;
        outcomes.push(event.outcome);
      }
    });
  });
  after(() => b?.close());

  const chat = (content: string, stream = false) => JSON.stringify({ model: 'sim', stream, messages: [{ role: 'user', content }] });
  const head = (body: string, more = '') =>
    `POST /openai/v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1:${b.gateway.address.port}\r\nAuthorization: Bearer ${b.key}\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n${more}\r\n`;
  function open(): { socket: Socket; text(): string; closed: Promise<void> } {
    const socket = connect({ port: b.gateway.address.port, host: '127.0.0.1', allowHalfOpen: true });
    let text = '';
    socket.on('data', (chunk: Buffer) => {
      text += chunk;
    });
    socket.on('error', () => {});
    const closed = new Promise<void>((resolve) => socket.on('close', () => resolve()));
    return { socket, text: () => text, closed };
  }
  const until = async (what: () => boolean, why: string): Promise<void> => {
    for (let i = 0; !what(); i++) {
      assert.ok(i < 2000, why);
      await sleep(10);
    }
  };
  const quiet = () => until(() => b.gateway.status().active === 0 && b.provider.open === 0 && started === ended, 'something stays open');
  const answers = (text: string): number => text.split('HTTP/1.1 200').length - 1;

  it('slow: a body that comes byte by byte is served', async () => {
    const c = open();
    const body = chat('[[say slowly]]');
    c.socket.write(head(body));
    for (const byte of Buffer.from(body)) {
      c.socket.write(Buffer.from([byte]));
      if (byte % 8 === 0) await sleep(1);
    }
    await until(() => c.text().includes('slowly'), 'no answer');
    c.socket.destroy();
    await quiet();
  });

  it('still sends when it is refused: reads the refusal, not a reset; who never ends is cut off', async () => {
    const refused = (bytes: number) =>
      `POST /openai/v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1:${b.gateway.address.port}\r\nAuthorization: Bearer ${b.key}\r\nContent-Type: text/plain\r\nContent-Length: ${bytes}\r\n\r\n`;
    const piece = Buffer.alloc(1 << 20, 'a');
    for (let i = 0; i < 20; i++) {
      const c = open();
      let reset: Error | undefined;
      c.socket.on('error', (error) => {
        reset = error;
      });
      c.socket.on('end', () => c.socket.end());
      c.socket.write(refused(8 * piece.length));
      for (let sent = 0; sent < 8; sent++) await new Promise((done) => c.socket.write(piece, done));
      await c.closed;
      assert.ifError(reset);
      assert.match(c.text(), /^HTTP\/1\.1 415 /);
    }
    const endless = open();
    endless.socket.write(refused(2 ** 40));
    const more = setInterval(() => endless.socket.write('more'), 20);
    await endless.closed.finally(() => clearInterval(more));
    assert.match(endless.text(), /^HTTP\/1\.1 415 /);
  });

  it('half-closed after its request: served, or ended in the record as gone; never left open', async () => {
    const c = open();
    const body = chat('[[delay 50]] [[say half]]');
    c.socket.end(head(body) + body);
    await c.closed;
    await quiet();
    assert.ok(['ok', 'client-gone'].includes(outcomes.at(-1)!), outcomes.at(-1));
  });

  /** The last: it was an exchange by then. */
  const stages: [string, (c: ReturnType<typeof open>) => Promise<void>, true?][] = [
    ['in the request line', async (c) => void c.socket.write('POST /openai/v1/ch')],
    ['in the headers', async (c) => void c.socket.write(head('{}').slice(0, 90))],
    ['in the body', async (c) => void c.socket.write(head(chat('never whole')) + chat('never whole').slice(0, 20))],
    [
      'while a person is asked',
      async (c) => {
        const body = chat('The launch code, and gone');
        c.socket.write(head(body) + body);
        await until(() => b.gateway.services.approvals.list({ state: 'pending' }).some((a) => a.clientWaiting), 'not asked');
      },
      true,
    ],
    [
      'before the provider answers',
      async (c) => {
        const total = b.provider.log.total;
        const body = chat('[[hang]]');
        c.socket.write(head(body) + body);
        await until(() => b.provider.log.total > total, 'not sent');
      },
      true,
    ],
    [
      'in the middle of a stream',
      async (c) => {
        const body = chat('[[slow 5]] [[tokens 4000]]', true);
        c.socket.write(head(body) + body);
        await until(() => c.text().includes('data: {'), 'no stream');
      },
      true,
    ],
  ];
  for (const [stage, reach, recorded] of stages)
    it(`goes away ${stage}: the provider is let go, ${recorded ? 'recorded as client-gone' : 'nothing stays open'}, the next is served`, async () => {
      const c = open();
      const count = outcomes.length;
      await reach(c);
      await sleep(20);
      c.socket.resetAndDestroy();
      await quiet();
      assert.deepEqual(outcomes.slice(count), recorded ? ['client-gone'] : []);
      assert.equal((await b.post('/openai/v1/chat/completions', JSON.parse(chat('[[say next]]')))).status, 200);
    });

  it('pipelines fifty requests: fifty answers, in order', async () => {
    const c = open();
    let all = '';
    for (let i = 0; i < 50; i++) {
      const body = chat(`[[say answer-${i}-]]`);
      all += head(body) + body;
    }
    c.socket.write(all);
    await until(() => answers(c.text()) === 50, 'answers are missing');
    const order = [...c.text().matchAll(/answer-(\d+)-/g)].map((m) => Number(m[1]));
    assert.deepEqual([...new Set(order)], [...Array(50).keys()]);
    c.socket.destroy();
    await quiet();
  });

  it('uses the connection again while a request on it is held: each is judged by itself, answers keep their order', async () => {
    const c = open();
    const total = b.provider.log.total;
    const held = chat('The launch code, held first. [[say first-answer]]');
    const second = chat('[[say second-answer]]');
    c.socket.write(head(held) + held + head(second) + second);
    await until(() => b.gateway.services.approvals.list({ state: 'pending' }).some((a) => a.clientWaiting), 'not asked');
    await until(() => b.provider.log.total === total + 1, 'the second waits for the first');
    assert.ok(!c.text().includes('second-answer'), 'an answer may not overtake another on its connection');
    for (;;) {
      const waiting = b.gateway.services.approvals.list({ state: 'pending' }).find((a) => a.clientWaiting)!;
      const done = await b.gateway.services.approvals.decide(waiting.id, { version: waiting.version, decision: 'approve' }, LOCAL).then(
        () => true,
        () => false,
      );
      if (done) break;
      await sleep(20);
    }
    await until(() => c.text().includes('second-answer'), 'no second answer');
    assert.ok(c.text().indexOf('first-answer') < c.text().indexOf('second-answer'));
    c.socket.destroy();
    await quiet();
  });

  it('goes away while a request of its pipeline is held and the next is at the provider: both end, the provider is let go', async () => {
    const c = open();
    const total = b.provider.log.total;
    const held = chat('The launch code, and a hanging one behind. [[say never]]');
    const second = chat('[[hang]]');
    c.socket.write(head(held) + held + head(second) + second);
    await until(() => b.gateway.services.approvals.list({ state: 'pending' }).some((a) => a.clientWaiting), 'not asked');
    await until(() => b.provider.log.total === total + 1, 'the second waits for the first');
    c.socket.resetAndDestroy();
    await quiet();
    assert.equal(b.provider.log.total, total + 1, 'what was held is not sent');
  });

  it('half-closes its connection while its request is held: the answer still comes, or its end is recorded', async () => {
    const c = open();
    const total = b.provider.log.total;
    const body = chat('The launch code, and the line is half closed. [[say half-closed]]');
    c.socket.end(head(body) + body);
    let asked = true;
    for (let i = 0; !b.gateway.services.approvals.list({ state: 'pending' }).some((a) => a.clientWaiting); i++) {
      if (i > 100) {
        asked = false;
        break;
      }
      await sleep(10);
    }
    while (asked) {
      const waiting = b.gateway.services.approvals.list({ state: 'pending' }).find((a) => a.clientWaiting);
      if (!waiting) break;
      await b.gateway.services.approvals
        .decide(waiting.id, { version: waiting.version, decision: 'approve' }, LOCAL)
        .catch(() => sleep(20));
    }
    await c.closed;
    await quiet();
    const answered = c.text().includes('half-closed');
    assert.equal(outcomes.at(-1), answered ? 'ok' : 'client-gone');
    assert.equal(b.provider.log.total, total + (answered ? 1 : 0), 'nothing is sent for a client that is gone');
  });

  it('opens two hundred connections and says nothing: others are served', async () => {
    const idle = Array.from({ length: 200 }, open);
    await Promise.all(idle.map((c) => new Promise((resolve) => c.socket.once('connect', resolve))));
    assert.equal((await b.post('/openai/v1/chat/completions', JSON.parse(chat('[[say served]]')))).status, 200);
    for (const c of idle) c.socket.destroy();
    await quiet();
  });

  it('asks more at once than its agent may: 429 for the rest, and no more than the limit at the provider', async () => {
    await b.gateway.services.settings.update((draft) => {
      draft.limits.perAgentConcurrent = 8;
    });
    const gone = new AbortController();
    const statuses: number[] = [];
    const all = Array.from({ length: 30 }, (_, i) =>
      fetch(b.url('/openai/v1/chat/completions'), {
        method: 'POST',
        signal: gone.signal,
        headers: { 'content-type': 'application/json', authorization: `Bearer ${b.key}` },
        body: chat(`[[hang]] ${i}`),
      }).then(
        (r) => statuses.push(r.status),
        () => {},
      ),
    );
    await until(() => statuses.length >= 20, `only ${statuses.length} refused`);
    await sleep(200);
    assert.ok(statuses.every((s) => s === 429));
    assert.ok(b.provider.open <= 9, `${b.provider.open} at the provider`);
    gone.abort();
    await Promise.all(all);
    await quiet();
  });
});
