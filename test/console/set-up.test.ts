import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import type { Settings } from '../../proxy/contract/index.js';
import { type Idp, startIdp } from '../../scripts/demo/idp.js';
import {
  addBudget,
  demoComesAndGoes,
  exportSession,
  goTo,
  makeBackup,
  removeBudget,
  restoreBackup,
  setUpIssuer,
} from '../support/console-steps.js';
import { signInOn } from '../support/system-browser.js';
import { until } from '../support/until.js';
import { openStage, type Stage, say, type Window } from './support.js';

describe('a gateway that is set up in the browser', { timeout: 300_000 }, () => {
  let stage: Stage;
  let idp: Idp;
  let window: Window;
  let page: Page;
  let session = '';
  before(async () => {
    idp = await startIdp();
    stage = await openStage();
    await say(stage.client, 'Good morning');
    session = (await until(async () => (await stage.lab.sessions()).find((s) => !s.open), 'a session')).id;
    window = await stage.open({ unlocked: true });
    page = window.page;
  });
  after(async () => {
    await stage?.close();
    await idp?.close();
  });

  /** What the browser saves while `act` runs. */
  const saves = async (act: () => Promise<void>): Promise<{ name: string; text: string }> => {
    const [file] = await Promise.all([page.waitForEvent('download'), act()]);
    return { name: file.suggestedFilename(), text: readFileSync(await file.path(), 'utf8') };
  };
  const settings = async () => (await stage.lab.call<{ settings: Settings }>('GET', '/api/settings')).settings;

  it('opens and closes the demo', async () => demoComesAndGoes(page));

  it('a budget stops the next request, until it is gone', async () => {
    await addBudget(page);
    const held = say(stage.client, 'One too many');
    const { id, version } = await until(
      async () =>
        (await stage.lab.call<{ approvals: { id: string; version: number }[] }>('GET', '/api/approvals?state=pending')).approvals[0],
      'the approval',
    );
    await stage.lab.call('POST', `/api/approvals/${id}/decision`, { version, decision: 'deny' });
    assert.ok((await held).code);
    await removeBudget(page);
    assert.equal((await say(stage.client, 'One more')).code, undefined);
  });

  it('takes one session away, in a form for people and in one for machines', async () => {
    const markdown = await saves(() => exportSession(page, session, 'Markdown'));
    assert.match(markdown.name, /\.md$/);
    assert.match(markdown.text, /Good morning/);
    const lines = await saves(() => exportSession(page, session, 'JSON Lines'));
    const exchanges = lines.text
      .trim()
      .split('\n')
      .map((l) => JSON.parse(l) as { session?: string });
    assert.ok(exchanges.length >= 1 && !lines.text.includes('One more'), 'that session alone');
  });

  it('makes a backup, and puts it back', async () => {
    await stage.lab.call('PUT', '/api/policies/mine.yaml', {
      source: 'version: 1\nrules:\n  - id: a\n    match: { tool: [deploy] }\n    then: approve\n',
    });
    const backup = await saves(() => makeBackup(page, 'a long enough passphrase'));
    assert.ok(!backup.text.includes(stage.lab.provider.apiKey));
    await stage.lab.call('DELETE', '/api/policies/mine.yaml');
    await stage.lab.call('PATCH', '/api/settings', { limits: { perAgentConcurrent: 3 } });
    await restoreBackup(page, backup, 'a long enough passphrase');
    assert.notEqual((await settings()).limits.perAgentConcurrent, 3);
    await goTo(page, '/policies');
    await page.getByRole('link', { name: 'mine.yaml' }).waitFor();
    assert.equal((await say(stage.client, 'After the restore')).code, undefined);
  });

  it('refuses what is no backup, in words', async () => {
    await goTo(page, '/settings/backup');
    const file = (text: string) => ({ name: 'x.json', mimeType: 'application/json', buffer: Buffer.from(text) });
    await page.getByLabel('File').setInputFiles(file('not JSON'));
    await page.getByText('That file is not JSON, so it is no backup.').waitFor();
    await page.getByLabel('File').setInputFiles(file('{"sallyport":"backup","version":1,"settings":{}}'));
    await page.getByRole('button', { name: 'What would it do?' }).click();
    await page.getByText('This is not a backup of Sallyport.').waitFor();
  });

  it('signs persons in by an identity provider that was set up in the page; without the required group nobody comes in', async () => {
    await setUpIssuer(page, idp, 'llm-admins');
    const { issuers } = await settings();
    assert.deepEqual(issuers[0]?.claims.groups, 'groups');
    assert.deepEqual(issuers[0]?.requiredGroups, ['llm-admins']);
    assert.equal(issuers[0]?.signIn?.clientId, idp.clientId);
    const other = await stage.open({ at: '/settings/person' });
    const signIn = async (login: string): Promise<string> => {
      await other.page.getByRole('button', { name: 'Sign in with Example' }).click();
      const [tab] = await Promise.all([
        other.page.waitForEvent('popup'),
        other.page.getByRole('link', { name: `Sign in at ${idp.issuer}` }).click(),
      ]);
      // The first person's session at the provider must not sign in the second one.
      await tab.waitForLoadState();
      const text = await signInOn(tab, login);
      await tab.close();
      return text;
    };
    assert.match(await signIn('grace@example.test'), /You are not signed in to Sallyport.*llm-admins/s);
    await other.page.getByRole('alert').filter({ hasText: 'llm-admins' }).waitFor();
    await other.page.context().clearCookies({ domain: '127.0.0.1', name: /^_(?:session|interaction)/ });
    assert.match(await signIn('ada@example.test'), /You are signed in to Sallyport/);
    await other.page.getByText('Ada (signed in)').waitFor();
    await other.page.locator('.chip', { hasText: 'llm-admins' }).first().waitFor();
    await other.close();
  });

  it('complained about nothing', () =>
    assert.deepEqual(
      window.complaints.filter((c) => !/status of 4\d\d/.test(c)),
      [],
    ));
});
