import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Approval } from '../../proxy/contract/index.js';
import { LOCAL_PASSPHRASE } from '../../scripts/demo/launch.js';
import { until } from '../support/until.js';
import { openStage, type Stage, say, shellTool } from './support.js';

describe('what a person decides in the page', { timeout: 200_000 }, () => {
  let stage: Stage;
  before(async () => {
    stage = await openStage();
  });
  after(() => stage?.close());

  const waiting = (): Promise<Approval> =>
    until(async () => (await stage.lab.call<{ approvals: Approval[] }>('GET', '/api/approvals?state=pending')).approvals[0], 'an approval');
  const risky = (what: string): ReturnType<typeof say> =>
    say(stage.client, `${what} [[tool shell {"command":"git push --force origin ${what}"}]]`, { tools: shellTool });

  it('asks for the passphrase when an act needs a person, then does the act: an approval reaches the agent', async () => {
    const { page, close } = await stage.open({ at: '/approvals' });
    const answer = risky('first');
    const approval = await waiting();
    await page.getByText(approval.code).waitFor();
    await page.keyboard.press('Enter');
    await page.getByText('git push --force origin first').waitFor();
    await page.waitForFunction(() => document.activeElement?.textContent === 'Deny');
    if (approval.demand.mustOpen) {
      assert.equal(await page.getByRole('button', { name: 'Approve once' }).isDisabled(), true, 'high risk takes a deliberate step');
      await page.getByRole('checkbox', { name: /I read all of it/ }).check();
    }
    await page.getByRole('button', { name: 'Approve once' }).click();
    const dialog = page.getByRole('dialog', { name: 'Is it you?' });
    await dialog.getByLabel('Passphrase').fill('not the passphrase');
    await dialog.getByRole('button', { name: 'Unlock' }).click();
    await dialog.getByRole('alert').waitFor();
    await dialog.getByLabel('Passphrase').fill(LOCAL_PASSPHRASE);
    await page.keyboard.press('Enter');
    const { calls } = await answer;
    assert.match(calls[0] ?? '', /git push --force origin first/);
    await page
      .getByText(/approved/)
      .first()
      .waitFor();
    const attempts = stage.lab.output();
    assert.doesNotMatch(attempts, /correct horse/, 'nothing of it is printed');
    await close();
  });

  it('denies with a reason that reaches the agent, by the keyboard alone', async () => {
    const { page, close } = await stage.open({ unlocked: true, at: '/approvals' });
    const answer = risky('second');
    const approval = await waiting();
    await page.getByText(approval.code).waitFor();
    await page.locator('main').focus();
    await page.keyboard.press('Enter');
    await page.waitForFunction(() => document.activeElement?.textContent === 'Deny');
    await page.getByLabel(/^Reason/).fill('not on a Friday');
    await page.getByRole('button', { name: 'Deny', exact: true }).focus();
    await page.keyboard.press('Enter');
    const { text, calls } = await answer;
    assert.deepEqual(calls, []);
    assert.match(text, /not on a Friday/);
    await close();
  });

  it('does not go on when the dialog is closed', async () => {
    const { page, close } = await stage.open({ at: '/settings/detection' });
    await page.getByLabel(/Words that never leave/).fill('PROJECT ALBATROSS');
    await page.getByRole('button', { name: 'Save' }).first().click();
    await page.getByRole('dialog', { name: 'Is it you?' }).waitFor();
    await page.keyboard.press('Escape');
    await page
      .getByRole('alert')
      .filter({ hasText: /person/i })
      .waitFor();
    const { settings } = await stage.lab.call<{ settings: { detection: { denyWords: string[] } } }>('GET', '/api/settings');
    assert.deepEqual(settings.detection.denyWords, []);
    await close();
  });

  it('reveals originals after a deliberate step, which is recorded', async () => {
    await say(stage.client, 'Write to erika.mustermann@acme-corp.com');
    const row = await until(async () => (await stage.lab.sessions()).find((s) => s.findings['EMAIL_ADDRESS'] && !s.open), 'the session');
    const { page, close } = await stage.open({ unlocked: true, at: `/sessions/${row.id}` });
    assert.doesNotMatch((await page.locator('main').textContent()) ?? '', /erika\.mustermann/);
    await page.getByRole('tab', { name: /What the agent wrote/ }).click();
    await page.getByText('Original values are hidden.').first().waitFor();
    await page.getByRole('button', { name: 'Show originals…' }).click();
    assert.doesNotMatch((await page.locator('main').textContent()) ?? '', /erika\.mustermann/, 'the first click reveals nothing');
    await page.getByRole('button', { name: 'Show and record it' }).click();
    await page.getByText('erika.mustermann@acme-corp.com').first().waitFor();
    const { code, stdout } = await stage.lab.cli(['export', row.id, '--format', 'jsonl', '--output', '-']);
    assert.equal(code, 0);
    assert.doesNotMatch(stdout, /erika\.mustermann/);
    const { readdirSync, readFileSync } = await import('node:fs');
    const { join } = await import('node:path');
    const ledger = join(stage.lab.directory, 'ledger');
    const lines = readdirSync(ledger, { recursive: true, withFileTypes: true })
      .filter((f) => f.isFile() && /\.(?:jsonl|ndjson|seg|log)$/.test(f.name))
      .map((f) => readFileSync(join(f.parentPath, f.name), 'utf8'))
      .join('');
    assert.match(lines, /"kind":"reveal"/);
    await close();
  });

  it('keeps the capability out of the page', async () => {
    const { page, close } = await stage.open({ unlocked: true });
    const held = await page.evaluate(() => JSON.stringify({ ...localStorage, ...sessionStorage }) + document.cookie);
    assert.match(held, /sallyport-csrf/);
    assert.equal(Object.keys(JSON.parse(held) as object).length, 1);
    await close();
  });
});
