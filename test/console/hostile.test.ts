import assert from 'node:assert/strict';
import { request } from 'node:http';
import { after, before, describe, it } from 'node:test';
import type { Approval } from '../../proxy/contract/index.js';
import { until } from '../support/until.js';
import { openStage, type Stage, say } from './support.js';

const HOSTILE = [
  '<script>window.__broken = 1</script>',
  '<img src=x onerror="window.__broken = 2">',
  '<a href="javascript:window.__broken=3">click</a> [md](javascript:alert(1))',
  '<iframe srcdoc="<script>parent.__broken=4</script>"></iframe><style>*{display:none}</style>',
  '\u001b[31mred\u001b[0m \u001b]8;;http://evil.example\u0007link\u001b]8;;\u0007 \u0007bell',
  'user\u202egnp.exe \u2066isolated\u2069 zero\u200bwidth tag\u{e0041}s',
  '</bdi></pre></main>{{constructor}} ${7*7} &lt;b&gt;',
];

describe('recorded text is harmless', { timeout: 200_000 }, () => {
  let stage: Stage;
  let session = '';
  let approval = '';
  before(async () => {
    stage = await openStage();
    // Invisible characters are held for a person: the approval, too, must show them as what they are.
    const answer = say(stage.client, `${HOSTILE.join('\n')} [[echo]]`);
    approval = await until(
      async () => (await stage.lab.call<{ approvals: Approval[] }>('GET', '/api/approvals?state=pending')).approvals[0]?.id,
      'the approval',
    );
    const { version } = await stage.lab.call<Approval>('GET', `/api/approvals/${approval}`);
    await stage.lab.call('POST', `/api/approvals/${approval}/decision`, { version, decision: 'approve' });
    await answer;
    session = (await until(async () => (await stage.lab.sessions()).find((s) => !s.open), 'the session')).id;
  });
  after(() => stage?.close());

  it('on every screen that shows it', async () => {
    const { page, complaints, requests, go, close } = await stage.open();
    for (const path of [
      '/sessions',
      ...['conversation', 'panes', 'facts', 'raw'].map((tab) => `/sessions/${session}?tab=${tab}`),
      `/replay/${session}`,
    ]) {
      await go(path);
      await page.reload();
      await page.waitForSelector('main h1');
      await page.waitForFunction(() => !document.querySelector('main')?.textContent?.includes('Loading…'));
      const found = await page.evaluate(() => ({
        broken: '__broken' in window,
        inside: document.querySelectorAll('main script, main iframe, main img, main style, main a[href^="javascript"]').length,
        raw: /[\u0000-\u0008\u000b-\u001f\u202a-\u202e\u2066-\u2069\u200b]|[\u{e0000}-\u{e007f}]/u.test(
          document.body.innerText.replaceAll('\n', ''),
        ),
        visible: getComputedStyle(document.querySelector('main') as Element).display,
      }));
      assert.deepEqual(found, { broken: false, inside: 0, raw: false, visible: 'block' }, path);
    }
    await go(`/sessions/${session}`);
    await page.getByText('gnp.exe').first().waitFor();
    const text = (await page.locator('main').innerText()) ?? '';
    assert.match(text, /<script>window\.__broken = 1<\/script>/, 'it is shown as what it is');
    assert.match(text, /\u27e8202E\u27e9/, 'direction overrides are named');
    const origin = new URL(page.url()).origin;
    assert.deepEqual([...new Set(requests.map((r) => new URL(r).origin))], [origin], 'the page asks nobody but its own origin');
    assert.deepEqual(complaints, []);
    await close();
  });

  it('and a line of 10 MB is cut, the page stays usable', async () => {
    await say(stage.client, '[[big 10]] long');
    const big = await until(async () => (await stage.lab.sessions()).find((s) => s.title.includes('long') && !s.open), 'the long answer');
    const { page, close } = await stage.open({ at: `/sessions/${big.id}` });
    await page
      .getByText(/more characters/)
      .first()
      .waitFor();
    assert.ok((await page.evaluate(() => document.body.innerText.length)) < 500_000);
    await page.getByRole('tab', { name: 'Raw' }).click();
    await page
      .getByText(/more characters/)
      .first()
      .waitFor();
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keys' }).waitFor();
    await close();
  });

  it('and script that got in all the same cannot run: the policy of the page forbids it', async () => {
    const { page, close } = await stage.open();
    const tried = await page.evaluate(async () => {
      const out: Record<string, string> = {};
      try {
        document.createElement('div').innerHTML = '<b>x</b>';
        out['innerHTML'] = 'done';
      } catch (error) {
        out['innerHTML'] = (error as Error).name;
      }
      try {
        const script = document.createElement('script');
        script.textContent = 'window.__broken = 5';
        document.body.append(script);
      } catch {
        // Refused at once: as well.
      }
      const style = document.createElement('p');
      style.setAttribute('style', 'color: rgb(1, 2, 3)');
      document.body.append(style);
      out['style'] = getComputedStyle(style).color;
      out['fetch'] = await fetch('http://127.0.0.1:9/').then(
        () => 'done',
        (e: Error) => e.name,
      );
      out['broken'] = String('__broken' in window);
      return out;
    });
    assert.equal(tried['innerHTML'], 'TypeError');
    assert.equal(tried['broken'], 'false');
    assert.notEqual(tried['style'], 'rgb(1, 2, 3)');
    assert.equal(tried['fetch'], 'TypeError');
    await close();
  });

  it('and pages of others are refused', async () => {
    const { page, close } = await stage.open();
    const { port } = new URL(page.url());
    const cookie = (await page.context().cookies()).map((c) => `${c.name}=${c.value}`).join('; ');
    const csrf = (await page.evaluate(() => localStorage.getItem('sallyport-csrf'))) ?? '';
    const ask = (
      path: string,
      headers: Record<string, string>,
    ): Promise<{ status: number; headers: Record<string, unknown>; body: string }> =>
      new Promise((resolve, reject) => {
        const req = request({ host: '127.0.0.1', port, path, headers: { cookie, 'x-sallyport-csrf': csrf, ...headers } }, (res) => {
          let body = '';
          res.on('data', (c: Buffer) => {
            body += c;
          });
          res.on('end', () => resolve({ status: res.statusCode ?? 0, headers: res.headers, body }));
        });
        req.on('error', reject);
        req.end();
      });
    const own = await ask('/api/status', { origin: `http://127.0.0.1:${port}` });
    assert.equal(own.status, 200);
    const policy = String(own.headers['content-security-policy']);
    for (const part of [
      "default-src 'none'",
      "script-src 'self'",
      "style-src 'self'",
      "connect-src 'self'",
      "frame-ancestors 'none'",
      "require-trusted-types-for 'script'",
    ])
      assert.ok(policy.includes(part), part);
    assert.doesNotMatch(policy, /unsafe/);
    for (const headers of [
      { origin: 'https://evil.example' },
      { origin: 'null' },
      { 'sec-fetch-site': 'cross-site' },
      { host: 'evil.example' },
      { 'x-sallyport-csrf': 'guessed' },
      { cookie: '' },
    ] as Record<string, string>[]) {
      const answer = await ask('/api/sessions', headers);
      assert.ok([401, 403, 421].includes(answer.status), `${JSON.stringify(headers)} → ${answer.status}`);
      assert.doesNotMatch(answer.body, /__broken/);
    }
    await close();
  });
});
