import { chromium, type Page } from 'playwright-core';
import type { DesktopApp } from './desktop-app.js';
import { until } from './until.js';

/** The system's browser: opens what the app opens after `act`, and signs in there; answers the last page's text. */
export async function signInBy(desk: DesktopApp, act: () => Promise<void>, login: string): Promise<string> {
  await desk.app.evaluate(({ shell }) => {
    const all = globalThis as unknown as { opened: string[] };
    all.opened = [];
    shell.openExternal = async (url: string) => void all.opened.push(url);
  });
  await act();
  const url = await until(
    () => desk.app.evaluate(() => (globalThis as unknown as { opened: string[] }).opened[0]),
    'an address to sign in at',
  );
  const browser = await chromium.launch({
    executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
  try {
    const tab = await browser.newPage();
    await tab.goto(url);
    return await signInOn(tab, login);
  } finally {
    await browser.close();
  }
}

/** Fills in the pages of the identity provider in this tab; answers the text of the page that says how it ended. */
export async function signInOn(tab: Page, login: string): Promise<string> {
  await tab.fill('[name=login]', login);
  await tab.fill('[name=password]', 'any');
  await tab.click('[type=submit]');
  await until(async () => {
    if (tab.url().includes('/callback')) return true;
    const go = tab.locator('button[type=submit]:not([value=abort])').first();
    if ((await tab.locator('[name=login]').count()) === 0 && (await go.count()) > 0) await go.click({ timeout: 2_000 });
    return undefined;
  }, 'the way back from the browser');
  return tab.locator('body').innerText();
}
