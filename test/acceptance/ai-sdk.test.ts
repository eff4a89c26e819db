import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { createAnthropic } from '@ai-sdk/anthropic';
import { createOpenAI } from '@ai-sdk/openai';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { APICallError, embedMany, generateObject, generateText, type LanguageModel, stepCountIs, streamText, tool } from 'ai';
import { z } from 'zod';
import { type Lab, startLab } from '../support/gateway.js';

const MAIL = 'maria.keller@brunnhof-ag.ch';

describe('the Vercel AI SDK, unchanged but for base URL and key', () => {
  let lab: Lab;
  before(async () => {
    lab = await startLab();
  });
  after(() => lab?.close());

  const models: Record<string, (key: string) => LanguageModel> = {
    'openai-compatible': (apiKey) =>
      createOpenAICompatible({ name: 'x', baseURL: lab.openai, apiKey, supportsStructuredOutputs: true })('gpt-4o'),
    'openai (responses)': (apiKey) => createOpenAI({ baseURL: lab.openai, apiKey })('gpt-4o'),
    anthropic: (apiKey) => createAnthropic({ baseURL: `${lab.anthropic}/v1`, apiKey })('claude-sonnet-5'),
    'anthropic without /v1': (apiKey) => createAnthropic({ baseURL: lab.anthropic, apiKey })('claude-sonnet-5'),
  };

  for (const [name, make] of Object.entries(models)) {
    describe(name, () => {
      it('generates and streams text', async () => {
        const whole = await generateText({ model: make(lab.key), prompt: `[[echo]] Write to ${MAIL}.`, maxRetries: 0 });
        assert.equal(whole.text, `Write to ${MAIL}.`);
        let text = '';
        for await (const piece of streamText({ model: make(lab.key), prompt: `[[echo]] Write to ${MAIL}.`, maxRetries: 0 }).textStream)
          text += piece;
        assert.equal(text, `Write to ${MAIL}.`);
        assert.ok(!lab.provider.log.contains(MAIL));
      });
      it('runs tools in parallel and answers from them', async () => {
        const cities: string[] = [];
        const weather = tool({
          inputSchema: z.object({ city: z.string() }),
          execute: ({ city }) => {
            cities.push(city);
            return `rain in ${city}`;
          },
        });
        const prompt = `[[tool weather {"city":"Bern"}]] [[tool weather {"city":"${MAIL}"}]]`;
        const done = await generateText({ model: make(lab.key), prompt, tools: { weather }, stopWhen: stepCountIs(3), maxRetries: 0 });
        assert.deepEqual(cities, ['Bern', MAIL]);
        assert.match(done.text, /rain in Bern/);
        assert.ok(!lab.provider.log.contains(MAIL));
      });
      it('generates an object', async () => {
        const schema = z.object({ who: z.string() });
        const { object } = await generateObject({ model: make(lab.key), schema, prompt: MAIL, maxRetries: 0 });
        assert.deepEqual(object, { who: MAIL });
      });
      it('raises APICallError with our message, once', async () => {
        const scoped = await lab.newAgent({ models: ['other-*'] });
        await assert.rejects(generateText({ model: make(scoped.key), prompt: 'hello' }), (e: unknown) => {
          assert.ok(APICallError.isInstance(e), String(e));
          assert.equal(e.statusCode, 403);
          assert.equal(e.isRetryable, false);
          assert.match(e.responseBody ?? '', /model_not_allowed/);
          return true;
        });
      });
      it('aborts', async () => {
        const abort = new AbortController();
        const stream = streamText({
          model: make(lab.key),
          prompt: '[[tokens 9]] [[stall 8]]',
          abortSignal: abort.signal,
          maxRetries: 0,
          onError: () => undefined,
        });
        for await (const part of stream.fullStream) if (part.type === 'text-delta') abort.abort();
        for (let i = 0; i < 200 && lab.provider.open > 0; i++) await new Promise((r) => setTimeout(r, 10));
        assert.equal(lab.provider.open, 0);
      });
    });
  }

  it('embeds', async () => {
    const model = createOpenAI({ baseURL: lab.openai, apiKey: lab.key }).textEmbeddingModel('text-embedding-3-small');
    const { embeddings } = await embedMany({ model, values: ['hello', `from ${MAIL}`], maxRetries: 0 });
    assert.equal(embeddings.length, 2);
    assert.ok(!lab.provider.log.contains(MAIL));
  });
});
