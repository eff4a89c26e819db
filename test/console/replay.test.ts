import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { until } from '../support/until.js';
import { openStage, type Stage, say, shellTool } from './support.js';

describe('a replay', { timeout: 200_000 }, () => {
  let stage: Stage;
  let session = '';
  before(async () => {
    stage = await openStage();
    const stream = await stage.client.chat.completions.create({
      model: 'gpt-4o-mini',
      stream: true,
      tools: shellTool,
      messages: [
        {
          role: 'user',
          content: 'Count slowly for bob@globex-corp.com [[slow 60]]',
        },
      ],
    });
    let answer = '';
    for await (const chunk of stream) answer += chunk.choices[0]?.delta.content ?? '';
    await say(stage.client, 'unused', {
      messages: [
        {
          role: 'user',
          content: 'Count slowly for bob@globex-corp.com [[slow 60]]',
        },
        { role: 'assistant', content: answer },
        { role: 'user', content: 'Now wipe it [[tool shell {"command":"rm -rf ~"}]]' },
      ],
      tools: shellTool,
    });
    const row = await until(
      async () => (await stage.lab.sessions()).find((s) => s.exchanges === 2 && !s.open),
      'one session of two exchanges',
    );
    session = row.id;
  });
  after(() => stage?.close());

  it('plays, steps, jumps to decisions, and the conversation grows', async () => {
    const { page, complaints, close } = await stage.open({ at: `/replay/${session}` });
    const seen = (): Promise<string> => page.locator('.replay-seen').innerText();
    const at = async (): Promise<number> => Number(await page.getByRole('slider').inputValue());
    assert.match(await seen(), /Count slowly/);
    assert.doesNotMatch(await seen(), /You wrote/);
    assert.equal(await at(), 0);
    await page.locator('main').focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    const stepped = await at();
    assert.ok(stepped > 0);
    await page.keyboard.press('ArrowLeft');
    assert.ok((await at()) < stepped);
    await page.keyboard.press('Home');
    await page.getByRole('button', { name: '16×' }).click();
    await page.locator('main').focus();
    await page.keyboard.press(' ');
    await page
      .getByText(/You wrote: Count slowly/)
      .first()
      .waitFor();
    await page.getByRole('button', { name: 'Play again' }).waitFor();
    await page.getByText('shell: blocked').waitFor();
    await page.keyboard.press('Home');
    assert.doesNotMatch(await seen(), /blocked/);
    await page.keyboard.press('n');
    assert.match(await seen(), /shell: blocked/);
    assert.equal(await page.getByRole('button', { name: 'Next decision' }).isDisabled(), true);
    for (const mark of ['finding', 'blocked', 'end']) await page.locator(`svg .mark-${mark}`).first().waitFor({ state: 'attached' });
    await page
      .getByRole('button', { name: /^Request with findings/ })
      .first()
      .click();
    assert.equal(await at(), 0);
    await page.keyboard.press('Escape');
    await page.getByRole('tab', { name: 'Conversation' }).waitFor();
    assert.deepEqual(complaints, []);
    await close();
  });
});
