import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { createAuthenticator, type SavedKeys, sealedFile } from '../../proxy/identity/index.js';
import { type Idp, startIdp } from '../../scripts/demo/idp.js';
import { freshSettings, issuerOf, movableClock, outcome } from './setting.js';

let idp: Idp;
before(async () => {
  idp = await startIdp();
});
after(() => idp.close());

type Context = { after(run: () => Promise<void>): void };
const downloads = () => idp.requests.get('/jwks') ?? 0;
const later = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

async function gate(t: Context, options: { saved?: boolean } = {}) {
  const settings = await freshSettings(t, (draft) => void draft.issuers.push(issuerOf(idp)));
  const clock = movableClock();
  const open = (secret = 'seal') => {
    const authenticator = createAuthenticator({
      settings,
      clock,
      ...(options.saved
        ? { savedKeys: () => sealedFile<SavedKeys>(join(settings.directory, 'keys.json'), 'keys', async () => secret) }
        : {}),
    });
    t.after(async () => authenticator.close());
    return (token: string) => outcome(authenticator, token);
  };
  return { settings, clock, open };
}

test('many tokens, one download; a rotated key is found after the cooldown, and asked for once', async (t) => {
  const { clock, open } = await gate(t);
  const ask = open();
  const before = downloads();
  const tokens = await Promise.all(Array.from({ length: 10 }, () => idp.mint({ claims: { jti: Math.random() } })));
  assert.ok((await Promise.all(tokens.map(ask))).every((seen) => typeof seen === 'object'));
  assert.equal(downloads() - before, 1);

  await idp.rotateKeys();
  const rotated = await idp.agentToken();
  assert.equal(await ask(rotated), 'identity_unavailable', 'within the cooldown: unknown, not refused for good');
  assert.equal(downloads() - before, 1);
  clock.advance(31_000);
  assert.equal(typeof (await ask(rotated)), 'object');
  assert.equal(typeof (await ask(tokens[0]!)), 'object', 'the former key is still published');
  assert.equal(downloads() - before, 2);
});

test('tokens with invented key ids cannot make us download without end', async (t) => {
  const { clock, open } = await gate(t);
  const ask = open();
  await ask(await idp.agentToken());
  const before = downloads();
  clock.advance(31_000);
  const bad = await idp.mint({ header: { kid: 'invented' } });
  assert.equal(await ask(bad), 'bad_credential');
  for (let i = 0; i < 20; i++) {
    assert.equal(await ask(await idp.mint({ header: { kid: `invented-${i}` } })), 'identity_unavailable');
    assert.equal(await ask(bad), 'bad_credential', 'known not to exist');
  }
  assert.equal(downloads() - before, 1);
});

test('the provider goes down: known keys go on, also for new tokens and old key sets; what is unknown gets 503', async (t) => {
  const { clock, open } = await gate(t);
  const ask = open();
  const early = await idp.agentToken();
  assert.equal(typeof (await ask(early)), 'object');
  const unseen = await idp.mint({ expiresIn: 7200 });
  const unknownKey = await idp.mint({ header: { kid: 'unknown' } });
  await idp.pause();
  try {
    assert.equal(typeof (await ask(unseen)), 'object', 'a token never seen, signed with a known key');
    clock.advance(3_600_000);
    assert.equal(typeof (await ask(unseen)), 'object', 'an hour later the key set is old and still good');
    assert.equal(await ask(early), 'expired_credential');
    assert.equal(await ask(unknownKey), 'identity_unavailable');
  } finally {
    await idp.resume();
  }
  clock.advance(5_000);
  assert.equal(await ask(unknownKey), 'bad_credential', 'the key is asked for again and the answer is certain');
});

test('started while the provider is down: 503, then recovered by itself', async (t) => {
  const { clock, open } = await gate(t);
  const ask = open();
  const token = await idp.mint({ expiresIn: 3600 });
  await idp.pause();
  try {
    assert.equal(await ask(token), 'identity_unavailable');
    assert.equal(await ask(token), 'identity_unavailable');
  } finally {
    await idp.resume();
  }
  clock.advance(2_100);
  assert.equal(typeof (await ask(token)), 'object');
});

test('keys survive a restart with the provider down; a forged file does not count', async (t) => {
  const { open, settings } = await gate(t, { saved: true });
  const token = await idp.mint({ expiresIn: 3600 });
  assert.equal(typeof (await open()(token)), 'object');
  const file = sealedFile<SavedKeys>(join(settings.directory, 'keys.json'), 'keys', async () => 'seal');
  for (let i = 0; i < 100 && (await file.read()) === undefined; i++) await later(10);
  await idp.pause();
  try {
    assert.equal(typeof (await open()(token)), 'object');
    assert.equal(await open('another seal')(token), 'identity_unavailable');
  } finally {
    await idp.resume();
  }
});

test('a key that the issuer withdraws stops being trusted, remembered tokens included', async (t) => {
  const { clock, open } = await gate(t);
  const ask = open();
  const token = await idp.mint({ expiresIn: 7200 });
  assert.equal(typeof (await ask(token)), 'object');
  await idp.rotateKeys({ drop: true });
  clock.advance(601_000);
  const other = await idp.mint({ claims: { jti: 'x' } });
  // The look-up runs in the background; this token triggers it, its own key being unknown.
  for (let i = 0; i < 100 && typeof (await ask(other)) !== 'object'; i++) await later(10);
  assert.equal(await ask(token), 'identity_unavailable', 'no longer accepted; certain after the cooldown');
  clock.advance(31_000);
  assert.equal(await ask(token), 'bad_credential');
});
