import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { type Idp, startIdp } from '../../scripts/demo/idp.js';
import { type Lab, startLab } from '../support/gateway.js';
import { trusted } from '../support/settings.js';

const chat = { model: 'gpt-4o', messages: [{ role: 'user' as const, content: 'hello' }] };
const message = { ...chat, model: 'claude-sonnet-5', max_tokens: 10 };
type Refusal = { code: string; openai: new (...a: never[]) => Error; anthropic: new (...a: never[]) => Error; key: () => Promise<string> };

describe("refusals raise each SDK's own error class with our message and code, at once and without retries", () => {
  let lab: Lab;
  let idp: Idp;
  before(async () => {
    idp = await startIdp();
    lab = await startLab({
      settings: (settings) => {
        settings.issuers = [trusted(idp)];
      },
    });
  });
  after(async () => {
    await lab?.close();
    await idp?.close();
  });

  const unauthorized = { openai: OpenAI.AuthenticationError, anthropic: Anthropic.AuthenticationError };
  const forbidden = { openai: OpenAI.PermissionDeniedError, anthropic: Anthropic.PermissionDeniedError };
  const cases: Record<string, Refusal> = {
    'an unknown key': { code: 'bad_credential', ...unauthorized, key: async () => `sp_${'A'.repeat(43)}` },
    'something that is no key': { code: 'bad_credential', ...unauthorized, key: async () => 'sk-a-provider-key-of-somebody' },
    'a revoked key': {
      code: 'revoked_credential',
      ...unauthorized,
      key: async () => {
        const { id, key } = await lab.newAgent();
        await lab.call('POST', `/api/agents/${id}/revoke`);
        return key;
      },
    },
    'an expired token': { code: 'expired_credential', ...unauthorized, key: () => idp.expiredToken() },
    "a token with a foreign issuer's signature": { code: 'bad_credential', ...unauthorized, key: () => idp.foreignToken() },
    'a token for somebody else': { code: 'bad_credential', ...unauthorized, key: () => idp.mint({ claims: { aud: 'urn:other' } }) },
    'a model outside of the scope': {
      code: 'model_not_allowed',
      ...forbidden,
      key: async () => (await lab.newAgent({ models: ['small-*'] })).key,
    },
    'an operation outside of the scope': {
      code: 'operation_not_allowed',
      ...forbidden,
      key: async () => (await lab.newAgent({ operations: ['embeddings'] })).key,
    },
    'a connection outside of the scope': {
      code: 'connection_not_allowed',
      ...forbidden,
      key: async () => (await lab.newAgent({ connections: ['orders'] })).key,
    },
  };

  for (const [name, { code, openai, anthropic, key }] of Object.entries(cases))
    it(name, async () => {
      const apiKey = await key();
      const total = lab.provider.log.total;
      let requests = 0;
      const counted: typeof fetch = (...given) => {
        requests += 1;
        return fetch(...given);
      };
      const one = new OpenAI({ baseURL: lab.openai, apiKey, fetch: counted });
      const other = new Anthropic({ baseURL: lab.anthropic, apiKey, fetch: counted });
      for (const stream of [false, true]) {
        await assert.rejects(one.chat.completions.create({ ...chat, stream } as never), (e: InstanceType<typeof OpenAI.APIError>) => {
          assert.ok(e instanceof openai, `${e.constructor.name}: ${e.message}`);
          assert.equal(e.code, code);
          assert.ok(e.message.length > 30, e.message);
          return true;
        });
        await assert.rejects(other.messages.create({ ...message, stream } as never), (e: InstanceType<typeof Anthropic.APIError>) => {
          assert.ok(e instanceof anthropic, `${e.constructor.name}: ${e.message}`);
          assert.ok(JSON.stringify(e.error).includes(code), JSON.stringify(e.error));
          return true;
        });
      }
      assert.equal(requests, 4, 'each request was sent once');
      assert.equal(lab.provider.log.total, total, 'nothing reached the provider');
      if (apiKey.length > 20) assert.ok(!lab.output().includes(apiKey.slice(0, 40)), 'the credential is not in the output');
    });

  it('a scope that lists models lets just them pass', async () => {
    const { key } = await lab.newAgent({ models: ['gpt-4o', 'gpt-5*'], operations: ['chat'], connections: ['openai'] });
    const openai = new OpenAI({ baseURL: lab.openai, apiKey: key, maxRetries: 0 });
    for (const model of ['gpt-4o', 'gpt-5-mini'])
      assert.equal((await openai.chat.completions.create({ ...chat, model })).choices[0]?.message.content, 'You wrote: hello');
    for (const model of ['gpt-4o-mini', 'gpt-4', 'o3'])
      await assert.rejects(openai.chat.completions.create({ ...chat, model }), new RegExp(`may not use the model "${model}"`));
  });

  it('a good token of the issuer passes, without becoming known to the provider', async () => {
    const apiKey = await idp.agentToken();
    const openai = new OpenAI({ baseURL: lab.openai, apiKey, maxRetries: 0 });
    assert.equal((await openai.chat.completions.create(chat)).choices[0]?.message.content, 'You wrote: hello');
    assert.equal(lab.provider.log.last()?.key, 'right');
    assert.ok(!lab.provider.log.contains(apiKey));
  });

  it('an unknown connection and an unknown path say what there is', async () => {
    const ask = (path: string) =>
      fetch(`${lab.baseUrl}${path}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${lab.key}`, 'content-type': 'application/json' },
        body: '{}',
      });
    for (const [path, code] of [
      ['/nowhere/v1/chat/completions', 'unknown_connection'],
      ['/openai/v1/files', 'path_not_allowed'],
    ] as const) {
      const answer = await ask(path);
      assert.equal(answer.status, 404);
      assert.equal(((await answer.json()) as { error: { code: string } }).error.code, code);
    }
  });
});
