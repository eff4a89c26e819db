import assert from 'node:assert/strict';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { exportSessions, openReader } from '../../proxy/ledger/index.js';
import { exchangeRecords, memorySecrets, open, options, systemClock, tempDirectory } from './support.js';

/** The rules of HAR 1.2 (http://www.softwareishard.com/blog/har-12-spec/) as JSON schema. Fields of one's own begin with `_`. */
const object = (required: Record<string, object>, optional: Record<string, object> = {}): object => ({
  type: 'object',
  properties: { ...required, ...optional, comment: { type: 'string' } },
  required: Object.keys(required),
  patternProperties: { '^_': {} },
  additionalProperties: false,
});
const list = (items: object): object => ({ type: 'array', items });
const string = { type: 'string' };
const time = { type: 'string', pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?(Z|[+-]\\d\\d:\\d\\d)$' };
const size = { type: 'integer', minimum: -1 };
const spent = { type: 'number', minimum: 0 };
/** -1: does not apply. */
const perhaps = { anyOf: [spent, { const: -1 }] };
const named = object({ name: string, value: string });
const cookie = object(
  { name: string, value: string },
  { path: string, domain: string, expires: time, httpOnly: { type: 'boolean' }, secure: { type: 'boolean' } },
);
const creator = object({ name: string, version: string });
const cached = {
  anyOf: [{ type: 'null' }, object({ lastAccess: string, eTag: string, hitCount: { type: 'integer' } }, { expires: string })],
};
const HAR = object({
  log: object(
    {
      version: { const: '1.2' },
      creator,
      entries: list(
        object(
          {
            startedDateTime: time,
            time: spent,
            request: object(
              {
                method: { type: 'string', pattern: '^[A-Z]+$' },
                url: { type: 'string', pattern: '^https?://[^#]+$' },
                httpVersion: string,
                cookies: list(cookie),
                headers: list(named),
                queryString: list(named),
                headersSize: size,
                bodySize: size,
              },
              {
                postData: {
                  ...object(
                    { mimeType: string },
                    { params: list(object({ name: string }, { value: string, fileName: string, contentType: string })), text: string },
                  ),
                  // They exclude each other.
                  not: { required: ['params', 'text'] },
                },
              },
            ),
            response: object({
              status: { type: 'integer', minimum: 0, maximum: 599 },
              statusText: string,
              httpVersion: string,
              cookies: list(cookie),
              headers: list(named),
              content: object(
                { size: { type: 'integer', minimum: 0 }, mimeType: string },
                { compression: { type: 'integer' }, text: string, encoding: string },
              ),
              redirectURL: string,
              headersSize: size,
              bodySize: size,
            }),
            cache: object({}, { beforeRequest: cached, afterRequest: cached }),
            timings: object(
              { send: spent, wait: spent, receive: spent },
              { blocked: perhaps, dns: perhaps, connect: perhaps, ssl: perhaps },
            ),
          },
          { pageref: string, serverIPAddress: string, connection: string },
        ),
      ),
    },
    {
      browser: creator,
      pages: list(
        object({ startedDateTime: time, id: string, title: string, pageTimings: object({}, { onContentLoad: perhaps, onLoad: perhaps }) }),
      ),
    },
  ),
});

interface Entry {
  time: number;
  timings: Record<string, number>;
  request: { url: string; queryString: { name: string; value: string }[]; headers: object[]; bodySize: number; postData: { text: string } };
  response: { status: number; content: { size: number; text: string } };
}

test('a HAR export keeps every rule of HAR 1.2: streams, refusals, what was held, queries, and what was interrupted', async (t) => {
  const directory = tempDirectory(t);
  const secrets = memorySecrets();
  const writer = await open(options(directory, { secrets }));
  t.after(() => writer.close());
  type Meta = Record<string, unknown>;
  const exchange = async (id: string, arrival: Meta, end: Meta | undefined, shape: object = {}): Promise<void> => {
    const records = exchangeRecords({ exchange: id, text: `Grüße an EMAIL_ADDRESS_abcdefgh ${id}`, ...shape }).flat();
    for (const record of records) {
      if (record.kind === 'arrival') Object.assign(record.meta, arrival);
      if (record.kind === 'end') Object.assign(record.meta, end);
    }
    await writer.record(end === undefined ? records.slice(0, -1) : records, 'synced');
  };
  const timing = (gatewayMs: number, heldMs: number, firstByteMs: number | undefined, totalMs: number): Meta => ({
    timing: { gatewayMs, heldMs, ...(firstByteMs === undefined ? {} : { firstByteMs }), totalMs },
  });
  await exchange('ex_stream', {}, timing(1.5, 0, 11.25, 20.125), { tool: 'shell' });
  await exchange(
    'ex_query',
    { path: '/v1/chat?api-version=2024-06-01&name=a%20b&empty', stream: false, userAgent: undefined },
    timing(1, 0, 2, 3),
  );
  await exchange('ex_held', {}, timing(2, 5000, 5300.5, 5400));
  await exchange('ex_held_answer', {}, timing(2, 5000, 100, 5200));
  await exchange('ex_refused', {}, { outcome: 'blocked', status: 403, ...timing(3, 0, undefined, 2.5) }, { deltas: [] });
  await exchange('ex_open', {}, undefined);
  const reader = await openReader({ directory, secrets });
  t.after(() => reader.close());
  const made = await exportSessions({
    directory,
    secrets,
    clock: systemClock,
    reader,
    writer,
    format: 'har',
    sessions: ['se_1'],
    person: 'local',
  });
  const har = JSON.parse(await text(made.stream)) as { log: { entries: Entry[] } };

  const check = new Ajv2020({ strict: true, strictRequired: false, allErrors: true }).compile(HAR);
  assert.ok(check(har), JSON.stringify(check.errors, null, 1));
  // The schema itself finds what is wrong.
  for (const spoil of [
    (e: Entry) => (e.timings['wait'] = -1),
    (e: Entry) => delete (e as Partial<Entry>).time,
    (e: Entry) => Object.assign(e.request, { own: 1 }),
    (e: Entry) => Object.assign(e.request.postData, { params: [] }),
  ]) {
    const copy = structuredClone(har);
    spoil(copy.log.entries[0]!);
    assert.equal(check(copy), false);
  }

  const entries = har.log.entries;
  assert.equal(entries.length, 6);
  for (const { time: whole, timings, request, response } of entries) {
    const sum = Object.values(timings).reduce((a, b) => a + (b === -1 ? 0 : b), 0);
    assert.ok(Math.abs(whole - sum) < 0.001, 'the phases sum up to the time');
    assert.equal(request.bodySize, Buffer.byteLength(request.postData.text));
    assert.equal(response.content.size, Buffer.byteLength(response.content.text));
    assert.deepEqual(
      request.queryString.map(({ name, value }) => [name, value]),
      [...new URL(request.url).searchParams],
    );
  }
  const [stream, query, held, heldAnswer, refused] = entries;
  assert.deepEqual(stream!.timings, { blocked: 1.5, send: 0, wait: 9.75, receive: 8.875 });
  assert.deepEqual(query!.request.queryString[1], { name: 'name', value: 'a b' });
  assert.deepEqual(query!.request.headers, []);
  assert.deepEqual([held!.timings['blocked'], held!.timings['wait'], held!.timings['receive']], [5002, 298.5, 99.5]);
  assert.equal(heldAnswer!.time, 5200);
  assert.deepEqual([refused!.response.status, refused!.time], [403, 2.5]);
});
