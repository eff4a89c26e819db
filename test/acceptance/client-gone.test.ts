import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import OpenAI from 'openai';
import { type Lab, startLab } from '../support/gateway.js';

const BOUND_MS = 50;

describe('a client that goes away', () => {
  let lab: Lab;
  before(async () => {
    lab = await startLab();
  });
  after(() => lab?.close());

  async function goAway(content: string, stream: boolean): Promise<number> {
    const openai = new OpenAI({ baseURL: lab.openai, apiKey: lab.key, maxRetries: 0 });
    const abort = new AbortController();
    const total = lab.provider.log.total;
    const asked = openai.chat.completions.create({ model: 'gpt-4o', messages: [{ role: 'user', content }], stream } as never, {
      signal: abort.signal,
    }) as Promise<unknown>;
    while (lab.provider.log.total === total) await new Promise((r) => setTimeout(r, 5));
    const entry = lab.provider.log.last()!;
    let left = 0;
    if (stream) {
      for await (const _ of (await asked) as AsyncIterable<unknown>) {
        left ||= Date.now();
        abort.abort();
      }
    } else {
      left = Date.now();
      abort.abort();
      await assert.rejects(asked);
    }
    for (let i = 0; i < 400 && entry.ended === 'open'; i++) await new Promise((r) => setTimeout(r, 5));
    assert.equal(entry.ended, 'client-gone', 'the provider noticed');
    return entry.endedAt! - left;
  }

  for (const [name, content, stream] of [
    ['in the middle of a stream', '[[tokens 20]] [[stall 8]]', true],
    ['before the first byte', '[[hang]]', false],
  ] as const)
    it(`${name}: the provider's request is aborted within ${BOUND_MS} ms, and the record says so`, async () => {
      const times: number[] = [];
      for (let i = 0; i < 5; i++) times.push(await goAway(`${content} ${name} ${i}`, stream));
      times.sort((a, b) => a - b);
      // The machine may be busy with other things: the fastest of five is what the gateway itself takes.
      assert.ok(times[0]! <= BOUND_MS, `${times.join(', ')} ms`);
    });

  it('its exchanges are recorded as ended by the client, with what had been released', async () => {
    const rows = await lab.exchanges();
    assert.equal(rows.length, 10);
    assert.deepEqual([...new Set(rows.map((r) => r.outcome))], ['client-gone']);
    const streamed = rows.find((r) => r.stream);
    const detail = await lab.exchange(streamed!.id);
    assert.ok(
      detail.events.some((e) => e.kind === 'delta'),
      'the partial answer is there',
    );
    assert.match(detail.response ?? '', /w1/);
  });

  it('nothing of it stays open', async () => {
    const { active } = await lab.call<{ active: number }>('GET', '/api/status');
    assert.equal(active, 0);
    assert.equal(lab.provider.open, 0);
  });
});
