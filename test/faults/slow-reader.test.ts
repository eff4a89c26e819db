import assert from 'node:assert/strict';
import { statSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { openBench } from '../pipeline/support.js';
import { filesBelow } from '../support/canaries.js';
import { connectionTo } from '../support/settings.js';
import { LONG_STREAM_BYTES, startHostile } from './hostile.js';

it('a client that does not read holds up a compressed stream too: no more is decoded than fits between, and it is served whole later', {
  timeout: 120_000,
}, async () => {
  const hostile = await startHostile();
  const b = await openBench({}, (draft) => {
    draft.policy.preset = 'observe';
    draft.connections.push(connectionTo(hostile.origin, { name: 'hostile', credential: 'env:PIPELINE_TEST_KEY' }));
  });
  // What was decoded was recorded, before it was released: the ledger says how far the gateway went.
  const recorded = (): number => filesBelow(join(b.directory, 'ledger')).reduce((sum, file) => sum + statSync(file).size, 0);
  const body = JSON.stringify({ model: 'sim', stream: true, messages: [{ role: 'user', content: '[[fault gzip-stream]]' }] });
  const socket = connect({ port: b.gateway.address.port, host: '127.0.0.1' });
  try {
    socket.pause();
    socket.write(
      `POST /hostile/v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1:${b.gateway.address.port}\r\nAuthorization: Bearer ${b.key}\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    );
    let last = -1;
    for (let quiet = 0; quiet < 15; await sleep(100)) {
      quiet = hostile.requests > 0 && recorded() === last ? quiet + 1 : 0;
      last = recorded();
    }
    let got = 0;
    let end = '';
    socket.on('data', (piece: Buffer) => {
      got += piece.length;
      end = (end + piece.toString('latin1')).slice(-200);
    });
    const closed = new Promise((resolve) => socket.once('close', resolve));
    socket.resume();
    await closed;
    assert.match(end, /\[DONE\]/);
    assert.ok(got >= LONG_STREAM_BYTES, `${got} bytes came`);
    for (let i = 0; b.gateway.status().active > 0; i++) {
      assert.ok(i < 500, 'it stays open');
      await sleep(10);
    }
    assert.ok(last < recorded() * 0.75, `${last} of ${recorded()} bytes were recorded while nobody read`);
  } finally {
    socket.destroy();
    await b.close();
    await hostile.close();
  }
});
