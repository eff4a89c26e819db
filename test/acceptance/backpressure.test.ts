import assert from 'node:assert/strict';
import http from 'node:http';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Lab, startLab } from '../support/gateway.js';
import { residentBytes } from '../support/process.js';

const MB = 1_000_000;
const STREAM_MB = 100;
/** Beyond what the process needs anyway: buffers of sockets and ledger, young garbage. */
const GROWTH_MB = 160;

describe(`a slow client on a stream of ${STREAM_MB} MB`, () => {
  let lab: Lab;
  before(async () => {
    lab = await startLab();
  });
  after(() => lab?.close());

  it('memory stays flat and the provider is slowed down', { skip: process.platform !== 'linux' && 'reads /proc' }, async () => {
    const ask = (content: string) =>
      new Promise<http.IncomingMessage>((resolve, reject) => {
        const request = http.request(`${lab.openai}/chat/completions`, {
          method: 'POST',
          headers: { authorization: `Bearer ${lab.key}`, 'content-type': 'application/json' },
        });
        request.once('response', resolve).once('error', reject);
        request.end(JSON.stringify({ model: 'gpt-4o', stream: true, messages: [{ role: 'user', content }] }));
      });
    // Warm up, so that what is loaded lazily is not taken for growth.
    for await (const _ of await ask('[[big 5]]'));
    const atRest = residentBytes(lab.pid);

    const answer = await ask(`[[big ${STREAM_MB}]]`);
    answer.pause();
    await sleep(1500);
    const entry = lab.provider.log.last()!;
    const sentWhilePaused = entry.bytesSent;
    assert.ok(
      sentWhilePaused < 20 * MB,
      `${(sentWhilePaused / MB).toFixed(1)} MB were taken from the provider while the client read nothing`,
    );

    let received = 0;
    let peak = atRest;
    let nextLook = 0;
    for await (const chunk of answer as AsyncIterable<Buffer>) {
      received += chunk.length;
      if (received < nextLook) continue;
      nextLook = received + 2 * MB;
      peak = Math.max(peak, residentBytes(lab.pid));
      await sleep(5);
    }
    assert.ok(received > STREAM_MB * MB, `${received} bytes came`);
    const growth = (peak - atRest) / MB;
    console.log(`${STREAM_MB} MB streamed slowly: ${(atRest / MB).toFixed(0)} MB at rest, at most ${growth.toFixed(0)} MB more`);
    assert.ok(growth < GROWTH_MB, `memory grew by ${growth.toFixed(0)} MB`);
  });
});
