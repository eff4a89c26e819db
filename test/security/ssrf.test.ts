import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { type Bench, openBench } from '../pipeline/support.js';
import { type Capture, startCapture } from '../support/capture.js';
import { sendRaw } from '../support/raw.js';
import { connectionTo } from '../support/settings.js';

const chat = (more: object = {}) => ({ model: 'sim', messages: [{ role: 'user', content: '[[say in]]' }], ...more });

/** Beside the operations that are looked into: one that passes unread, and obeys the same rules. */
const FILES = [{ method: 'POST', path: '/v1/files' }];
const WAYS = ['/v1/chat/completions', '/v1/files'];

/** Where a request goes is the stored connection's business alone. */
describe('steering a request elsewhere', { timeout: 60_000 }, () => {
  let b: Bench;
  let evil: Capture;
  let sender: Capture;
  let elsewhere = '';
  let stolen: Capture['seen'];
  before(async () => {
    evil = await startCapture();
    elsewhere = evil.origin;
    stolen = evil.seen;
    sender = await startCapture((response) => response.writeHead(307, { location: `${elsewhere}/v1/chat/completions` }).end());
    b = await openBench({}, (draft) => {
      draft.policy.preset = 'observe';
      for (const [name, origin] of [
        ['metadata', 'https://169.254.169.254'],
        ['azure', 'https://168.63.129.16'],
        ['mapped', 'https://[::ffff:a9fe:a9fe]'],
        ['v6', 'https://[fe80::1]'],
        ['nat64', 'https://[64:ff9b::a9fe:a9fe]'],
        ['gcp', 'https://[fd20:ce::254]'],
        ['zero', 'https://0.0.0.0:8080'],
      ] as const)
        draft.connections.push(connectionTo(origin, { name, credential: 'env:PIPELINE_TEST_KEY', passthrough: FILES }));
      const port = new URL(elsewhere).port;
      draft.connections.push(
        connectionTo(sender.origin, { name: 'sender', credential: 'env:PIPELINE_TEST_KEY', passthrough: FILES }),
        connectionTo(`http://0.0.0.0:${port}`, { name: 'any', credential: 'none', passthrough: FILES }),
        connectionTo(`http://0.0.0.0:${port}`, { name: 'named', credential: 'none', passthrough: FILES, allowPrivateAddress: true }),
      );
    });
  });
  beforeEach(() => {
    stolen.length = 0;
  });
  after(async () => {
    await b?.close();
    evil?.close();
    sender?.close();
  });

  it('members of the body that choose another place or another key are refused (CVE-2024-6587)', async () => {
    for (const member of [
      'api_base',
      'base_url',
      'api_key',
      'azure_endpoint',
      'custom_llm_provider',
      'vertex_credentials',
      'aws_secret_access_key',
    ])
      assert.equal((await b.post('/openai/v1/chat/completions', chat({ [member]: elsewhere }))).status, 400, member);
    assert.deepEqual(stolen, []);
  });

  it('headers that other gateways obey do not reach anybody', async () => {
    const headers = {
      'x-portkey-custom-host': elsewhere,
      'x-portkey-provider': 'openai',
      'x-litellm-api-base': elsewhere,
      'helicone-target-url': elsewhere,
      'x-target-url': elsewhere,
      'x-upstream-url': elsewhere,
      'x-api-base': elsewhere,
      'x-base-url': elsewhere,
      'x-forwarded-host': 'evil.example',
      'x-forwarded-for': '1.2.3.4',
      forwarded: 'host=evil.example',
      'x-original-url': '/admin',
      'x-rewrite-url': '/admin',
      'x-http-method-override': 'DELETE',
      cookie: 'a=b',
      'accept-language': 'de-CH',
    };
    assert.equal((await b.post('/openai/v1/chat/completions', chat(), headers)).status, 200);
    const sent = b.provider.log.last()!;
    for (const name of Object.keys(headers)) assert.ok(!(name in sent.headers), name);
    assert.equal(sent.path, '/v1/chat/completions');
    assert.deepEqual(stolen, []);
  });

  it('a redirect is never followed, and its target is not told to the agent', async () => {
    for (const way of WAYS) {
      sender.seen.length = 0;
      const answer = await b.post(`/sender${way}`, chat());
      assert.equal(answer.status, 502, way);
      assert.equal(answer.headers.get('x-sallyport-code'), 'upstream_redirect', way);
      assert.equal(answer.headers.get('location'), null);
      const text = await answer.text();
      assert.match(text, /redirect/);
      assert.ok(!text.includes(elsewhere), text);
      assert.equal(sender.seen.length, 1, 'it was asked once');
      assert.deepEqual(stolen, [], way);
    }
  });

  it('link-local and metadata addresses are refused without the connection saying so itself', async () => {
    for (const name of ['metadata', 'azure', 'mapped', 'v6', 'nat64', 'gcp', 'zero', 'any'])
      for (const way of WAYS) {
        const answer = await b.post(`/${name}${way}`, chat());
        assert.equal(answer.status, 502, name + way);
        assert.equal(answer.headers.get('x-sallyport-code'), 'upstream_address_refused', name + way);
      }
    assert.deepEqual(stolen, []);
  });

  it('a connection that says so itself reaches such an address, both ways', async () => {
    for (const way of WAYS) assert.equal((await b.post(`/named${way}`, chat())).status, 200, way);
    assert.deepEqual(
      stolen.map((s) => s.path),
      WAYS,
    );
  });

  it('a connection that is corrected works again', async () => {
    const point = (origin: string) =>
      b.gateway.services.settings.update((draft) => {
        draft.connections.find((c) => c.name === 'any')!.origin = origin;
      });
    for (const [origin, status] of [
      [elsewhere, 200],
      ['https://169.254.169.254', 502],
      [elsewhere, 200],
    ] as const) {
      await point(origin);
      for (const way of WAYS) assert.equal((await b.post(`/any${way}`, chat())).status, status, origin + way);
    }
  });

  it('the connection is the first segment of the path, and nothing else names it', async () => {
    const { host } = new URL(b.url('/'));
    const body = JSON.stringify(chat());
    const total = b.provider.log.total;
    const to = (target: string, hostHeader = host) =>
      sendRaw(
        b.url('/'),
        `POST ${target} HTTP/1.1\r\nHost: ${hostHeader}\r\nAuthorization: Bearer ${b.key}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
      );
    for (const target of [
      `${elsewhere}/openai/v1/chat/completions`,
      `//${new URL(elsewhere).host}/v1/chat/completions`,
      `/openai@${new URL(elsewhere).host}/v1/chat/completions`,
      '/openai/../metadata/v1/chat/completions',
      '/openai/%2e%2e/metadata/v1/chat/completions',
      '/openai\\..\\metadata/v1/chat/completions',
      '/__proto__/v1/chat/completions',
      '/constructor/v1/chat/completions',
      '/openai/v1/chat/completions#@evil',
      '/openai/v1/chat/completions;/../../x',
    ]) {
      const { status, all } = await to(target);
      assert.ok(status >= 400 && status < 500, `${target}: ${all.slice(0, 120)}`);
    }
    for (const name of [
      'evil.example',
      `127.0.0.1:${new URL(elsewhere).port}`,
      `${host}.evil.example`,
      `${host}@evil.example`,
      '[::ffff:127.0.0.1]',
    ])
      assert.ok([400, 421].includes((await to('/openai/v1/chat/completions', name)).status), name);
    assert.equal(b.provider.log.total, total);
    assert.deepEqual(stolen, []);
  });

  it('a connection that now points elsewhere does not take its key along', async () => {
    await b.gateway.services.settings.update((draft) => {
      draft.connections.find((c) => c.name === 'openai')!.origin = elsewhere;
    });
    const answer = await b.post('/openai/v1/chat/completions', chat());
    assert.equal(answer.headers.get('x-sallyport-code'), 'credential_origin_changed');
    assert.equal(answer.status, 503);
    assert.deepEqual(stolen, []);
  });
});
