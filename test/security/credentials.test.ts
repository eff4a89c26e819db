import assert from 'node:assert/strict';
import { createHmac, createSign, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { type Idp, startIdp } from '../../scripts/demo/idp.js';
import { type Lab, startLab } from '../support/gateway.js';
import { sendRaw } from '../support/raw.js';
import { trusted } from '../support/settings.js';
import { until } from '../support/until.js';

const BODY = JSON.stringify({ model: 'sim', messages: [{ role: 'user', content: '[[say in]]' }] });
const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

describe('credentials, attacked through the real listener', { timeout: 120_000 }, () => {
  let lab: Lab;
  let idp: Idp;
  let good: string;
  let header: Record<string, unknown>;
  let claims: Record<string, unknown>;
  let jwk: Record<string, unknown>;
  before(async () => {
    idp = await startIdp();
    good = await idp.agentToken();
    lab = await startLab({
      settings: (settings) => {
        settings.issuers = [trusted(idp)];
      },
    });
    const [h, c] = good.split('.');
    header = JSON.parse(Buffer.from(h!, 'base64url').toString());
    claims = JSON.parse(Buffer.from(c!, 'base64url').toString());
    const configuration = (await (await fetch(`${idp.issuer.replace(/\/$/, '')}/.well-known/openid-configuration`)).json()) as {
      jwks_uri: string;
    };
    const { keys } = (await (await fetch(configuration.jwks_uri)).json()) as { keys: Record<string, unknown>[] };
    jwk = keys.find((k) => k['kid'] === header['kid']) ?? keys[0]!;
  });
  after(async () => {
    await lab?.close();
    await idp?.close();
  });

  const send = (headers: { authorization?: string; 'x-api-key'?: string; 'api-key'?: string }) =>
    fetch(`${lab.openai}/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(headers as Record<string, string>) },
      body: BODY,
    });
  const bearer = (token: string) => send({ authorization: `Bearer ${token}` });
  const es256 = (h: unknown, c: unknown, key: KeyObject): string => {
    const input = `${part(h)}.${part(c)}`;
    return `${input}.${sign('sha256', Buffer.from(input), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`;
  };
  async function refused(token: string, why: string): Promise<void> {
    const total = lab.provider.log.total;
    const answer = await bearer(token);
    // 503: an unknown key id makes us ask the issuer only so often; until then nothing is known of it, and nothing passes.
    assert.ok([401, 403, 503].includes(answer.status), `${why}: ${answer.status} ${await answer.clone().text()}`);
    const text = await answer.text();
    assert.ok(!text.includes(token), 'the token is not echoed');
    assert.equal(lab.provider.log.total, total, `${why}: something was forwarded`);
  }

  it('the good token passes, so that what follows means something', async () => {
    assert.equal((await bearer(good)).status, 200);
  });

  it('algorithm tricks: none, in all spellings; HMAC with the public key; another curve; no algorithm', async () => {
    for (const alg of ['none', 'None', 'NONE', '', undefined, 'HS256', 'ES384', 'RS256'])
      for (const signature of ['', good.split('.')[2]!])
        await refused(`${part({ ...header, alg })}.${part(claims)}.${signature}`, `alg ${alg}`);
    const input = `${part({ ...header, alg: 'HS256' })}.${part(claims)}`;
    for (const secret of [JSON.stringify(jwk), String(jwk['x']), `${jwk['x']}${jwk['y']}`])
      await refused(`${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`, 'HMAC with the public key');
  });

  it('keys of the attacker: its own key under our kid, in jwk, jku, x5c, x5u, and kid tricks', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const own = publicKey.export({ format: 'jwk' });
    for (const [why, h] of [
      ['our kid', header],
      ['jwk', { ...header, jwk: own }],
      ['jku', { ...header, jku: 'http://127.0.0.1:9/jwks' }],
      ['x5u', { ...header, x5u: 'http://127.0.0.1:9/x' }],
      ['crit', { ...header, crit: ['b64'], b64: false }],
      ['path in kid', { ...header, kid: '../../../../dev/null' }],
      ['SQL in kid', { ...header, kid: "x' UNION SELECT 1--" }],
      ['huge kid', { ...header, kid: 'k'.repeat(8000) }],
      ['no kid', { alg: 'ES256' }],
      ['__proto__', { ...header, kid: '__proto__' }],
    ] as const)
      await refused(es256(h, claims, privateKey), why);
    const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const input = `${part({ ...header, alg: 'RS256' })}.${part(claims)}`;
    await refused(`${input}.${createSign('sha256').update(input).sign(rsa.privateKey).toString('base64url')}`, 'RS256');
  });

  it('damage: every part changed, cut, doubled, padded', async () => {
    const [h, c, s] = good.split('.') as [string, string, string];
    const flip = (text: string, at: number) => text.slice(0, at) + (text[at] === 'A' ? 'B' : 'A') + text.slice(at + 1);
    for (const token of [
      `${h}.${flip(c, 10)}.${s}`,
      `${flip(h, 4)}.${c}.${s}`,
      `${h}.${c}.${flip(s, 3)}`,
      `${h}.${c}`,
      `${h}.${c}.`,
      `${h}.${c}.${s}.${s}`,
      `.${c}.${s}`,
      `${h}..${s}`,
      '...',
      'a.b.c',
    ])
      await refused(token, token.slice(0, 12));
    for (const changed of [
      { aud: 'another' },
      { iss: 'https://evil.example' },
      { exp: 1 },
      { nbf: 9_999_999_999 },
      { client_id: 'admin' },
      { groups: ['admins'] },
    ])
      await refused(`${h}.${part({ ...claims, ...changed })}.${s}`, JSON.stringify(changed));
  });

  it('a token that shares its beginning with a known one is not that one (CVE-2026-35030)', async () => {
    assert.equal((await bearer(good)).status, 200);
    for (const keep of [20, 64, good.length - 6])
      await refused(
        `${good.slice(0, keep)}${'A'.repeat(good.length - keep)}`.replace(/(.)$/, (x) => (good.at(-1) === x ? 'B' : x)),
        `prefix ${keep}`,
      );
  });

  it('a key in any header is the same key, and two that differ are refused', async () => {
    for (const headers of [
      { authorization: `Bearer ${lab.key}` },
      { 'x-api-key': lab.key },
      { 'api-key': lab.key },
      { authorization: `bearer ${lab.key}`, 'x-api-key': lab.key },
    ])
      assert.equal((await send(headers)).status, 200);
    const scoped = await lab.newAgent({ models: ['other-*'] });
    for (const headers of [
      { authorization: `Bearer ${scoped.key}`, 'x-api-key': lab.key },
      { 'x-api-key': scoped.key, authorization: `Bearer ${lab.key}` },
      { 'x-api-key': scoped.key, 'api-key': lab.key },
      { authorization: `Bearer ${good}`, 'x-api-key': lab.key },
      { authorization: `Basic ${Buffer.from('a:b').toString('base64')}`, 'x-api-key': lab.key },
    ])
      assert.equal((await send(headers)).status, 400);
    // The restriction holds whichever header carries the key (CVE-2026-45339).
    for (const headers of [{ authorization: `Bearer ${scoped.key}` }, { 'x-api-key': scoped.key }, { 'api-key': scoped.key }])
      assert.equal((await send(headers)).status, 403);
    for (const twice of ['Authorization', 'X-Api-Key']) {
      const prefix = twice === 'Authorization' ? 'Bearer ' : '';
      const raw = await sendRaw(
        lab.baseUrl,
        `POST /openai/v1/chat/completions HTTP/1.1\r\nHost: ${new URL(lab.baseUrl).host}\r\n${twice}: ${prefix}${lab.key}\r\n${twice.toLowerCase()}: ${prefix}${scoped.key}\r\nContent-Type: application/json\r\nContent-Length: ${BODY.length}\r\n\r\n${BODY}`,
      );
      assert.equal(raw.status, 400, raw.all.slice(0, 200));
    }
  });

  it('a key in the query is none, and a wrong one says nothing about others', async () => {
    assert.equal((await fetch(`${lab.openai}/models?key=${lab.key}`)).status, 401);
    const wrong = [`${lab.key.slice(0, -1)}${lab.key.endsWith('A') ? 'B' : 'A'}`, `sp_${'A'.repeat(lab.key.length - 3)}`];
    const texts = await Promise.all(wrong.map(async (k) => (await bearer(k)).json() as Promise<{ error: { message: string } }>));
    assert.equal(new Set(texts.map((t) => t.error.message)).size, 1, 'one answer for all');
  });

  it('a rotated or revoked key is dead at once', async () => {
    const agent = await lab.newAgent();
    assert.equal((await bearer(agent.key)).status, 200);
    const { key } = await lab.call<{ key: string }>('POST', `/api/agents/${agent.id}/rotate`, {});
    assert.equal((await bearer(agent.key)).status, 401);
    assert.equal((await bearer(key)).status, 200);
    await lab.call('POST', `/api/agents/${agent.id}/revoke`, {});
    assert.equal((await bearer(key)).status, 401);

    const short = await lab.newAgent();
    assert.equal((await bearer(short.key)).status, 200);
    const expiresAt = new Date(Date.now() + 1_000).toISOString();
    await lab.call('PATCH', `/api/agents/${short.id}`, { expiresAt });
    // It is used up to its end, so that it is a remembered key that ends.
    const refusal = await until(async () => {
      const answer = await bearer(short.key);
      const { error } = (await answer.json()) as { error?: { code: string } };
      return answer.status === 200 ? undefined : `${answer.status} ${error?.code}`;
    }, 'the key to expire');
    assert.equal(refusal, '401 expired_credential');
    assert.ok(Date.now() >= Date.parse(expiresAt), 'and not before its time');
    const total = lab.provider.log.total;
    assert.equal((await bearer(short.key)).status, 401);
    assert.equal(lab.provider.log.total, total);
  });
});
