import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Connection } from '../../proxy/contract/index.js';
import { addressAllowed, requestHeaders, responseHeaders } from '../../proxy/upstream/index.js';

const openai: Connection = { name: 'openai', dialect: 'openai', origin: 'https://api.example', pathPrefix: '', credential: 'none' };
const names = (list: string[]): string[] => list.filter((_, i) => i % 2 === 0);

test('the agent’s credential, hop-by-hop, identity and steering headers never leave', () => {
  const out = requestHeaders(
    [
      'Host',
      'x',
      'Authorization',
      'Bearer sp_agent',
      'X-Api-Key',
      'sp_agent',
      'Cookie',
      'a=b',
      'X-Forwarded-For',
      '1.2.3.4',
      'Connection',
      'close, x-keep',
      'X-Keep',
      'yes',
      'Trailer',
      'Authorization',
      'Expect',
      '100-continue',
      'X-Portkey-Custom-Host',
      'evil',
      'x-target-url',
      'evil',
      'X-Sallyport-Session',
      's',
      'Accept-Encoding',
      'gzip',
      'User-Agent',
      'OpenAI/JS',
      'x-stainless-lang',
      'js',
    ],
    openai,
    'provider-key',
    Buffer.from('{}'),
  );
  assert.deepEqual(names(out), ['x-keep', 'user-agent', 'x-stainless-lang', 'accept-encoding', 'content-length', 'authorization']);
  assert.equal(out.at(-1), 'Bearer provider-key');
  assert.ok(!out.join('\n').includes('sp_agent'));
});

test('anthropic gets x-api-key; header rules set and remove', () => {
  const out = requestHeaders(
    ['anthropic-version', '2023-06-01', 'x-team', 'mine'],
    { ...openai, dialect: 'anthropic', headers: { set: { 'X-Org': 'acme' }, remove: ['X-Team'] } },
    'k$&1',
    undefined,
  );
  assert.deepEqual(out, ['anthropic-version', '2023-06-01', 'x-org', 'acme', 'accept-encoding', 'identity', 'x-api-key', 'k$&1']);
});

test('answers lose cookies, CORS, framing, redirects and what only Sallyport says', () => {
  const out = responseHeaders({
    'set-cookie': ['a=b'],
    'access-control-allow-origin': '*',
    'access-control-allow-private-network': 'true',
    'access-control-max-age': '600',
    'timing-allow-origin': '*',
    'proxy-authenticate': 'Basic',
    'proxy-status': 'x',
    'x-sallyport-code': 'blocked_by_policy',
    'content-length': '3',
    location: 'https://evil',
    'retry-after': '5',
    'x-request-id': 'r',
    'content-type': 'application/json',
  });
  assert.deepEqual(
    out.map(([n]) => n),
    ['retry-after', 'x-request-id', 'content-type'],
  );
});

test('metadata, link-local and rebinding answers are refused', () => {
  for (const bad of [
    '169.254.169.254',
    '0.0.0.0',
    'fe80::1',
    'fd00:ec2::254',
    '100.100.100.200',
    '::ffff:169.254.169.254',
    '127.0.0.1',
    '::1',
    '224.0.0.1',
    '::ffff:a9fe:a9fe',
    '::FFFF:127.0.0.1',
    '0:0:0:0:0:ffff:a9fe:a9fe',
    '::a9fe:a9fe',
    '::127.0.0.1',
    '::ffff:0:169.254.169.254',
    '64:ff9b::a9fe:a9fe',
    '64:ff9b::127.0.0.1',
    '64:ff9b:1::a9fe:a9fe',
    '2002:a9fe:a9fe::',
    '2002:7f00:1::1',
    'fe80::1%eth0',
    'fd00:ec2::23',
    'fd20:ce::254',
    'fd00:42::42',
  ])
    assert.equal(addressAllowed('api.example', bad, false), false, bad);
  for (const good of ['203.0.113.9', '2606:4700::6810:1', '::ffff:203.0.113.9', '64:ff9b::cb00:7109', '2002:cb00:7109::1', 'fd00::1'])
    assert.equal(addressAllowed('api.example', good, false), true, good);
  for (const named of ['::1', '::ffff:127.0.0.1', '127.0.0.1']) assert.equal(addressAllowed(named, named, false), true, named);
  assert.equal(addressAllowed('localhost', '127.0.0.1', false), true);
  assert.equal(addressAllowed('127.0.0.1', '127.0.0.1', false), true);
  assert.equal(addressAllowed('api.example', '10.1.2.3', false), true);
  assert.equal(addressAllowed('api.example', '169.254.169.254', true), true);
});
