import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { describe, it } from 'node:test';
import { SallyportError, type SecretStore } from '../../proxy/contract/index.js';
import { createMemorySecretStore } from '../../proxy/credentials/index.js';
import { openBench } from '../pipeline/support.js';
import { trusted } from '../support/settings.js';
import { openKeychainBench } from './keychain.js';

const chat = (content: string) => ({ model: 'sim', messages: [{ role: 'user', content }] });
const codeOf = (r: Response) => r.headers.get('x-sallyport-code');

describe('what a gateway asks is gone', { timeout: 90_000 }, () => {
  for (const [name, how] of [
    ['gone', 'closed'],
    ['hung', 'silent'],
  ] as const)
    it(`the identity provider is ${name}: tokens are refused with 503, agent keys go on`, async () => {
      const silent = createServer(() => {});
      silent.listen(0, '127.0.0.1');
      await once(silent, 'listening');
      const { port } = silent.address() as { port: number };
      if (how === 'closed') silent.close();
      const issuer = `http://127.0.0.1:${port}`;
      const b = await openBench({}, (draft) => {
        draft.issuers = [trusted({ issuer, audience: 'sallyport' })];
      });
      try {
        const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
        const token = `${part({ alg: 'ES256', kid: 'k' })}.${part({ iss: issuer, aud: 'sallyport', client_id: 'x', exp: 9999999999 })}.${'A'.repeat(86)}`;
        const refused = await b.post('/openai/v1/chat/completions', chat('[[say no]]'), { authorization: `Bearer ${token}` });
        assert.equal(refused.status, 503);
        assert.equal(codeOf(refused), 'identity_unavailable');
        assert.equal(b.provider.log.total, 0);
        assert.equal((await b.post('/openai/v1/chat/completions', chat('[[say yes]]'))).status, 200);
      } finally {
        await b.close();
        silent.close();
      }
    });

  it('the keychain is gone: requests of a connection that needs it are refused, others go on, nothing is sent without a key', async () => {
    const memory = createMemorySecretStore();
    let gone = false;
    const failing: SecretStore = {
      kind: 'keychain',
      protected: true,
      acceptsProviderKeys: true,
      get: (name) => (gone ? Promise.reject(new SallyportError('keychain_unavailable')) : memory.get(name)),
      set: (name, value) => (gone ? Promise.reject(new SallyportError('keychain_unavailable')) : memory.set(name, value)),
      delete: (name) => memory.delete(name),
    };
    // A key is served from memory for a minute, and a keychain that failed is left alone for a second.
    let passed = 0;
    const clock = { now: () => Date.now() + passed, monotonic: () => performance.now() + passed };
    const b = await openKeychainBench(failing, { clock });
    try {
      let number = 0;
      const post = (connection: string) => b.post(`/${connection}/v1/chat/completions`, chat(`[[say hi]] ${connection} ${++number}`));
      assert.equal((await post('locked')).status, 200, 'with its keychain it is served');
      gone = true;
      passed += 61_000;
      const { total } = b.provider.log;
      for (let i = 0; i < 3; i++) {
        const refused = await post('locked');
        assert.deepEqual([refused.status, codeOf(refused)], [503, 'credential_unavailable']);
      }
      assert.equal(b.provider.log.total, total, 'nothing is sent without its key');
      assert.equal((await post('open')).status, 200, 'what needs no keychain goes on, in a session of its own');
      gone = false;
      passed += 1_100;
      assert.equal((await post('locked')).status, 200, 'it goes on by itself');
      assert.ok(b.provider.log.entries.every((e) => e.key === 'right'));
    } finally {
      await b.close();
    }
  });
});
