import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type Lab, startLab } from '../support/gateway.js';
import { sendRaw } from '../support/raw.js';

const BODY = JSON.stringify({ model: 'gpt-4o', messages: [{ role: 'user', content: 'hello' }] });
const BODY_LIMIT = 1_000_000;

describe('what cannot be read safely is refused with a clear error, and nothing is forwarded', () => {
  let lab: Lab;
  let total = 0;
  before(async () => {
    lab = await startLab({
      settings: (settings) => {
        settings.limits.bodyBytes = BODY_LIMIT;
        settings.limits.scanBytes = 10_000;
      },
    });
    total = lab.provider.log.total;
  });
  after(() => lab?.close());

  interface Case {
    method?: string;
    path?: string;
    version?: string;
    host?: string | string[] | null;
    headers?: string[];
    type?: string | null;
    key?: string | null;
    body?: string;
    status: number;
    code?: string;
  }
  const build = (c: Case): string => {
    const host = c.host === null ? [] : [c.host ?? new URL(lab.baseUrl).host].flat().map((h) => `Host: ${h}`);
    const body = c.body ?? BODY;
    return [
      `${c.method ?? 'POST'} ${c.path ?? '/openai/v1/chat/completions'} HTTP/${c.version ?? '1.1'}`,
      ...host,
      ...(c.key === null ? [] : [`Authorization: Bearer ${c.key ?? lab.key}`]),
      ...(c.type === null ? [] : [`Content-Type: ${c.type ?? 'application/json'}`]),
      ...(c.headers ?? []),
      ...(c.headers?.some((h) => /^(transfer-encoding|content-length)/i.test(h)) ? [] : [`Content-Length: ${Buffer.byteLength(body)}`]),
      '',
      body,
    ].join('\r\n');
  };
  const many = (n: number) => 'x'.repeat(n);

  const cases: Record<string, () => Case> = {
    'no credential': () => ({ key: null, status: 401, code: 'no_credential' }),
    'broken JSON': () => ({ body: '{"model":"gpt-4o","messages":[', status: 400, code: 'bad_json' }),
    'JSON that is no object': () => ({ body: '[1,2]', status: 400 }),
    'a duplicated key that judge and provider could read differently': () => ({
      body: '{"model":"gpt-4o","messages":[{"role":"user","content":"a"}],"messages":[{"role":"user","content":"b"}]}',
      status: 400,
    }),
    'invalid UTF-8 is not tested here, a lone surrogate is': () => ({ body: BODY.replace('hello', '\\ud800'), status: 0 }),
    'no messages': () => ({ body: '{"model":"gpt-4o"}', status: 400 }),
    'a text body': () => ({ type: 'text/plain', status: 415, code: 'bad_content_type' }),
    'no content type': () => ({ type: null, status: 415, code: 'bad_content_type' }),
    'an unknown content encoding': () => ({ headers: ['Content-Encoding: snappy'], status: 415, code: 'bad_content_encoding' }),
    'a body over the limit': () => ({ body: BODY.replace('hello', many(BODY_LIMIT)), status: 413, code: 'body_too_large' }),
    'a body that only says that it is over the limit': () => ({
      headers: [`Content-Length: ${BODY_LIMIT + 1}`],
      body: '',
      status: 413,
      code: 'body_too_large',
    }),
    'a chunked body over the limit': () => ({
      headers: ['Transfer-Encoding: chunked'],
      body: `${(BODY_LIMIT + 100).toString(16)}\r\n${many(BODY_LIMIT + 100)}\r\n0\r\n\r\n`,
      status: 413,
      code: 'body_too_large',
    }),
    'headers over the limit': () => ({ headers: [`X-Long: ${many(40_000)}`], status: 431 }),
    'two different credentials': () => ({
      headers: ['X-Api-Key: sp_another-key-of-somebody-else-entirely-0000'],
      status: 400,
      code: 'conflicting_credentials',
    }),
    'two Authorization headers': () => ({
      headers: [`Authorization: Bearer sp_${many(43)}`],
      status: 400,
      code: 'conflicting_credentials',
    }),
    'two content types': () => ({ headers: ['Content-Type: text/plain'], status: 400 }),
    'another Host': () => ({ host: 'evil.example', status: 421, code: 'bad_host' }),
    'two Hosts': () => ({ host: [new URL(lab.baseUrl).host, 'evil.example'], status: 400 }),
    'no Host': () => ({ host: null, status: 400 }),
    'a browser': () => ({ headers: ['Origin: https://evil.example'], status: 403, code: 'browser_origin' }),
    'a preflight': () => ({
      method: 'OPTIONS',
      headers: ['Origin: https://evil.example', 'Access-Control-Request-Method: POST'],
      status: 403,
    }),
    'dot segments': () => ({ path: '/openai/v1/../admin', status: 400, code: 'bad_path' }),
    'encoded dot segments': () => ({ path: '/openai/v1/%2e%2e/admin', status: 400, code: 'bad_path' }),
    'an encoded slash': () => ({ path: '/openai/v1%2fchat/completions', status: 400, code: 'bad_path' }),
    'an empty segment': () => ({ path: '//openai/v1/chat/completions', status: 400, code: 'bad_path' }),
    'an absolute target': () => ({ path: 'http://evil.example/openai/v1/chat/completions', status: 400 }),
    'an upgrade': () => ({ headers: ['Connection: Upgrade', 'Upgrade: h2c', 'HTTP2-Settings: AAMAAABk'], status: 400 }),
    'chunked on HTTP/1.0': () => ({ version: '1.0', headers: ['Transfer-Encoding: chunked'], body: '0\r\n\r\n', status: 400 }),
    'length and chunked together': () => ({ headers: ['Transfer-Encoding: chunked', 'Content-Length: 5'], body: '0\r\n\r\n', status: 400 }),
    'a transfer coding that nobody knows': () => ({ headers: ['Transfer-Encoding: xchunked'], status: 400 }),
    'a GET with a body': () => ({ method: 'GET', path: '/openai/v1/models', status: 400 }),
    'a method that is not known': () => ({ method: 'DELETE', path: '/openai/v1/models', status: 404 }),
    'a REST path that no rule lists': () => ({
      method: 'DELETE',
      path: '/orders/orders/42',
      body: '',
      type: null,
      status: 404,
      code: 'path_not_allowed',
    }),
  };

  for (const [name, make] of Object.entries(cases)) {
    const wanted = make.length === 0 ? name : name;
    it(wanted, async () => {
      const c = make();
      const answer = await sendRaw(lab.baseUrl, build(c));
      if (c.status === 0) {
        assert.ok([200, 400].includes(answer.status), answer.all.slice(0, 300));
        total = lab.provider.log.total;
        return;
      }
      assert.equal(answer.status, c.status, answer.all.slice(0, 500));
      if (c.code) assert.match(answer.body, new RegExp(`"${c.code}"`), answer.body);
      assert.equal(lab.provider.log.total, total, 'nothing was forwarded');
      assert.ok(!answer.all.includes(lab.key));
    });
  }

  it('text over the scan limit is NOT_SCANNED: strict blocks it, observe lets it pass, both say so in the record', async () => {
    const long = BODY.replace('hello', `Numbers: ${many(20_000)}`);
    const ask = () =>
      fetch(`${lab.openai}/chat/completions`, {
        method: 'POST',
        headers: { authorization: `Bearer ${lab.key}`, 'content-type': 'application/json' },
        body: long,
      });
    await lab.call('PUT', '/api/policy/preset', { preset: 'strict' });
    const blocked = await ask();
    assert.equal(blocked.status, 403);
    assert.equal(((await blocked.json()) as { error: { code: string } }).error.code, 'blocked_by_policy');
    assert.equal(lab.provider.log.total, total);
    await lab.call('PUT', '/api/policy/preset', { preset: 'observe' });
    assert.equal((await ask()).status, 200);
    for (const row of (await lab.exchanges()).slice(0, 2)) {
      const detail = await lab.exchange(row.id);
      assert.match(JSON.stringify(detail.events.map((e) => e.meta)), /over-limit/);
    }
  });

  it('answers the rest of the day as if nothing had happened', async () => {
    const answer = await fetch(`${lab.openai}/models`, { headers: { authorization: `Bearer ${lab.key}` } });
    assert.equal(answer.status, 200);
  });
});
