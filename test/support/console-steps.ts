import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import type { Idp } from '../../scripts/demo/idp.js';

/** What a person does in the console, in a browser and in the desktop app alike: by what is written on the page. */
export async function goTo(page: Page, path: string): Promise<void> {
  await page.evaluate((hash) => {
    location.hash = hash;
  }, path);
  await page.locator('main h1').waitFor();
  await page.waitForFunction(() => !document.querySelector('main')?.textContent?.includes('Loading…'));
}

/** Settings → Sign-in: the provider's address, our id at it, the claim with the groups, the group that one must be in. */
export async function setUpIssuer(page: Page, idp: Idp, required: string): Promise<void> {
  await goTo(page, '/settings/sign-in');
  await page.getByRole('button', { name: 'Add provider' }).click();
  const form = page.getByRole('form', { name: 'Add provider' });
  await form.getByLabel(/^Issuer address/).fill(idp.issuer);
  await form.getByLabel(/^Name/).fill('Example');
  await form.getByLabel(/^Client id/).fill(idp.clientId);
  await form.getByLabel(/^Scopes/).fill('openid profile groups offline_access');
  await form.getByLabel(/^Audience/).fill(idp.audience);
  await form.getByLabel(/^Claim with the groups/).fill('groups');
  await form.getByLabel(/^Required groups/).fill(required);
  await form.getByLabel(/^Algorithms/).fill('ES256');
  await form.getByRole('button', { name: 'Save' }).click();
  await page.getByText('signs persons in', { exact: true }).waitFor();
}

/** Settings → Budgets: one request a day for every agent. */
export async function addBudget(page: Page): Promise<void> {
  await goTo(page, '/settings/budgets');
  await page.getByText('No budget.').waitFor();
  await page.getByRole('button', { name: 'Add budget' }).click();
  await page.getByLabel('Name', { exact: true }).fill('careful');
  assert.equal(await page.getByRole('combobox', { name: 'In' }).inputValue(), 'day');
  await page.getByLabel('Requests', { exact: true }).fill('1');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Saved').waitFor();
}

/** And away again. */
export async function removeBudget(page: Page): Promise<void> {
  await goTo(page, '/settings/budgets');
  await page.getByRole('button', { name: 'Remove: careful' }).click();
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Saved').waitFor();
}

/** Settings → Demo: one click opens it, two (it asks) close it. The banner says that it is open, on every screen. */
export async function demoComesAndGoes(page: Page): Promise<void> {
  await goTo(page, '/settings/demo');
  await page.getByRole('button', { name: 'Open the demo' }).click();
  await page.getByText('The demo is open.').waitFor();
  await goTo(page, '/agents');
  await page.getByText('This is the demo workspace').waitFor();
  await page.locator('tr', { hasText: 'demo' }).first().waitFor();
  await goTo(page, '/settings/demo');
  await page.getByRole('button', { name: 'Close the demo…' }).click();
  await page.getByRole('button', { name: 'Remove its agents, connections and key' }).click();
  await page.getByRole('button', { name: 'Open the demo' }).waitFor();
  await goTo(page, '/agents');
  assert.equal(await page.getByText('This is the demo workspace').count(), 0);
}

/** A session → Export… → what is asked for is that session. */
export async function exportSession(page: Page, session: string, format: string): Promise<void> {
  await goTo(page, `/sessions/${session}`);
  await page.getByRole('link', { name: 'Export…' }).click();
  await page.getByRole('radio', { name: new RegExp(format) }).check();
  assert.equal(await page.getByLabel('Session', { exact: true }).inputValue(), session);
  await page.getByRole('button', { name: 'Export', exact: true }).click();
  await page.getByText('Saved as').waitFor();
}

/** Settings → Backup, with a passphrase, so that the keys of the recordings are in it. */
export async function makeBackup(page: Page, passphrase: string): Promise<void> {
  await goTo(page, '/settings/backup');
  await page
    .getByRole('form', { name: 'Backup' })
    .getByLabel(/^Passphrase/)
    .fill(passphrase);
  await page.getByRole('button', { name: 'Make a backup' }).click();
  await page.getByText('Saved', { exact: true }).waitFor();
}

/** Settings → Backup → Restore: a wrong passphrase is said, the plan is shown first, then it is put in place. */
export async function restoreBackup(page: Page, file: { name: string; text: string }, passphrase: string): Promise<void> {
  await goTo(page, '/settings/backup');
  const restore = page.getByRole('region', { name: 'Restore' });
  await restore.getByLabel('File').setInputFiles({ name: file.name, mimeType: 'application/json', buffer: Buffer.from(file.text) });
  await restore.getByLabel(/^Passphrase/).fill('not the passphrase');
  await restore.getByRole('button', { name: 'What would it do?' }).click();
  await restore.getByText('The passphrase does not open this backup.').waitFor();
  await restore.getByLabel(/^Passphrase/).fill(passphrase);
  await restore.getByRole('button', { name: 'What would it do?' }).click();
  await restore.getByText('This would be restored').waitFor();
  await restore.getByText('keys of the ledger').waitFor();
  await restore.getByRole('button', { name: 'Restore…' }).click();
  await restore.getByRole('button', { name: 'Replace settings and policies' }).click();
  await restore.getByText('Restored', { exact: true }).waitFor();
}
