import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import OpenAI from 'openai';
import { type Browser, chromium, type Page } from 'playwright-core';
import { LOCAL_PASSPHRASE } from '../../scripts/demo/launch.js';
import { type Lab, type LabOptions, startLab } from '../support/gateway.js';

/** The built product in a process of its own, and its console in a real browser. */
export interface Stage {
  lab: Lab;
  browser: Browser;
  /** A new window of the console, opened by a one-time address. What it complained about stands in `complaints`. */
  open(options?: { unlocked?: boolean; at?: string }): Promise<Window>;
  client: OpenAI;
  close(): Promise<void>;
}

export interface Window {
  page: Page;
  /** Console errors and uncaught exceptions. */
  complaints: string[];
  /** Addresses of all requests. */
  requests: string[];
  /** Goes to a screen and waits until it stands. */
  go(path: string): Promise<void>;
  close(): Promise<void>;
}

export async function openStage(options: LabOptions = {}): Promise<Stage> {
  const lab = await startLab(options);
  const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] }).catch(async (error) => {
    await lab.close();
    throw error;
  });
  return {
    lab,
    browser,
    client: new OpenAI({ baseURL: lab.openai, apiKey: lab.key, maxRetries: 0 }),
    async open({ unlocked = false, at } = {}) {
      const context = await browser.newContext({
        viewport: { width: 1280, height: 820 },
        reducedMotion: 'reduce',
        acceptDownloads: true,
      });
      context.setDefaultTimeout(20_000);
      const page = await context.newPage();
      const complaints: string[] = [];
      const requests: string[] = [];
      page.on('console', (m) => m.type() === 'error' && complaints.push(m.text()));
      page.on('pageerror', (e) => complaints.push(e.message));
      page.on('request', (r) => requests.push(r.url()));
      const { url } = await lab.call<{ url: string }>('POST', '/api/console/open');
      await page.goto(url);
      await page.waitForSelector('nav a[aria-current="page"]');
      const window: Window = {
        page,
        complaints,
        requests,
        async go(path) {
          await page.evaluate((hash) => {
            location.hash = hash;
          }, path);
          await settled(page);
        },
        close: () => context.close(),
      };
      if (unlocked) {
        await window.go('/settings/person');
        await page.getByRole('button', { name: 'Unlock' }).click();
        await page.getByRole('dialog').getByLabel('Passphrase').fill(LOCAL_PASSPHRASE);
        await page.getByRole('dialog').getByRole('button', { name: 'Unlock' }).click();
        await page.getByRole('dialog').waitFor({ state: 'hidden' });
      }
      if (at) await window.go(at);
      return window;
    },
    async close() {
      await browser.close();
      await lab.close();
    },
  };
}

/** Nothing loads any more, and there is a heading. */
export async function settled(page: Page): Promise<void> {
  await page.waitForTimeout(60);
  await page.waitForSelector('main h1');
  await page.waitForFunction(() => !document.querySelector('main')?.textContent?.includes('Loading…'));
}

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Serious and critical findings of axe, as lines. The script comes in over the debugger, so that the page's own policy stays as it is. */
export async function axe(page: Page): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axeSource);
  return page.evaluate(async () => {
    const { axe } = window as unknown as { axe: typeof import('axe-core') };
    const { violations } = await axe.run(document, { resultTypes: ['violations'] });
    return violations
      .filter((v) => v.impact === 'serious' || v.impact === 'critical')
      .map((v) => `${v.id}: ${v.nodes.map((n) => `${n.target.join(' ')} ${n.any[0]?.message ?? ''}`).join(' | ')}`);
  });
}

export const shellTool: OpenAI.ChatCompletionTool[] = [
  { type: 'function', function: { name: 'shell', parameters: { type: 'object', properties: { command: { type: 'string' } } } } },
];

/** One request of an agent; answers what came back, or the code of its refusal. */
export async function say(
  client: OpenAI,
  content: string,
  more: Partial<OpenAI.ChatCompletionCreateParamsNonStreaming> = {},
): Promise<{ text: string; calls: string[]; code?: string }> {
  try {
    const answer = await client.chat.completions.create({ model: 'gpt-4o-mini', messages: [{ role: 'user', content }], ...more });
    const message = answer.choices[0]?.message;
    return {
      text: message?.content ?? '',
      calls: (message?.tool_calls ?? []).map((c) => (c.type === 'function' ? c.function.arguments : '')),
    };
  } catch (error) {
    if (!(error instanceof OpenAI.APIError)) throw error;
    return { text: error.message, calls: [], code: String(error.code) };
  }
}
