import assert from 'node:assert/strict';
import { Agent, request } from 'node:http';
import { after, before, describe, it } from 'node:test';
import { type Lab, startLab } from '../support/gateway.js';
import { INSPECTABLE, liveMemory } from '../support/inspect.js';
import { openHandles, residentBytes } from '../support/process.js';

/** The long form is `npm run test:endurance`. */
const REQUESTS = Number(process.env['SALLYPORT_ENDURANCE'] ?? 1500);
/**
 * What may be held more after two thirds of the requests than after the first third, garbage collected. Session keys are kept, up to
 * 50,000 of each kind, so it is not nothing.
 */
const HELD_BYTES = 8_000_000 + REQUESTS * 4_000;

describe(`${REQUESTS} requests`, () => {
  let lab: Lab;
  before(async () => {
    lab = await startLab({ provider: { keep: 100 }, env: { NODE_OPTIONS: INSPECTABLE } });
  });
  after(() => lab?.close());

  it('leave no memory, handle or open exchange behind', { skip: process.platform !== 'linux' && 'reads /proc' }, async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 16 });
    const ask = (i: number) =>
      new Promise<number>((resolve, reject) => {
        const kinds = [`[[echo]] mail anna.${i % 50}@firma-ag.ch`, '[[tool shell {"command":"ls"}]]', '[[error 500]]', '[[say fine]]'];
        const stream = i % 3 === 0;
        const body = JSON.stringify({ model: 'gpt-4o', stream, messages: [{ role: 'user', content: kinds[i % kinds.length] }] });
        // Every 40th client goes away early, every 50th has a wrong key.
        const key = i % 50 === 0 ? 'sp_wrong' : lab.key;
        const sent = request(`${lab.openai}/chat/completions`, {
          agent,
          method: 'POST',
          headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
        });
        sent.once('error', (error) => (i % 40 === 0 ? resolve(0) : reject(error)));
        sent.once('response', (answer) => {
          if (i % 40 === 0) {
            answer.destroy();
            resolve(0);
          } else answer.resume().once('end', () => resolve(answer.statusCode ?? 0));
        });
        sent.end(body);
      });
    let next = 0;
    const counts = new Map<number, number>();
    const worker = async (until: number) => {
      while (next < until) {
        const status = await ask(next++);
        counts.set(status, (counts.get(status) ?? 0) + 1);
      }
    };
    const run = async (until: number) => {
      await Promise.all(Array.from({ length: 8 }, () => worker(until)));
    };
    await run(Math.floor(REQUESTS / 3));
    const live = async () => {
      const { heap, external } = await liveMemory(lab.output());
      return heap + external;
    };
    const before = { live: await live(), handles: openHandles(lab.pid) };
    const began = Date.now();
    await run(REQUESTS);
    const seconds = (Date.now() - began) / 1000;
    agent.destroy();
    await new Promise((r) => setTimeout(r, 500));
    const resident = residentBytes(lab.pid);
    const after = { live: await live(), handles: openHandles(lab.pid) };
    const status = await lab.call<{ active: number; pending: number }>('GET', '/api/status');
    const held = after.live - before.live;
    const rate = Math.round((REQUESTS * 2) / 3 / seconds);
    console.log(
      `${REQUESTS} requests: ${rate} a second; ${(held / 1e6).toFixed(1)} MB more held; ${(resident / 1e6).toFixed(0)} MB resident before collecting; handles ${before.handles} → ${after.handles}`,
    );
    assert.equal(status.active, 0);
    assert.equal(status.pending, 0);
    assert.ok((counts.get(200) ?? 0) > REQUESTS / 2);
    assert.ok(held < HELD_BYTES, `${held} bytes more are held`);
    assert.ok(after.handles <= before.handles + 4, `handles: ${before.handles} → ${after.handles}`);
  });
});
