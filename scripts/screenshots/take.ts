/** Starts the built product with the simulated provider behind it, lets agents talk, and takes a picture of every screen. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import OpenAI from 'openai';
import { chromium } from 'playwright-core';
import type { Approval } from '../../proxy/contract/index.js';
import { startSimulatedProvider } from '../../proxy/demo/index.js';
import type { SessionRow } from '../../proxy/ledger/types.js';
import { LOCAL_PASSPHRASE, launchGateway, ROOT } from '../demo/launch.js';

const directory = process.argv[2] ?? join(ROOT, 'docs/screenshots');
const SIZE = { width: 1280, height: 820 };
mkdirSync(directory, { recursive: true });

const answers: [RegExp, string, string?][] = [
  [/release/, 'Monday: freeze. Tuesday: tests. Wednesday: notes. Thursday: a small group. Friday: everybody.'],
  [/review/, 'Thursday at ten suits all but one.'],
  [/build/, 'The type checker runs twice; once is enough.'],
  [/disk/, 'I free some space.', 'rm -rf ~'],
  [/Summarise/, 'A customer writes that her card was charged twice for one order, and asks for the second amount back.'],
  [/refund/, 'I look it up and tidy up.', 'rm -rf ~'],
  [/commits/, 'I take them back and publish that.', 'git reset --hard HEAD~3 && git push --force origin main'],
];
const provider = await startSimulatedProvider({
  script: ({ turns }) => {
    const found = answers.find(([asked]) => asked.test(turns.at(-1)?.text ?? ''));
    if (!found) return undefined;
    const [, text, command] = found;
    const toolCalls = command ? [{ name: 'shell', arguments: JSON.stringify({ command }) }] : [];
    return { answer: { tokens: text.match(/\S+\s*/g) ?? [], toolCalls }, delivery: { paceMs: 40 } };
  },
});
const gateway = await launchGateway({
  env: { OPENAI_API_KEY: provider.apiKey },
  settings: (settings) => {
    const common = { origin: provider.origin, pathPrefix: '', credential: 'env:OPENAI_API_KEY', credentialOrigin: provider.origin };
    settings.connections = [
      { name: 'openai', dialect: 'openai', ...common },
      { name: 'anthropic', dialect: 'anthropic', ...common },
    ];
  },
});

const fresh = await launchGateway();

async function agent(name: string): Promise<OpenAI> {
  const { key } = await gateway.call<{ key: string }>('POST', '/api/agents', {
    name,
    scope: { connections: ['*'], models: ['*'], operations: ['*'] },
    expiresAt: new Date(Date.now() + 90 * 86_400_000).toISOString(),
  });
  return new OpenAI({ baseURL: `${gateway.baseUrl}/openai/v1`, apiKey: key, maxRetries: 0 });
}

const tools: OpenAI.ChatCompletionTool[] = ['shell', 'send_mail'].map((name) => ({
  type: 'function',
  function: { name, parameters: { type: 'object', properties: { command: { type: 'string' }, to: { type: 'string' } } } },
}));
const system = { role: 'system' as const, content: 'You are a careful assistant of the support team.' };

/** A turn whose refusal is part of the picture. */
async function turn(client: OpenAI, messages: OpenAI.ChatCompletionMessageParam[], model = 'gpt-4o-mini'): Promise<string> {
  try {
    const stream = await client.chat.completions.create({
      model,
      stream: true,
      stream_options: { include_usage: true },
      tools,
      messages: [system, ...messages],
    });
    let text = '';
    for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? '';
    return text;
  } catch (error) {
    if (!(error instanceof OpenAI.APIError)) throw error;
    return '';
  }
}

const [support, coder, planner] = await Promise.all([agent('support-desk'), agent('coder'), agent('planner')]);
await turn(planner, [{ role: 'user', content: 'Plan the release of next week in five steps.' }]);
await turn(planner, [{ role: 'user', content: 'Which day suits most people for the review?' }], 'gpt-4o');
await turn(coder, [{ role: 'user', content: 'Why does the build take so long?' }]);
const wipe = 'The disk is full. Clean it up, please.';
await turn(coder, [{ role: 'user', content: wipe }], 'gpt-4o');
const letter = 'Summarise the letter of jane.doe@acme-corp.com: her card 4929 1234 5678 9015 was charged twice.';
const summary = await turn(support, [{ role: 'user', content: letter }]);
await turn(support, [
  { role: 'user', content: letter },
  { role: 'assistant', content: summary },
  { role: 'user', content: 'Thanks. How do we refund the second charge?' },
]);
// Before anything waits: a new policy voids what was asked under the old one.
await gateway.call('PUT', '/api/policies/our-rules.yaml', {
  source: `version: 1
name: our-rules
rules:
  - id: payroll-stays-here
    description: Payroll is only for the local model.
    match: { words: [payroll, salary table], direction: request }
    then: block
    sentence: Payroll matters may only be sent to the local model.
    examples:
      must:
        - { text: Summarise the salary table }
      mustNot:
        - { text: Summarise the meeting }
`,
});
const held = turn(coder, [{ role: 'user', content: 'Undo my last three commits and publish that.' }]);

async function until<T>(look: () => Promise<T | undefined>): Promise<T> {
  for (let tries = 0; tries < 100; tries++) {
    const found = await look();
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('what the pictures need did not come');
}
const approval = await until(
  async () => (await gateway.call<{ approvals: Approval[] }>('GET', '/api/approvals?state=pending')).approvals[0],
);
const sessions = await until(async () => {
  const { sessions: rows } = await gateway.call<{ sessions: SessionRow[] }>('GET', '/api/sessions');
  return rows.length >= 5 ? rows : undefined;
});
const main = sessions.find((s) => s.agent === 'support-desk')?.id ?? '';
const agents = await gateway.call<{ agents: { id: string; name: string }[] }>('GET', '/api/agents');
await gateway.call('PATCH', `/api/sessions/${main}`, { labels: ['refund'], starred: true });

/** Name of the picture → address. */
const SCREENS: Record<string, string> = {
  history: '/sessions',
  search: '/sessions?q=verdict%3Ablock',
  session: `/sessions/${main}`,
  panes: `/sessions/${main}?tab=panes`,
  facts: `/sessions/${main}?tab=facts`,
  why: `/sessions/${main}?tab=explain`,
  replay: `/replay/${main}`,
  approvals: '/approvals',
  approval: `/approvals/${approval.id}`,
  connections: '/connections',
  'connection-new': '/connections/add',
  agents: '/agents',
  agent: `/agents/${agents.agents.find((a) => a.name === 'support-desk')?.id}`,
  policies: '/policies',
  policy: '/policies/our-rules.yaml',
  proof: '/proof',
  'settings-gateway': '/settings/gateway',
  'settings-person': '/settings/person',
  'settings-sign-in': '/settings/sign-in',
  'settings-detection': '/settings/detection',
  'settings-approvals': '/settings/approvals',
  'settings-budgets': '/settings/budgets',
  'settings-retention': '/settings/retention',
  'settings-backup': '/settings/backup',
  'settings-diagnostics': '/settings/diagnostics',
  'settings-desktop': '/settings/desktop',
  'settings-demo': '/settings/demo',
};

const browser = await chromium.launch({ executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium', args: ['--no-sandbox'] });
for (const scheme of ['light', 'dark'] as const) {
  const context = await browser.newContext({ colorScheme: scheme, viewport: SIZE, reducedMotion: 'reduce' });
  const page = await context.newPage();
  const { url } = await gateway.call<{ url: string }>('POST', '/api/console/open');
  await page.goto(url);
  await page.waitForSelector('main h1');
  const home = new URL(page.url()).origin;
  const take = async (name: string): Promise<void> => {
    await page.waitForFunction(() => !document.querySelector('main')?.textContent?.includes('Loading…'));
    await page.waitForTimeout(200);
    await page.screenshot({ path: join(directory, `${name}-${scheme}.png`) });
  };
  for (const [name, path] of Object.entries(SCREENS)) {
    await page.goto('about:blank');
    await page.goto(`${home}/#${path}`);
    await page.waitForSelector('main h1');
    if (name === 'proof') await page.getByRole('heading', { name: 'Verified' }).waitFor();
    if (name === 'replay') {
      await page.getByRole('slider').waitFor();
      await page.locator('main').focus();
      await page.keyboard.press('n');
    }
    await take(name);
  }
  await page.keyboard.press('?');
  await page.getByRole('dialog', { name: 'Keys' }).waitFor();
  await take('keys');
  await page.keyboard.press('Escape');
  await page.goto(`${home}/#/settings/person`);
  await page.getByRole('button', { name: 'Unlock' }).click();
  await page.getByRole('dialog').getByLabel('Passphrase').waitFor();
  await take('unlock');
  await page.getByRole('dialog').getByLabel('Passphrase').fill(LOCAL_PASSPHRASE);
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').waitFor({ state: 'hidden' });
  const begin = await fresh.call<{ url: string }>('POST', '/api/console/open');
  await page.goto(begin.url);
  await page.getByLabel('Passphrase').fill(LOCAL_PASSPHRASE);
  await page.keyboard.press('Enter');
  await page.locator('.step.now').getByRole('heading', { name: 'Add a provider key' }).waitFor();
  await take('first-run');
  await page.goto(`${new URL(page.url()).origin}/#/sessions`);
  await take('history-empty');
  await context.close();
}
await browser.close();
for (const { id, version } of [approval]) await gateway.call('POST', `/api/approvals/${id}/decision`, { version, decision: 'deny' });
await held;
for (const one of [gateway, fresh]) {
  await one.stop();
  one.remove();
}
await provider.close();
