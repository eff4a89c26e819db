import assert from 'node:assert/strict';
import dns, { type LookupAddress } from 'node:dns';
import { syncBuiltinESMExports } from 'node:module';
import { after, before, beforeEach, test } from 'node:test';
import { pinnedLookup } from '../../proxy/upstream/index.js';
import { type Bench, openBench } from '../pipeline/support.js';
import { startCapture } from '../support/capture.js';
import { connectionTo } from '../support/settings.js';

/** What the name server says to one question after the other; the last answer stays. */
let answers: string[][] = [];
let asked: string[] = [];
const real = dns.lookup;
const METADATA = '169.254.169.254';

before(() => {
  const answer = (name: string, _options: object, callback: (error: Error | null, found: LookupAddress[]) => void) => {
    asked.push(name);
    const found = (answers.length > 1 ? answers.shift() : answers[0]) as string[];
    setImmediate(
      callback,
      null,
      found.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    );
  };
  // Servers ask for the address that they listen on, too.
  dns.lookup = ((...all: Parameters<typeof answer>) =>
    all[0].startsWith('api.') ? answer(...all) : real(...(all as unknown as Parameters<typeof real>))) as never;
  syncBuiltinESMExports();
});
beforeEach(() => {
  asked = [];
});
after(() => {
  dns.lookup = real;
  syncBuiltinESMExports();
});

/** The addresses that a connection would be made to, or the code of the refusal. */
const ask = (pin: ReturnType<typeof pinnedLookup>, all = true, name = 'api.example') =>
  new Promise<unknown>((resolve) => {
    pin.lookup(name, { all }, (error, found, family) => {
      if (error) resolve((error as NodeJS.ErrnoException).code);
      else resolve(typeof found === 'string' ? { address: found, family } : found.map((one) => one.address));
    });
  });

test('a name that resolves to this computer or a metadata service is refused', async () => {
  for (const bad of ['127.0.0.1', '::1', METADATA, '::ffff:a9fe:a9fe', '64:ff9b::a9fe:a9fe']) {
    answers = [[bad]];
    for (const all of [true, false]) assert.equal(await ask(pinnedLookup(false), all), 'upstream_address_refused', bad);
  }
  answers = [[METADATA]];
  assert.deepEqual(await ask(pinnedLookup(true)), [METADATA], 'a connection that says so itself');
});

test('the first good answer stays, whatever DNS says later', async () => {
  answers = [['203.0.113.7', '2001:db8::7'], [METADATA]];
  const pin = pinnedLookup(false);
  for (let i = 0; i < 3; i++) assert.deepEqual(await ask(pin), ['203.0.113.7', '2001:db8::7']);
  assert.deepEqual(await ask(pin, false), { address: '203.0.113.7', family: 4 });
  assert.deepEqual(asked, ['api.example']);
});

test('a mixed answer keeps only what is good', async () => {
  answers = [['::1', METADATA, '2001:db8::7', '127.0.0.1']];
  const pin = pinnedLookup(false);
  assert.deepEqual(await ask(pin), ['2001:db8::7']);
  assert.deepEqual(await ask(pin, false), { address: '2001:db8::7', family: 6 });
});

test('what was forgotten is looked up and checked anew; a refusal is not kept', async () => {
  answers = [['203.0.113.7'], [METADATA], ['203.0.113.8']];
  const pin = pinnedLookup(false);
  assert.deepEqual(await ask(pin), ['203.0.113.7']);
  pin.forget();
  assert.equal(await ask(pin), 'upstream_address_refused');
  assert.deepEqual(await ask(pin), ['203.0.113.8']);
  assert.equal(asked.length, 3);
});

test('requests and pass-through go to one pinned address; after a failure a bad answer is refused', async () => {
  // Each connection is used once, so that each request would ask.
  const provider = await startCapture((response) => {
    response.writeHead(200, { 'content-type': 'application/json', connection: 'close' }).end('{"object":"list","data":[]}');
  });
  const origin = `http://api.localhost:${new URL(provider.origin).port}`;
  const more = { credential: 'none', passthrough: [{ method: 'GET', path: '/v1/files' }] };
  let b: Bench | undefined;
  try {
    b = await openBench({}, (draft) => {
      draft.connections.push(
        connectionTo(origin, { name: 'pinned', ...more }),
        connectionTo(origin.replace('api.localhost', 'api.example'), { name: 'rebound', ...more }),
      );
    });
    const { key, url } = b;
    const get = async (path: string) => {
      const answer = await fetch(url(path), { headers: { authorization: `Bearer ${key}` } });
      await answer.text();
      return answer.headers.get('x-sallyport-code') ?? answer.status;
    };
    answers = [['127.0.0.1']];
    for (const path of ['/rebound/v1/models', '/rebound/v1/files']) assert.equal(await get(path), 'upstream_address_refused', path);
    assert.equal(provider.seen.length, 0);

    asked = [];
    answers = [['127.0.0.1'], [METADATA]];
    for (const path of ['/pinned/v1/models', '/pinned/v1/files', '/pinned/v1/models', '/pinned/v1/files'])
      assert.equal(await get(path), 200, path);
    assert.equal(provider.seen.length, 4);
    assert.deepEqual(asked, ['api.localhost']);

    provider.close();
    // Each way forgets what failed, for both.
    for (const [failing, next] of [
      ['/pinned/v1/models', '/pinned/v1/files'],
      ['/pinned/v1/files', '/pinned/v1/models'],
    ] as const) {
      answers = [['127.0.0.1']];
      assert.equal(await get(failing), 'upstream_unreachable', failing);
      answers = [[METADATA]];
      assert.equal(await get(next), 'upstream_address_refused', next);
    }
  } finally {
    provider.close();
    await b?.close();
  }
});
