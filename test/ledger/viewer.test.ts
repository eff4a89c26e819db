import assert from 'node:assert/strict';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { exportSessions, openReader } from '../../proxy/ledger/index.js';
import { exchangeRecords, memorySecrets, open, options, systemClock, tempDirectory } from './support.js';

const browser = [process.env['CHROMIUM'], '/usr/bin/chromium', '/usr/bin/google-chrome'].find((path) => path && existsSync(path));

test('a bundle shows and checks itself in a browser from file://, and says when it was changed', {
  skip: browser ? false : 'no Chromium',
}, async (t) => {
  const directory = tempDirectory(t);
  const secrets = memorySecrets();
  const writer = await open(options(directory, { secrets }));
  for (let i = 0; i < 3; i++)
    for (const records of exchangeRecords({ exchange: `ex_${i}`, text: `whale song ${i} </script><b>` }))
      await writer.record(records, 'written');
  const reader = await openReader({ directory, secrets });
  const { stream } = await exportSessions({ directory, secrets, reader, writer, clock: systemClock, format: 'sally', sessions: ['se_1'] });
  const html = await text(stream);
  await reader.close();
  await writer.close();
  const { chromium } = await import('playwright-core');
  const running = await chromium.launch({ executablePath: browser!, args: ['--no-sandbox'] });
  try {
    const page = await running.newPage();
    const requests: string[] = [];
    const errors: string[] = [];
    page.on('request', (request) => requests.push(request.url()));
    page.on('pageerror', (error) => errors.push(error.message));
    const open_ = async (name: string, body: string): Promise<string> => {
      writeFileSync(join(directory, name), body);
      await page.goto(pathToFileURL(join(directory, name)).href);
      await page.waitForSelector('#verdict:not(:empty)[class]', { timeout: 20_000 });
      return (await page.textContent('#verdict'))!;
    };
    assert.match(await open_('good.html', html), /^(Verified: 15 records|Hashes agree)/);
    await page.click('summary');
    await page.waitForFunction(() => document.querySelector('details')?.textContent?.includes('whale song 0 </script><b>'), undefined, {
      timeout: 10_000,
    });
    assert.equal(await page.locator('section').count(), 1);
    assert.match(await open_('bad.html', html.replace('\\"connection\\":\\"openai\\"', '\\"connection\\":\\"0penai\\"')), /^Changed/);
    assert.deepEqual(
      requests.filter((url) => !url.startsWith('file:')),
      [],
    );
    assert.deepEqual(errors, []);
  } finally {
    await running.close();
  }
});
