import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import OpenAI from 'openai';
import type { Approval } from '../../proxy/contract/index.js';
import { type Lab, startLab } from '../support/gateway.js';

const POLICY = `version: 1
name: words
rules:
  - id: block-recipe
    match: { what: part, direction: request, words: [secret recipe] }
    then: block
    sentence: The recipe stays in the house.
  - id: ask-launch
    match: { what: part, direction: request, words: [launch code] }
    then: approve
    sentence: The prompt speaks of a launch code.
`;
type Message = OpenAI.ChatCompletionMessageParam;

describe('what was decided about a part holds while the conversation grows', { timeout: 60_000 }, () => {
  let lab: Lab;
  let openai: OpenAI;
  before(async () => {
    lab = await startLab();
    await lab.call('PUT', '/api/policies/words.yaml', { source: POLICY });
    openai = new OpenAI({ baseURL: lab.openai, apiKey: lab.key, maxRetries: 0 });
  });
  after(() => lab?.close());

  const say = async (messages: Message[]) =>
    (await openai.chat.completions.create({ model: 'gpt-4o', messages })).choices[0]?.message.content ?? '';
  const open = async () => (await lab.callWithoutPerson<{ approvals: Approval[] }>('GET', '/api/approvals?state=open')).approvals;
  const user = (content: string): Message => ({ role: 'user', content });
  const assistant = (content: string): Message => ({ role: 'assistant', content });

  it('a blocked part stays blocked in every later request that contains it', async () => {
    const total = lab.provider.log.total;
    const history = [user('[[say hello]] first')];
    assert.equal(await say(history), 'hello');
    history.push(assistant('hello'), user('Now the secret recipe, please.'));
    for (let turn = 0; turn < 3; turn++) {
      await assert.rejects(say(history), (e: InstanceType<typeof OpenAI.PermissionDeniedError>) => {
        assert.ok(e instanceof OpenAI.PermissionDeniedError);
        assert.equal(e.code, 'blocked_by_policy');
        assert.match(e.message, /The recipe stays in the house/);
        assert.match(e.message, /block-recipe/);
        return true;
      });
      history.push(assistant('sorry'), user(`and ${turn}?`));
    }
    assert.equal(lab.provider.log.total, total + 1);
  });

  it('an approved part is asked once, and carried over visibly', async () => {
    const history = [user('[[say noted]] The launch code is in the safe.')];
    const first = say(history);
    let approval: Approval | undefined;
    while (!approval) [approval] = await open();
    for (let done = false; !done; )
      done = await lab.call('POST', `/api/approvals/${approval.id}/decision`, { version: approval.version, decision: 'approve' }).then(
        () => true,
        () => false,
      );
    assert.equal(await first, 'noted');
    for (let turn = 0; turn < 3; turn++) {
      history.push(assistant('noted'), user(`[[say fine ${turn}]]`));
      assert.equal(await say(history), `fine ${turn}`);
      assert.deepEqual(await open(), []);
    }
    const rows = await lab.exchanges();
    const carried = await Promise.all(rows.map((r) => lab.exchange(r.id)));
    assert.equal(carried.filter((d) => JSON.stringify(d.events.map((e) => e.meta)).includes('"carriedOver":true')).length, 3);
  });

  it('the same value has the same placeholder in all requests of a session, another in the next session', async () => {
    const MAIL = 'maria.keller@brunnhof-ag.ch';
    const talk = async (start: string) => {
      const history: Message[] = [];
      const seen: string[] = [];
      for (let turn = 0; turn < 3; turn++) {
        history.push(user(`[[echo]] ${start} ${turn}: ${MAIL}`));
        history.push(assistant(await say(history)));
        const text = lab.provider.log.last()!.text;
        assert.ok(!text.includes(MAIL));
        const codes = text.match(/EMAIL_ADDRESS_[a-z2-7]+/g) ?? [];
        // Once more in each turn: what the agent got restored comes back masked the same way.
        assert.equal(codes.length, turn * 2 + 1);
        seen.push(...codes);
      }
      return [...new Set(seen)];
    };
    const one = await talk('one');
    const two = await talk('two');
    assert.equal(one.length, 1);
    assert.equal(two.length, 1);
    assert.notEqual(one[0], two[0]);
  });
});
