import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { EVERYTHING } from '../support/settings.js';
import { openStage, type Stage } from './support.js';

describe('the console hears of changes', { timeout: 120_000 }, () => {
  let stage: Stage;
  before(async () => {
    stage = await openStage();
  });
  after(() => stage?.close());

  it('by one way alone, so that nothing older overtakes what is newer', async () => {
    const { page, requests, close } = await stage.open({ at: '/agents' });
    await page.getByRole('status').filter({ hasText: 'On guard' }).waitFor();
    const asked = requests.map((url) => new URL(url).pathname);
    assert.ok(asked.includes('/api/events'));
    assert.ok(!asked.includes('/api/status'), asked.join());
    await close();
  });

  it('a gateway that hangs, and closes nothing, is said to be silent, and followed again when it goes on', async () => {
    const { page, close } = await stage.open();
    await page.clock.install();
    await page.reload();
    await page.getByRole('status').filter({ hasText: 'On guard' }).waitFor();
    const alert = page.getByRole('alert').filter({ hasText: 'The gateway does not answer' });
    process.kill(stage.lab.pid, 'SIGSTOP');
    try {
      // Once for the stream that was there, once for the one that is tried in its place.
      await page.clock.fastForward(46_000);
      await page.clock.fastForward(1_000);
      await page.clock.fastForward(46_000);
      await alert.waitFor();
    } finally {
      process.kill(stage.lab.pid, 'SIGCONT');
    }
    await page.clock.fastForward(2_000);
    await alert.waitFor({ state: 'detached' });
    await stage.lab.call('POST', '/api/freeze');
    await page.locator('.banner').filter({ hasText: 'frozen' }).waitFor();
    await stage.lab.call('POST', '/api/resume');
    await close();
  });

  it('what happened while the stream was away is there when it is back', async () => {
    const { page, close } = await stage.open({ at: '/agents' });
    await page.clock.install();
    await page.reload();
    await page.getByRole('heading', { name: 'Agents' }).waitFor();
    await page.getByRole('status').filter({ hasText: 'On guard' }).waitFor();
    await page.route('**/api/events*', (route) => route.abort());
    await page.clock.fastForward(46_000);
    await page.clock.fastForward(1_000);
    await page.getByRole('alert').filter({ hasText: 'The gateway does not answer' }).waitFor();
    await stage.lab.call('POST', '/api/agents', { name: 'made-meanwhile', scope: EVERYTHING });
    await page.unroute('**/api/events*');
    assert.equal(await page.getByText('made-meanwhile').count(), 0);
    await page.clock.fastForward(2_000);
    await page.getByText('made-meanwhile').first().waitFor();
    await close();
  });

  it('a stream that beats is left alone', async () => {
    const { page, requests, close } = await stage.open();
    await page.clock.install();
    await page.reload();
    await page.getByRole('status').filter({ hasText: 'On guard' }).waitFor();
    const streams = () => requests.filter((url) => url.includes('/api/events')).length;
    const before = streams();
    await page.clock.fastForward(25_000);
    // The gateway's own beat, in its own time.
    await page.waitForTimeout(16_000);
    await page.clock.fastForward(25_000);
    await page.waitForTimeout(500);
    assert.equal(streams(), before);
    await close();
  });
});
