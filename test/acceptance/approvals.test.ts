import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { createOpenAI } from '@ai-sdk/openai';
import Anthropic from '@anthropic-ai/sdk';
import { ChatOpenAI } from '@langchain/openai';
import { generateText } from 'ai';
import OpenAI from 'openai';
import type { Approval } from '../../proxy/contract/index.js';
import { type Lab, startLab } from '../support/gateway.js';
import { ASK_LAUNCH, policyOf } from '../support/policies.js';

const POLICY = policyOf(ASK_LAUNCH);

describe('a request that waits for a person', { timeout: 100_000 }, () => {
  let lab: Lab;
  before(async () => {
    lab = await startLab();
    await lab.call('PUT', '/api/policies/ask.yaml', { source: POLICY });
  });
  after(() => lab?.close());

  let made = 0;
  const prompt = () => `[[echo]] The launch code of rocket number ${++made}`;
  /** Default settings of every client: all its retries are on. */
  const clients: Record<string, (content: string, signal?: AbortSignal) => Promise<string>> = {
    'openai chat': async (content, signal) => {
      const openai = new OpenAI({ baseURL: lab.openai, apiKey: lab.key });
      const body = { model: 'gpt-4o', messages: [{ role: 'user' as const, content }] };
      return (await openai.chat.completions.create(body, { signal })).choices[0]?.message.content ?? '';
    },
    'openai chat, streamed': async (content, signal) => {
      const openai = new OpenAI({ baseURL: lab.openai, apiKey: lab.key });
      const body = { model: 'gpt-4o', messages: [{ role: 'user' as const, content }] };
      const final = await openai.chat.completions.stream(body, { signal }).finalChatCompletion();
      return final.choices[0]?.message.content ?? '';
    },
    'openai responses, streamed': async (input, signal) => {
      const openai = new OpenAI({ baseURL: lab.openai, apiKey: lab.key });
      return (await openai.responses.stream({ model: 'gpt-4o', input, store: false }, { signal }).finalResponse()).output_text;
    },
    'anthropic, streamed': async (content, signal) => {
      const anthropic = new Anthropic({ baseURL: lab.anthropic, apiKey: lab.key });
      const body = { model: 'claude-sonnet-5', max_tokens: 99, messages: [{ role: 'user' as const, content }] };
      return anthropic.messages.stream(body, { signal }).finalText();
    },
    LangChain: async (content, signal) => {
      const model = new ChatOpenAI({ model: 'gpt-4o', apiKey: lab.key, configuration: { baseURL: lab.openai } });
      return (await model.invoke(content, { signal })).text;
    },
    'AI SDK': async (content, signal) => {
      const model = createOpenAI({ baseURL: lab.openai, apiKey: lab.key })('gpt-4o');
      return (await generateText({ model, prompt: content, ...(signal ? { abortSignal: signal } : {}) })).text;
    },
  };

  const open = async () => (await lab.callWithoutPerson<{ approvals: Approval[] }>('GET', '/api/approvals?state=open')).approvals;
  async function nextApproval(): Promise<Approval> {
    for (let i = 0; i < 300; i++) {
      const [first] = await open();
      if (first) return first;
      await new Promise((r) => setTimeout(r, 20));
    }
    throw new Error('no approval was opened');
  }
  async function decide(a: Approval, decision: 'approve' | 'deny', reason?: string): Promise<void> {
    for (let tries = 0; ; tries++)
      try {
        await lab.call('POST', `/api/approvals/${a.id}/decision`, { version: a.version, decision, ...(reason ? { reason } : {}) });
        return;
      } catch (error) {
        // It may still be on its way to the disk: nobody is as quick as a test.
        if ((error as { code?: string }).code !== 'conflict' || tries === 20) throw error;
        await new Promise((r) => setTimeout(r, 20));
      }
  }
  const ended = async (id: string) => {
    const { approvals } = await lab.callWithoutPerson<{ approvals: Approval[] }>('GET', '/api/approvals');
    return approvals.find((a) => a.id === id);
  };

  for (const [name, ask] of Object.entries(clients)) {
    it(`${name}: approved, it passes once, exactly as it was shown`, async () => {
      const content = prompt();
      const total = lab.provider.log.total;
      const answered = ask(content);
      const approval = await nextApproval();
      assert.equal(lab.provider.log.total, total, 'nothing was sent yet');
      assert.ok(approval.shown.some((s) => s.text.includes('launch code')));
      await decide(approval, 'approve');
      assert.equal(await answered, content.replace('[[echo]] ', ''));
      assert.equal(lab.provider.log.total, total + 1);
      assert.equal((await ended(approval.id))?.attempts, 1, 'the client asked once');
      const { createHash } = await import('node:crypto');
      const sent = createHash('sha256').update(lab.provider.log.last()!.body).digest('hex');
      assert.equal(sent, approval.digest, 'the bytes that left are those that were approved');
    });

    it(`${name}: denied, the agent gets the reason and the provider nothing; asked again, it is denied without asking`, async () => {
      const content = prompt();
      const total = lab.provider.log.total;
      const answered = ask(content).then(
        (text) => ({ text }),
        (error: Error) => ({ text: `${error.message} ${JSON.stringify((error as { responseBody?: string }).responseBody ?? '')}` }),
      );
      const approval = await nextApproval();
      await decide(approval, 'deny', 'The moon is closed.');
      assert.match((await answered).text, /The moon is closed/);
      await ask(content).then(
        (text) => assert.match(text, /moon is closed/),
        (error: Error) =>
          assert.match(`${error.message} ${JSON.stringify((error as { responseBody?: string }).responseBody ?? '')}`, /moon is closed/),
      );
      assert.deepEqual(await open(), [], 'nobody was asked twice');
      assert.equal(lab.provider.log.total, total);
    });

    it(`${name}: the client goes away, and nothing is sent, whatever is decided then`, async () => {
      const total = lab.provider.log.total;
      const gone = new AbortController();
      const answered = ask(prompt(), gone.signal);
      answered.catch(() => undefined);
      const approval = await nextApproval();
      gone.abort();
      await assert.rejects(answered);
      for (let i = 0; i < 100 && (await open()).some((a) => a.clientWaiting); i++) await new Promise((r) => setTimeout(r, 20));
      const now = (await open()).find((a) => a.id === approval.id);
      if (now) {
        assert.equal(now.clientWaiting, false);
        await decide(now, 'approve').catch(() => undefined);
      }
      await new Promise((r) => setTimeout(r, 200));
      assert.equal(lab.provider.log.total, total);
    });
  }

  it('only a person may decide', async () => {
    const answered = clients['openai chat']!(prompt());
    answered.catch(() => undefined);
    const approval = await nextApproval();
    await assert.rejects(
      lab.callWithoutPerson('POST', `/api/approvals/${approval.id}/decision`, { version: approval.version, decision: 'approve' }),
      /person/i,
    );
    await decide(approval, 'deny');
    await assert.rejects(answered);
  });

  it('what waits is not longer valid when the policy changes', async () => {
    const total = lab.provider.log.total;
    const answered = clients['openai chat']!(prompt());
    answered.catch(() => undefined);
    const approval = await nextApproval();
    await lab.call('PUT', '/api/policies/ask.yaml', { source: `${POLICY}    description: changed\n` });
    await assert.rejects(answered, /polic|changed|void/i);
    assert.equal((await ended(approval.id))?.state, 'void');
    assert.equal(lab.provider.log.total, total);
  });
});
