import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { SessionPage, SessionRow } from '../../proxy/ledger/types.js';
import { until } from '../support/until.js';
import { openStage, type Stage, say } from './support.js';

const ALL = 100_000;

describe('a history of 100,000 sessions', { timeout: 200_000 }, () => {
  let stage: Stage;
  let sample: SessionRow;
  before(async () => {
    stage = await openStage();
    await say(stage.client, 'A session like many others');
    sample = await until(async () => (await stage.lab.sessions()).find((s) => !s.open), 'a session');
  });
  after(() => stage?.close());

  it('is drawn by the few rows that are seen, from the first to the last', async () => {
    const { page, complaints, go, close } = await stage.open({ at: '/agents' });
    // The answers of the list alone are seeded, with rows like the real one; everything else stays the gateway's.
    await page.route(/\/api\/sessions\?/, async (route) => {
      const query = new URL(route.request().url()).searchParams;
      const limit = Number(query.get('limit'));
      const from = Number(query.get('cursor') ?? 0);
      const sessions = Array.from({ length: Math.min(limit, ALL - from) }, (_, i) => ({
        ...sample,
        id: `se_${from + i}`,
        title: `Session number ${from + i}`,
      }));
      const answer: SessionPage = { sessions, total: ALL, ...(from + limit < ALL ? { nextCursor: String(from + limit) } : {}) };
      await route.fulfill({ json: answer });
    });
    await go('/sessions');
    await page.getByText('100,000 sessions').waitFor();
    const most = await page.evaluate(async () => {
      const list = document.querySelector('.virtual') as HTMLElement;
      let nodes = 0;
      let height = -1;
      let still = 0;
      while (still < 40) {
        list.scrollTop = list.scrollHeight;
        await new Promise((resolve) => setTimeout(resolve, 15));
        nodes = Math.max(nodes, document.querySelectorAll('.virtual *').length);
        if (list.scrollHeight === height) still += 1;
        else still = 0;
        height = list.scrollHeight;
      }
      return nodes;
    });
    await page.getByText(`Session number ${ALL - 1}`, { exact: true }).waitFor();
    assert.ok(most < 800, `${most} nodes at most`);
    assert.equal(await page.getByRole('listitem').last().getAttribute('aria-posinset'), String(ALL));
    // Somewhere in the middle, at once.
    await page.evaluate(() => {
      const list = document.querySelector('.virtual') as HTMLElement;
      list.scrollTop = list.scrollHeight / 2;
    });
    await page
      .getByText(/Session number 500\d\d/)
      .first()
      .waitFor();
    assert.deepEqual(complaints, []);
    await close();
  });
});
