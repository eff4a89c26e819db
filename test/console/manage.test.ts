import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import OpenAI from 'openai';
import { until } from '../support/until.js';
import { openStage, type Stage, say } from './support.js';

describe('what a person sets up in the page', { timeout: 200_000 }, () => {
  let stage: Stage;
  before(async () => {
    // As on a computer without a keychain: nothing stands in for one.
    stage = await openStage({ env: { SALLYPORT_THROW_AWAY: '0' } });
  });
  after(() => stage?.close());

  it('adds a connection: without a keychain it says what to do, and takes the name of a variable', async () => {
    const { page, go, close } = await stage.open({ unlocked: true, at: '/connections/add' });
    await page
      .getByText(/gnome-keyring|keychain/)
      .first()
      .waitFor();
    await page.getByRole('radio', { name: 'Another provider' }).check();
    await page.getByLabel(/^Name/).fill('second');
    await page.getByLabel(/^Address/).fill(`${stage.lab.provider.origin}/v1`);
    await page.getByRole('radio', { name: /Type it/ }).check();
    await page.locator('main').getByLabel(/^Key/).fill('sk-a-key-that-nobody-keeps-0001');
    await page.getByRole('button', { name: 'Add connection' }).click();
    const alert = page.getByRole('alert');
    await alert.waitFor();
    assert.match((await alert.textContent()) ?? '', /key/i);
    assert.doesNotMatch((await page.locator('body').textContent()) ?? '', /sk-a-key/, 'the key is not shown');
    await page.getByRole('radio', { name: 'In an environment variable' }).check();
    await page.getByLabel(/^Environment variable/).fill('LAB_PROVIDER_KEY');
    await page.getByRole('button', { name: 'Add connection' }).click();
    await page.getByRole('heading', { name: /^second/ }).waitFor();
    await page.getByRole('button', { name: 'Test second' }).click();
    await page.getByText('✓').first().waitFor();
    await page.getByRole('button', { name: 'Paths of second' }).click();
    await page.getByLabel(/^Pass-through paths/).fill('POST /v1/files');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('1 path is not looked into').waitFor();
    const { connections } = await stage.lab.call<{ connections: { name: string; passthrough?: unknown; origin: string }[] }>(
      'GET',
      '/api/connections',
    );
    const made = connections.find((c) => c.name === 'second');
    assert.deepEqual(made?.passthrough, [{ method: 'POST', path: '/v1/files' }]);
    assert.equal(made?.origin, stage.lab.provider.origin);
    await go('/connections/add');
    await page.getByRole('radio', { name: 'Another provider' }).check();
    await page.getByLabel(/^Which one/).selectOption('Google Gemini');
    assert.equal(await page.getByLabel(/^Name/).inputValue(), 'gemini');
    await page.getByRole('radio', { name: 'In an environment variable' }).check();
    assert.equal(await page.getByLabel(/^Environment variable/).inputValue(), 'GEMINI_API_KEY');
    await page.getByLabel(/^Which one/).selectOption('Ollama on this computer');
    assert.ok(await page.getByRole('radio', { name: 'It needs none' }).isChecked());
    await page.getByRole('button', { name: 'Add connection' }).click();
    await page.getByRole('heading', { name: /^ollama/ }).waitFor();
    await page.getByText('http://127.0.0.1:11434').waitFor();
    await close();
  });

  it('makes an agent whose key is shown once and works; a new key ends the old one', async () => {
    const { page, go, close } = await stage.open({ unlocked: true, at: '/agents/add' });
    await page.getByLabel(/^Name/).fill('planner');
    await page.getByRole('checkbox', { name: 'all' }).first().uncheck();
    await page.getByRole('checkbox', { name: 'anthropic' }).uncheck();
    await page.getByRole('button', { name: 'in 30 days' }).click();
    await page.getByRole('button', { name: 'Make agent and key' }).click();
    const shown = page.locator('code.key');
    await shown.waitFor();
    const key = (await shown.textContent()) ?? '';
    assert.match(key, /^sp_/);
    for (const name of ['LangChain (Python)', 'LangChain (JavaScript)', 'OpenAI SDK (Python)', 'curl']) {
      await page.getByRole('tab', { name }).click();
      const snippet = (await page.getByRole('tabpanel').textContent()) ?? '';
      assert.match(snippet, /SALLYPORT_KEY/);
      assert.ok(!snippet.includes(key), 'no snippet holds the key');
    }
    const answered = await say(new OpenAI({ baseURL: stage.lab.openai, apiKey: key, maxRetries: 0 }), 'hello from the planner');
    assert.equal(answered.code, undefined);
    await page.getByRole('button', { name: 'I have kept it' }).click();
    assert.equal(await page.locator('code.key').count(), 0);
    await page.getByRole('link', { name: 'planner' }).click();
    await page.getByRole('button', { name: 'New key…' }).click();
    await page.getByRole('button', { name: /the old one ends/ }).click();
    await page.locator('code.key').waitFor();
    const second = (await page.locator('code.key').textContent()) ?? '';
    assert.notEqual(second, key);
    assert.ok((await say(new OpenAI({ baseURL: stage.lab.openai, apiKey: key, maxRetries: 0 }), 'x')).code);
    await page.getByRole('button', { name: 'Revoke…' }).click();
    await page.getByRole('button', { name: 'End this key now' }).click();
    await page.getByText('revoked').first().waitFor();
    assert.ok((await say(new OpenAI({ baseURL: stage.lab.openai, apiKey: second, maxRetries: 0 }), 'x')).code);
    await go('/sessions?q=agent%3Aplanner');
    await page.getByText('1 found').waitFor();
    await close();
  });

  it('writes a policy: problems with line and column as it is typed, the form, what recordings say, and it judges', async () => {
    const { page, close } = await stage.open({ unlocked: true, at: '/policies/new' });
    await page.getByRole('tab', { name: 'Source' }).click();
    const source = page.getByRole('textbox', { name: 'Source' });
    await source.fill('version: 1\nrules:\n  - id: stop-hello\n    match: { wordz: [hello] }\n    then: block\n');
    await page.getByRole('button', { name: 'line 4, column 14' }).waitFor();
    assert.equal(await page.getByRole('button', { name: 'Save' }).isDisabled(), true);
    await page.getByRole('button', { name: 'line 4, column 14' }).click();
    assert.equal(await source.evaluate((e: HTMLTextAreaElement) => e.value.slice(e.selectionStart, e.selectionStart + 5)), 'wordz');
    await source.fill(
      'version: 1\nrules:\n  # kept\n  - id: stop-hello\n    match: { words: [hello], direction: request }\n    then: approve\n',
    );
    await page.getByText('1 rule, its examples hold.').waitFor();
    await page.getByRole('tab', { name: 'Form' }).click();
    await page.getByLabel('Then').selectOption('block');
    await page.getByLabel(/^Sentence/).fill('No greetings.');
    await page.getByLabel(/^Sentence/).blur();
    await page.getByRole('tab', { name: 'Source' }).click();
    const written = await source.inputValue();
    assert.match(written, /# kept/);
    assert.match(written, /then: block/);
    await page.getByRole('tab', { name: 'Try on recordings' }).click();
    await page.getByRole('button', { name: 'Try it' }).click();
    await page.getByText(/Likely new false alarms/).waitFor();
    assert.match((await page.getByRole('link', { name: 'planner' }).first().getAttribute('href')) ?? '', /#\/sessions\/.+x=/);
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('link', { name: 'mine.yaml' }).waitFor();
    assert.equal((await say(stage.client, 'hello again')).code, 'blocked_by_policy');
    const session = await until(async () => (await stage.lab.sessions()).find((s) => s.title.includes('hello again') && !s.open), 'it');
    await page.goto(`${new URL(page.url()).origin}/#/sessions/${session.id}?tab=explain`);
    await page.reload();
    await page.getByText('No greetings.').first().waitFor();
    await close();
  });

  it('changes settings, and says which one is wrong', async () => {
    const { page, close } = await stage.open({ unlocked: true, at: '/settings/gateway' });
    await page.getByLabel(/^At once for one agent/).fill('17');
    await page.getByRole('button', { name: 'Save' }).nth(1).click();
    await page.getByText('Saved').waitFor();
    const { settings } = await stage.lab.call<{ settings: { limits: { perAgentConcurrent: number } } }>('GET', '/api/settings');
    assert.equal(settings.limits.perAgentConcurrent, 17);
    await page.getByRole('link', { name: 'Detection' }).click();
    await page.getByRole('button', { name: 'Add kind' }).click();
    await page
      .getByLabel(/^Name as|^Name/)
      .last()
      .fill('not good');
    await page.getByRole('button', { name: 'Save' }).nth(1).click();
    await page.getByRole('alert').waitFor();
    await close();
  });

  it('verifies the record, exports it, and makes a backup without keys', async () => {
    const { page, go, close } = await stage.open({ unlocked: true, at: '/proof' });
    await page.getByRole('heading', { name: 'Verified' }).waitFor();
    await page.getByText(/The newest signed head|There is no signed head/).waitFor();
    for (const format of ['JSON Lines', 'HAR', 'OTLP', 'Markdown', 'Bundle']) {
      await page.getByRole('radio', { name: new RegExp(format) }).check();
      const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Export' }).click()]);
      const path = await file.path();
      assert.ok(readFileSync(path).length > 100, format);
    }
    await page.getByRole('button', { name: 'What would be removed?' }).click();
    await page
      .getByText(/Nothing would be removed|would be removed/)
      .last()
      .waitFor();
    await go('/settings/backup');
    const [backup] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Make a backup' }).click()]);
    const path = await backup.path();
    const text = readFileSync(path, 'utf8');
    assert.ok(!text.includes(stage.lab.provider.apiKey));
    await page.getByLabel('File').setInputFiles({ name: 'backup.json', mimeType: 'application/json', buffer: Buffer.from(text) });
    await page.getByRole('button', { name: 'What would it do?' }).click();
    await page.getByText('policy mine.yaml').waitFor();
    await close();
  });
});

describe('the first steps', { timeout: 200_000 }, () => {
  let stage: Stage;
  before(async () => {
    stage = await openStage({
      settings: (settings) => {
        settings.connections = settings.connections.filter((c) => c.name === 'openai');
      },
    });
  });
  after(() => stage?.close());

  it('end in a request that is seen by itself', async () => {
    const { page, close } = await stage.open({ unlocked: true, at: '/settings/first-run' });
    await page.getByText('Waiting for the first request').first().waitFor();
    assert.equal(await page.locator('.step').count(), 4);
    await say(stage.client, 'the first request');
    await page.locator('.step.done').getByRole('heading', { name: 'First request seen' }).waitFor();
    await page.getByRole('link', { name: 'Look at it' }).click();
    await page.getByRole('heading', { name: 'the first request' }).waitFor();
    await close();
  });
});
