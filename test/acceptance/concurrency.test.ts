import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { type Lab, startLab } from '../support/gateway.js';

const STREAMS = 64;

describe(`${STREAMS} streams at once`, () => {
  let lab: Lab;
  before(async () => {
    lab = await startLab({ provider: { paceMs: 2 } });
  });
  after(() => lab?.close());

  it('mixes neither masked values, nor tool calls, nor records', async () => {
    const agents = await Promise.all(Array.from({ length: 4 }, () => lab.newAgent()));
    const mail = (i: number) => `person${i}.unique@firma-nummer-${i}.ch`;
    const shared = 'office.all@gemeinsam-ag.ch';
    const tool = { type: 'object' as const, properties: { to: { type: 'string' } } };

    await Promise.all(
      Array.from({ length: STREAMS }, async (_, i) => {
        const apiKey = agents[i % agents.length]!.key;
        const content = `[[say Number ${i} writes to ${mail(i)} and ${shared}.]] [[tool send {"to":"${mail(i)}","n":${i}}]] [[bytes ${7 + (i % 5)}]]`;
        const messages = [{ role: 'user' as const, content }];
        const calls: unknown[] = [];
        let text = '';
        if (i % 2) {
          const anthropic = new Anthropic({ baseURL: lab.anthropic, apiKey, maxRetries: 0 });
          const body = { model: 'claude-sonnet-5', max_tokens: 500, messages, tools: [{ name: 'send', input_schema: tool }] };
          const made = await anthropic.messages.stream(body).finalMessage();
          for (const block of made.content)
            block.type === 'tool_use' ? calls.push(block.input) : (text += (block as { text: string }).text);
        } else {
          const openai = new OpenAI({ baseURL: lab.openai, apiKey, maxRetries: 0 });
          const tools = [{ type: 'function' as const, function: { name: 'send', parameters: tool } }];
          const made = await openai.chat.completions.stream({ model: 'gpt-4o', messages, tools }).finalChatCompletion();
          text = made.choices[0]?.message.content ?? '';
          for (const call of made.choices[0]?.message.tool_calls ?? [])
            if (call.type === 'function') calls.push(JSON.parse(call.function.arguments));
        }
        assert.deepEqual(calls, [{ to: mail(i), n: i }]);
        assert.equal(text, `Number ${i} writes to ${mail(i)} and ${shared}.`);
      }),
    );

    for (let i = 0; i < STREAMS; i++) assert.ok(!lab.provider.log.contains(mail(i)), mail(i));
    assert.ok(!lab.provider.log.contains(shared));

    // The same address has another placeholder in each session, so that nobody can join them at the provider.
    const codes = lab.provider.log.entries.map((e) => /and (EMAIL_ADDRESS_[a-z2-7]+)/.exec(e.text)?.[1]);
    assert.equal(new Set(codes).size, codes.length, 'one placeholder per session');

    const rows = await lab.exchanges();
    assert.equal(rows.length, STREAMS);
    for (const row of rows) {
      const { request = '', response = '', events } = await lab.exchange(row.id);
      const number = /Number (\d+) writes/.exec(request)?.[1];
      assert.ok(number, 'the request is in its record');
      const asked = /writes to (EMAIL_ADDRESS_[a-z2-7]+)/.exec(request)?.[1];
      assert.ok(asked);
      const others = [...response.matchAll(/EMAIL_ADDRESS_[a-z2-7]{8,}/g)].map((m) => m[0]);
      const own = new Set([...request.matchAll(/EMAIL_ADDRESS_[a-z2-7]{8,}/g)].map((m) => m[0]));
      for (const placeholder of others) assert.ok(own.has(placeholder), `record ${row.id} holds a placeholder of another stream`);
      assert.ok(events.some((e) => e.kind === 'tool-call'));
    }
  });
});
