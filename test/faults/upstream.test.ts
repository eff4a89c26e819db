import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { EndMeta, Person } from '../../proxy/contract/index.js';
import { verifyLedger } from '../../proxy/ledger/index.js';
import { type Bench, openBench } from '../pipeline/support.js';
import { NO_DENY_WORD, policyOf } from '../support/policies.js';
import { connectionTo } from '../support/settings.js';
import { until } from '../support/until.js';
import { FAULTS, FORBIDDEN, type Hostile, startHostile } from './hostile.js';

const POLICY = policyOf(NO_DENY_WORD);
const LOCAL: Person = { id: 'local', name: 'Local', groups: [], via: 'os' };

interface Saw {
  /** 0: no answer at all. */
  status: number;
  body: string;
  /** The answer broke off, so that no client takes it for whole. */
  broken: boolean;
  headers: Headers;
  code?: string;
}

/** This process, the gateway in it included, does next to nothing. */
async function idle(): Promise<boolean> {
  const before = process.cpuUsage();
  await sleep(100);
  const { user, system } = process.cpuUsage(before);
  return user + system < 50_000;
}

/** Per fault: what the client must see. `status` before headers; `broken`: cut after them; `ends`: outcome in the record. */
const WANTED: Record<
  string,
  { stream?: boolean; status: number; code?: string; broken?: boolean; retryAfter?: string; ends: EndMeta['outcome'][] }
> = {
  'reset-before-headers': { status: 502, code: 'upstream_unreachable', ends: ['provider-error'] },
  'closed-before-headers': { status: 502, code: 'upstream_unreachable', ends: ['provider-error'] },
  'half-a-status-line': { status: 502, code: 'upstream_unreachable', ends: ['provider-error'] },
  garbage: { status: 502, code: 'upstream_unreachable', ends: ['provider-error'] },
  'another-protocol': { status: 502, code: 'upstream_unreachable', ends: ['provider-error'] },
  'headers-without-end': { status: 502, code: 'upstream_unreachable', ends: ['provider-error'] },
  'two-lengths': { status: 502, code: 'upstream_unreachable', ends: ['provider-error'] },
  'length-and-chunked': { status: 502, code: 'upstream_unreachable', ends: ['provider-error'] },
  'bad-chunk-size': { stream: true, status: 200, broken: true, ends: ['provider-error'] },
  'reset-after-headers': { status: 502, code: 'upstream_unreachable', ends: ['provider-error'] },
  'reset-in-stream': { stream: true, status: 200, broken: true, ends: ['provider-error'] },
  truncated: { status: 502, code: 'upstream_unreachable', ends: ['provider-error'] },
  'longer-than-it-says': { status: 502, ends: ['provider-error'] },
  'more-after-the-end': { status: 200, ends: ['ok'] },
  'utf-16': { status: 502, code: 'upstream_unreadable', ends: ['provider-error'] },
  'not-utf-8': { status: 403, code: 'blocked_by_policy', ends: ['refused', 'blocked'] },
  'half-an-event': { stream: true, status: 200, broken: true, ends: ['provider-error'] },
  'no-terminator': { stream: true, status: 200, broken: true, ends: ['provider-error'] },
  'event-of-1-mb': { stream: true, status: 200, ends: ['ok'] },
  'event-without-end': { stream: true, status: 502, code: 'upstream_unreadable', ends: ['provider-error'] },
  'gzip-bomb-json': { status: 502, code: 'upstream_unreadable', ends: ['provider-error'] },
  'gzip-bomb-stream': { stream: true, status: 502, code: 'upstream_unreadable', ends: ['provider-error'] },
  'deflate-bomb-json': { status: 502, code: 'upstream_unreadable', ends: ['provider-error'] },
  'br-bomb-json': { status: 502, code: 'upstream_unreadable', ends: ['provider-error'] },
  'br-bomb-stream': { stream: true, status: 502, code: 'upstream_unreadable', ends: ['provider-error'] },
  'gzip-stream': { stream: true, status: 200, ends: ['ok'] },
  'gzip-broken': { status: 502, code: 'upstream_unreadable', ends: ['provider-error'] },
  'gzip-that-is-none': { status: 502, code: 'upstream_unreadable', ends: ['provider-error'] },
  'unknown-encoding': { status: 502, code: 'upstream_unreadable', ends: ['provider-error'] },
  'gzip-in-gzip': { status: 502, code: 'upstream_unreadable', ends: ['provider-error'] },
  'storm-of-1xx': { status: 200, ends: ['ok'] },
  'switching-protocols': { status: 502, code: 'upstream_unreachable', ends: ['provider-error'] },
  'wrong-type': { status: 502, code: 'upstream_unreadable', ends: ['provider-error'] },
  'empty-body': { status: 502, code: 'upstream_unreadable', ends: ['provider-error'] },
  'json-array': { status: 502, code: 'upstream_unreadable', ends: ['provider-error'] },
  'json-of-another-shape': { status: 403, code: 'blocked_by_policy', ends: ['refused', 'blocked'] },
  'two-json-keys': { status: 403, code: 'blocked_by_policy', ends: ['refused', 'blocked'] },
  redirect: { status: 502, code: 'upstream_redirect', ends: ['provider-error'] },
  '429-bare': { status: 429, ends: ['provider-error'] },
  '429-with-headers': { status: 429, retryAfter: '7', ends: ['provider-error'] },
  '500': { status: 500, ends: ['provider-error'] },
  '503-html': { status: 503, retryAfter: '3', ends: ['provider-error'] },
  '529-with-headers': { status: 529, retryAfter: '11', ends: ['provider-error'] },
  '529-that-speaks': { status: 403, code: 'blocked_by_policy', ends: ['refused', 'blocked'] },
  forbidden: { status: 403, code: 'blocked_by_policy', ends: ['refused', 'blocked'] },
  'forbidden-stream': { stream: true, status: 200, ends: ['blocked'] },
  fine: { status: 200, ends: ['ok'] },
  'fine-stream': { stream: true, status: 200, ends: ['ok'] },
};

describe('a provider that misbehaves', { timeout: 150_000 }, () => {
  let b: Bench;
  let hostile: Hostile;
  const ended: { exchange: string; outcome: string }[] = [];
  before(async () => {
    hostile = await startHostile();
    b = await openBench({}, (draft) => {
      draft.detection.denyWords = [FORBIDDEN];
      // A person who is asked about a prompt would be in the way here.
      draft.policy.preset = 'observe';
      for (const [name, origin] of [
        ['hostile', hostile.origin],
        ['nobody', 'http://127.0.0.1:9'],
      ] as const)
        draft.connections.push(connectionTo(origin, { name, credential: 'env:PIPELINE_TEST_KEY' }));
    });
    await b.gateway.services.policies.save({ name: 'answers.yaml', source: POLICY, activate: true }, LOCAL);
    b.gateway.subscribe((event) => {
      if (event.type === 'exchange-ended') ended.push(event);
    });
  });
  after(async () => {
    await b?.close();
    await hostile?.close();
  });

  let number = 0;
  async function ask(fault: string, stream = false, connection = 'hostile'): Promise<Saw> {
    const body = { model: 'sim', stream, messages: [{ role: 'user', content: `[[fault ${fault}]] ${++number}` }] };
    // Where the headers had not left yet, the client sees no answer at all: also not taken for a whole one.
    const nothing = { status: 0, body: '', broken: true, headers: new Headers() };
    const response = await fetch(b.url(`/${connection}/v1/chat/completions`), {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${b.key}` },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(60_000),
    }).catch((error: Error) => {
      if (error.name === 'TimeoutError') throw error;
      return undefined;
    });
    if (!response) return nothing;
    let text = '';
    let broken = false;
    try {
      for await (const piece of response.body as unknown as AsyncIterable<Uint8Array>) text += Buffer.from(piece).toString('utf8');
    } catch {
      broken = true;
    }
    const code = response.headers.get('x-sallyport-code') ?? undefined;
    return { status: response.status, body: text, broken, headers: response.headers, ...(code ? { code } : {}) };
  }
  async function end(count: number): Promise<EndMeta> {
    for (let i = 0; ended.length < count; i++) {
      assert.ok(i < 1000, 'the exchange has no end');
      await sleep(10);
    }
    const detail = await b.gateway.services.ledger.exchange(ended[count - 1]!.exchange);
    return detail?.events.find((e) => e.kind === 'end')?.meta as unknown as EndMeta;
  }

  it('covers every fault', () => {
    assert.deepEqual(
      Object.keys(FAULTS).filter((f) => !(f in WANTED) && !f.startsWith('never')),
      [],
    );
  });

  for (const [fault, wanted] of Object.entries(WANTED))
    it(`${fault}: ${wanted.broken ? 'the client notices that it broke off' : `${wanted.status}${wanted.code ? ` ${wanted.code}` : ''}`}, recorded, nothing unjudged, and the next is served`, async () => {
      const count = ended.length;
      const saw = await ask(fault, wanted.stream);
      if (!(wanted.broken && saw.status === 0)) assert.equal(saw.status, wanted.status, saw.body.slice(0, 300));
      if (wanted.code) assert.equal(saw.code, wanted.code, saw.body.slice(0, 300));
      assert.equal(saw.broken, wanted.broken === true, saw.body.slice(-300));
      assert.equal(saw.headers.get('retry-after'), wanted.retryAfter ?? null);
      assert.ok(!saw.body.includes(FORBIDDEN), 'what a rule blocks was read by the client');
      const meta = await end(count + 1);
      assert.ok(wanted.ends.includes(meta.outcome), `recorded as ${meta.outcome}`);
      if (fault.includes('bomb')) await until(idle, 'the decoder to leave the rest of it', 8_000);
      assert.equal((await ask('fine')).status, 200, 'the next request is served');
      await end(count + 2);
    });

  it('nobody listens: 502 with the name of the connection, recorded, and the next is served', async () => {
    const count = ended.length;
    const saw = await ask('fine', false, 'nobody');
    assert.deepEqual([saw.status, saw.code], [502, 'upstream_unreachable']);
    assert.match(saw.body, /connection ..nobody../);
    const meta = await end(count + 1);
    assert.deepEqual([meta.outcome, meta.code], ['provider-error', 'upstream_unreachable']);
    assert.equal((await ask('fine')).status, 200);
    await end(count + 2);
  });

  it('nothing stays open, nothing of the gateway itself failed, and the chain verifies', async () => {
    const status = b.gateway.status();
    assert.equal(status.active, 0);
    assert.deepEqual(status.faults, []);
    assert.equal(status.state, 'listening');
    await b.gateway.stop(200);
    assert.deepEqual((await verifyLedger(b.directory)).problems, []);
  });
});
