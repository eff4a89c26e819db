import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { freePort } from '../../scripts/demo/launch.js';
import { type Lab, startLab } from '../support/gateway.js';

const MAIL = 'maria.keller@brunnhof-ag.ch';
const chat = (content: string) => ({ model: 'gpt-4o', messages: [{ role: 'user' as const, content: `${content} ${MAIL}` }] });

describe('a provider that misbehaves', { timeout: 90_000 }, () => {
  let lab: Lab;
  let openai: OpenAI;
  let anthropic: Anthropic;
  before(async () => {
    const nobody = `http://127.0.0.1:${await freePort()}`;
    lab = await startLab({
      settings: ({ connections }) => {
        const common = { dialect: 'openai', pathPrefix: '', credential: 'env:LAB_PROVIDER_KEY' } as const;
        connections.push(
          { ...common, name: 'down', origin: nobody, credentialOrigin: nobody },
          { ...common, name: 'keyless', origin: nobody, credentialOrigin: nobody, credential: 'env:NOT_SET_ANYWHERE' },
          { ...common, name: 'moved', origin: nobody, credentialOrigin: 'http://127.0.0.1:1' },
        );
      },
    });
    openai = new OpenAI({ baseURL: lab.openai, apiKey: lab.key, maxRetries: 0 });
    anthropic = new Anthropic({ baseURL: lab.anthropic, apiKey: lab.key, maxRetries: 0 });
  });
  after(() => lab?.close());

  const fails = async (asked: Promise<unknown>, status: number, code: string) =>
    assert.rejects(asked, (e: InstanceType<typeof OpenAI.APIError>) => {
      assert.equal(e.status, status, e.message);
      assert.equal(e.code, code);
      assert.ok(!e.message.includes(lab.provider.apiKey));
      return true;
    });
  const at = (connection: string) => new OpenAI({ baseURL: `${lab.baseUrl}/${connection}/v1`, apiKey: lab.key, maxRetries: 0 });

  it('is not there: 502', () => fails(at('down').chat.completions.create(chat('hi')), 502, 'upstream_unreachable'));
  it('has no key here: 503', () => fails(at('keyless').chat.completions.create(chat('hi')), 503, 'credential_unavailable'));
  it('stands elsewhere than where its key was given for: 503, and the key stays here', () =>
    fails(at('moved').chat.completions.create(chat('hi')), 503, 'credential_origin_changed'));
  it('redirects: 502, not followed', () => fails(openai.chat.completions.create(chat('[[redirect]]')), 502, 'upstream_redirect'));
  it('answers with half a JSON body: 502', () =>
    fails(openai.chat.completions.create(chat('[[broken-json]]')), 502, 'upstream_unreadable'));
  it('answers in an encoding that nobody knows: 502', () =>
    fails(openai.chat.completions.create(chat('[[encoding snappy]]')), 502, 'upstream_unreadable'));
  it('answers with a web page: 502', () => fails(openai.chat.completions.create(chat('[[wrong-type]]')), 502, 'upstream_unreadable'));
  it('calls its JSON, or its stream, plain text: 502, so that no tool call gets past the judge in it', async () => {
    const body = JSON.stringify({ ...chat('[[type text/plain]] [[tool shell {"command":"rm -rf ~"}]]') });
    for (const stream of [false, true]) {
      const answer = await fetch(`${lab.openai}/chat/completions`, {
        method: 'POST',
        headers: { authorization: `Bearer ${lab.key}`, 'content-type': 'application/json' },
        body: stream ? body.replace('{', '{"stream":true,') : body,
      });
      assert.equal(answer.status, 502);
      assert.ok(!(await answer.text()).includes('rm -rf'));
    }
  });
  it('compresses: read like any other', async () => {
    for (const how of ['[[gzip]]', '[[br]]'])
      assert.equal((await openai.chat.completions.create(chat(`${how} [[echo]]`))).choices[0]?.message.content, MAIL);
  });
  it('ends a stream without its terminator: the client notices, it does not take it for the whole', async () => {
    await assert.rejects(async () => {
      for await (const _ of await openai.chat.completions.create({ ...chat('[[tokens 30]] [[end-early 9]]'), stream: true }));
    });
    await assert.rejects(
      anthropic.messages
        .stream({ model: 'claude-sonnet-5', max_tokens: 99, messages: [{ role: 'user', content: '[[tokens 30]] [[end-early 9]]' }] })
        .finalMessage(),
    );
  });
  it('sends everything in one event of 3 MB: it arrives', async () => {
    let length = 0;
    for await (const c of await openai.chat.completions.create({ ...chat('[[huge-event 3000000]]'), stream: true }))
      length += c.choices[0]?.delta.content?.length ?? 0;
    assert.equal(length, 3_000_000);
  });
  it('brings up a refusal of its own: it arrives as one', async () => {
    const made = await openai.chat.completions.create(chat('Hello, please. [[refuse Sorry, no.]]'));
    assert.equal(made.choices[0]?.message.refusal, 'Sorry, no.');
  });
  it('did not see the value in any of this, and every exchange has an end', async () => {
    assert.ok(!lab.provider.log.contains(MAIL));
    assert.ok(lab.provider.log.entries.every((e) => e.key === 'right'));
    for (const row of await lab.exchanges()) assert.notEqual(row.outcome, '');
  });
});
