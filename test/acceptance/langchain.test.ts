import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { ChatAnthropic } from '@langchain/anthropic';
import type { AIMessageChunk } from '@langchain/core/messages';
import { tool } from '@langchain/core/tools';
import { MemorySaver } from '@langchain/langgraph';
import { createReactAgent } from '@langchain/langgraph/prebuilt';
import { ChatOpenAI, OpenAIEmbeddings } from '@langchain/openai';
import { z } from 'zod';
import { type Lab, startLab } from '../support/gateway.js';

const MAIL = 'maria.keller@brunnhof-ag.ch';
const City = z.object({ city: z.string() });

describe('LangChain and LangGraph, unchanged but for base URL and key', () => {
  let lab: Lab;
  before(async () => {
    lab = await startLab();
  });
  after(() => lab?.close());

  const openai = (useResponsesApi: boolean) =>
    new ChatOpenAI({ model: 'gpt-4o', apiKey: lab.key, maxRetries: 0, useResponsesApi, configuration: { baseURL: lab.openai } });
  const models = {
    'chat completions': () => openai(false),
    responses: () => openai(true),
    anthropic: () => new ChatAnthropic({ model: 'claude-sonnet-5', apiKey: lab.key, maxRetries: 0, anthropicApiUrl: lab.anthropic }),
  };

  for (const [name, make] of Object.entries(models)) {
    describe(name, () => {
      it('invokes and streams', async () => {
        const said = await make().invoke(`[[echo]] Write to ${MAIL}.`);
        assert.equal(said.text, `Write to ${MAIL}.`);
        let streamed: AIMessageChunk | undefined;
        let pieces = 0;
        for await (const chunk of await make().stream(`[[echo]] Write to ${MAIL}, and soon.`)) {
          streamed = streamed ? streamed.concat(chunk) : chunk;
          pieces += 1;
        }
        assert.equal(streamed?.text, `Write to ${MAIL}, and soon.`);
        assert.ok(pieces > 3);
        assert.ok((streamed?.usage_metadata?.total_tokens ?? 0) > 0);
        assert.ok(!lab.provider.log.contains(MAIL));
      });
      it('calls tools in parallel', async () => {
        const weather = tool(() => 'rain', { name: 'weather', schema: City });
        const bound = make().bindTools([weather]);
        const said = await bound.invoke('[[tool weather {"city":"Bern"}]] [[tool weather {"city":"Basel"}]]');
        assert.deepEqual(
          said.tool_calls?.map((c) => c.args),
          [{ city: 'Bern' }, { city: 'Basel' }],
        );
      });
      it('gives structured output', async () => {
        const structured = make().withStructuredOutput(City, { name: 'city' });
        assert.deepEqual(await structured.invoke(MAIL), { city: MAIL });
        assert.ok(!lab.provider.log.contains(MAIL));
      });
      it('runs a LangGraph ReAct agent over several turns as one session', async () => {
        const before = (await lab.sessions()).length;
        const used: string[] = [];
        const lookup = tool(
          ({ city }) => {
            used.push(city);
            return `${city}: rain, ask ${MAIL}`;
          },
          { name: 'weather', schema: City },
        );
        const agent = createReactAgent({ llm: make(), tools: [lookup], checkpointSaver: new MemorySaver() });
        const config = { configurable: { thread_id: '1' } };
        const play = `[[tool weather {"city":"Bern ${name}"}]] [[tool weather {"city":"Basel"}]] [[then]] [[tool weather {"city":"Chur"}]]`;
        const done = await agent.invoke({ messages: [{ role: 'user', content: play }] }, config);
        assert.deepEqual(used, [`Bern ${name}`, 'Basel', 'Chur']);
        assert.match(done.messages.at(-1)?.text ?? '', new RegExp(MAIL));
        const again = await agent.invoke({ messages: [{ role: 'user', content: '[[say thank you]]' }] }, config);
        assert.equal(again.messages.at(-1)?.text, 'thank you');
        assert.ok(!lab.provider.log.contains(MAIL));
        assert.equal((await lab.sessions()).length, before + 1, 'all requests of the run are one session');
      });
      it('raises on refusal', async () => {
        const scoped = await lab.newAgent({ models: ['other-*'] });
        const model = make();
        const refused =
          model instanceof ChatOpenAI
            ? new ChatOpenAI({
                model: 'gpt-4o',
                apiKey: scoped.key,
                useResponsesApi: name === 'responses',
                configuration: { baseURL: lab.openai },
              })
            : new ChatAnthropic({ model: 'claude-sonnet-5', apiKey: scoped.key, anthropicApiUrl: lab.anthropic });
        const total = lab.provider.log.total;
        await assert.rejects(refused.invoke('hello'), (e: Error & { status?: number }) => {
          assert.equal(e.status, 403);
          assert.match(e.message, /model/i);
          return true;
        });
        assert.equal(lab.provider.log.total, total, 'nothing reached the provider');
      });
    });
  }

  it('embeds', async () => {
    const embeddings = new OpenAIEmbeddings({
      model: 'text-embedding-3-small',
      apiKey: lab.key,
      maxRetries: 0,
      configuration: { baseURL: lab.openai },
    });
    const [a, b] = await embeddings.embedDocuments(['hello', `from ${MAIL}`]);
    assert.equal(a?.length, b?.length);
    assert.ok(!lab.provider.log.contains(MAIL));
  });
});
