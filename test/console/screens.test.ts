import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { until } from '../support/until.js';
import { axe, openStage, type Stage, say, shellTool } from './support.js';

describe('every screen', { timeout: 200_000 }, () => {
  let stage: Stage;
  let session = '';
  let exchange = '';
  let pending: Promise<unknown>;
  before(async () => {
    stage = await openStage();
    await say(stage.client, 'Write to jane.doe@acme-corp.com about the card 4929 1234 5678 9015');
    await say(stage.client, 'Clean up [[tool shell {"command":"rm -rf ~"}]]', { tools: shellTool });
    await say(stage.client, 'What is the capital of France?');
    const rows = await until(async () => {
      const all = await stage.lab.sessions();
      return all.length >= 3 && all.every((s) => !s.open) ? all : undefined;
    }, 'three recorded sessions');
    session = rows.find((s) => s.tools.includes('shell'))?.id ?? '';
    exchange = (await stage.lab.exchanges()).find((x) => x.session === session)?.id ?? '';
    pending = say(stage.client, 'Reset [[tool shell {"command":"git reset --hard && git push --force"}]]', { tools: shellTool });
    await until(async () => {
      const { approvals } = await stage.lab.call<{ approvals: { id: string }[] }>('GET', '/api/approvals?state=pending');
      return approvals.length > 0 ? approvals : undefined;
    }, 'an approval');
    await stage.lab.call('PUT', '/api/policies/mine.yaml', {
      source: 'version: 1\nrules:\n  - id: a\n    match: { tool: [deploy] }\n    then: approve\n',
    });
  });
  after(async () => {
    await stage?.close();
    await pending?.catch(() => undefined);
  });

  const paths = async (): Promise<string[]> => {
    const { approvals } = await stage.lab.call<{ approvals: { id: string }[] }>('GET', '/api/approvals');
    const { agents } = await stage.lab.call<{ agents: { id: string }[] }>('GET', '/api/agents');
    return [
      '/sessions',
      '/sessions?q=nothing-has-this',
      ...['conversation', 'panes', 'facts', 'explain', 'raw'].map((tab) => `/sessions/${session}?x=${exchange}&tab=${tab}`),
      `/replay/${session}`,
      '/approvals',
      ...approvals.map((a) => `/approvals/${a.id}`),
      '/connections',
      '/connections/add',
      '/agents',
      '/agents/add',
      `/agents/${agents[0]?.id}`,
      '/policies',
      '/policies/balanced',
      '/policies/mine.yaml',
      '/policies/new',
      '/proof',
      `/proof?export=${session}`,
      '/settings/first-run',
      ...['gateway', 'person', 'sign-in', 'detection', 'approvals', 'budgets', 'retention', 'backup', 'diagnostics', 'desktop', 'demo'].map(
        (page) => `/settings/${page}`,
      ),
    ];
  };

  it('has no serious finding of axe, light and dark, and complains about nothing', async () => {
    const { page, complaints, go, close } = await stage.open();
    const found: string[] = [];
    for (const path of await paths()) {
      await go(path);
      // Tabs are chosen when the exchange is drawn anew.
      if (path.includes('tab=')) {
        await page.reload();
        await page.waitForSelector('[role="tabpanel"]');
      }
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        const at = `${path}, ${colorScheme}`;
        found.push(...(await axe(page)).map((line) => `${at}: ${line}`));
        assert.equal(await page.evaluate(() => document.getAnimations().length), 0, `${at}: nothing moves for who wants it still`);
        assert.equal(await page.locator('[style]:not([role="listitem"], .virtual-space)').count(), 0, `${at}: no inline styles`);
        const wide = await page.evaluate(() => {
          const main = document.querySelector('main') as HTMLElement;
          return document.documentElement.scrollWidth > innerWidth || main.scrollWidth > main.clientWidth;
        });
        assert.equal(wide, false, `${at} is not wider than the window`);
      }
    }
    assert.deepEqual(found, []);
    assert.deepEqual(complaints, []);
    await close();
  });

  it('is reached by its number key, and ? shows the keys', async () => {
    const { page, close } = await stage.open();
    const titles = ['History', 'Approvals', 'Connections', 'Agents', 'Policies', 'Proof', 'Settings'];
    for (const [i, title] of titles.entries()) {
      await page.keyboard.press(String(i + 1));
      await page.waitForFunction((t) => document.querySelector('main h1')?.textContent === t, title);
    }
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keys' }).waitFor();
    assert.deepEqual(await axe(page), []);
    await page.keyboard.press('3');
    assert.equal(await page.locator('main h1').textContent(), 'Settings', 'keys of screens sleep while a dialog is open');
    await page.keyboard.press('Escape');
    await page.getByRole('dialog', { name: 'Keys' }).waitFor({ state: 'hidden' });
    await close();
  });

  it('lets a person find and open a session without a mouse', async () => {
    const { page, close } = await stage.open({ at: '/agents' });
    await page.keyboard.press('/');
    await page.waitForFunction(() => document.activeElement?.getAttribute('role') === 'combobox');
    await page.keyboard.type('verd');
    await page.getByRole('option', { name: 'verdict:' }).waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('option', { name: 'verdict:block' }).waitFor();
    await page.keyboard.press('Enter');
    await page.getByText('1 found').waitFor();
    // The count is announced before the rows of the list before it are gone.
    await page.waitForFunction(() => document.querySelectorAll('main [role="listitem"]').length === 1);
    await page.keyboard.press('Escape');
    assert.equal(await page.getByRole('combobox').inputValue(), 'verdict:block', 'Escape leaves the search, it does not undo it');
    await page.locator('main').focus();
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: /Clean up/ }).waitFor();
    await page.getByText('shell: blocked').waitFor();
    await page.keyboard.press('Escape');
    await page.waitForFunction(() => document.querySelector('main h1')?.textContent === 'History');
    await close();
  });

  it('moves the focus over everything on it by Tab, and back to where it began', async () => {
    const { page, close, go } = await stage.open();
    for (const path of ['/sessions', '/policies', '/settings/gateway', '/connections']) {
      await go(path);
      await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
      const wanted = await page.evaluate(
        () =>
          [...document.querySelectorAll<HTMLElement>('main a[href], main button:not(:disabled), main input:not(:disabled)')].filter(
            (e) => e.offsetParent !== null && (e as HTMLInputElement).type !== 'radio',
          ).length,
      );
      const seen = new Set<string>();
      for (let i = 0; i < wanted + 40; i++) {
        await page.keyboard.press('Tab');
        const at = await page.evaluate(() => {
          const e = document.activeElement;
          if (
            !e ||
            !document.querySelector('main')?.contains(e) ||
            (e as HTMLInputElement).type === 'radio' ||
            !e.matches('a, button, input')
          )
            return '';
          return String([...document.querySelectorAll('*')].indexOf(e));
        });
        if (at !== '') seen.add(at);
      }
      assert.equal(seen.size, wanted, path);
    }
    await close();
  });

  it('stands still while live: what is there keeps its place', async () => {
    const { page, close } = await stage.open({ at: '/sessions' });
    await page.evaluate(() => {
      const total = { shift: 0 };
      Object.assign(window, { total });
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) total.shift += (entry as unknown as { value: number }).value;
      }).observe({ type: 'layout-shift', buffered: false });
    });
    const before = await page.getByRole('listitem').count();
    await say(stage.client, 'One more, while somebody looks');
    await page.getByText('One more, while somebody looks').waitFor();
    await page.waitForFunction((n) => document.querySelectorAll('.virtual-row').length > n, before);
    assert.ok((await page.evaluate(() => (window as unknown as { total: { shift: number } }).total.shift)) < 0.1);
    await close();
  });
});
