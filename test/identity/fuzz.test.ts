import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import { ERROR_CODES } from '../../proxy/contract/index.js';
import { createAgentRegistry, createAuthenticator } from '../../proxy/identity/index.js';
import { type Idp, startIdp } from '../../scripts/demo/idp.js';
import { freshSettings, issuerOf, movableClock, outcome } from './setting.js';

let idp: Idp;
before(async () => {
  idp = await startIdp();
});
after(() => idp.close());

const b64 = (value: unknown) => Buffer.from(JSON.stringify(value) ?? '').toString('base64url');

test('nothing that was not given out ever lets anybody in, and every refusal has a code', async (t) => {
  const settings = await freshSettings(t, (draft) => void draft.issuers.push(issuerOf(idp)));
  await createAgentRegistry(settings, movableClock()).create({ name: 'bot', owner: 'local' });
  const authenticator = createAuthenticator({ settings, clock: movableClock() });
  const real = await idp.agentToken();
  assert.equal(typeof (await outcome(authenticator, real)), 'object');
  const [realHeader, realPayload, realSignature] = real.split('.') as [string, string, string];

  const header = fc.record(
    {
      alg: fc.oneof(fc.constantFrom('ES256', 'none', 'HS256', 'RS256', 'EdDSA', '', null, 7), fc.string()),
      kid: fc.oneof(fc.constant(idp.jwks().keys[0]!.kid), fc.string(), fc.jsonValue()),
      typ: fc.oneof(fc.constantFrom('at+jwt', 'JWT', 'application/at+jwt'), fc.jsonValue()),
      crit: fc.jsonValue(),
      b64: fc.boolean(),
      jwk: fc.jsonValue(),
      jku: fc.constant('http://127.0.0.1:9/'),
    },
    { requiredKeys: [] },
  );
  const payload = fc.record(
    {
      iss: fc.oneof(fc.constant(idp.issuer), fc.constant(idp.issuer), fc.jsonValue()),
      aud: fc.oneof(fc.constant(idp.audience), fc.jsonValue()),
      client_id: fc.oneof(fc.constant('etl-bot'), fc.jsonValue()),
      exp: fc.oneof(fc.constant(4_000_000_000), fc.jsonValue()),
      nbf: fc.jsonValue(),
      groups: fc.jsonValue(),
    },
    { requiredKeys: ['iss'] },
  );
  const forged = fc
    .tuple(
      fc.oneof(header.map(b64), fc.constant(realHeader)),
      fc.oneof(payload.map(b64), fc.constant(realPayload)),
      fc.oneof(
        fc.base64String().map((s) => s.replace(/[+/=]/g, '_')),
        fc.constant(realSignature),
      ),
    )
    .map((parts) => parts.join('.'))
    .filter((token) => token !== real);
  const credential = fc.oneof(forged, fc.string({ minLength: 1 }), fc.stringMatching(/^sp_[0-9A-Za-z]{40,50}$/));
  await fc.assert(
    fc.asyncProperty(credential, async (value) => {
      const seen = await outcome(authenticator, value);
      assert.ok(typeof seen === 'string' && seen in ERROR_CODES && seen !== 'internal', `${value}: ${JSON.stringify(seen)}`);
    }),
    { numRuns: 600 },
  );
  assert.equal(typeof (await outcome(authenticator, real)), 'object', 'and the real one still works');
});
