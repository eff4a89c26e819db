import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { type SimulatedProvider, startSimulatedProvider } from '../../proxy/demo/index.js';
import { type Idp, startIdp } from '../../scripts/demo/idp.js';
import {
  addBudget,
  demoComesAndGoes,
  exportSession,
  goTo,
  makeBackup,
  removeBudget,
  restoreBackup,
  setUpIssuer,
} from '../support/console-steps.js';
import { type DesktopApp, startDesktop } from '../support/desktop-app.js';
import { daemonBus, type SessionBus } from '../support/desktop-bus.js';
import { type FakeDesktop, fakeDesktop, type TrayMenuItem } from '../support/fake-desktop.js';
import { readDialogs, type Said } from '../support/said.js';
import { EVERYTHING } from '../support/settings.js';
import { fillDisk, smallDisk } from '../support/small-disk.js';
import { signInBy } from '../support/system-browser.js';
import { until } from '../support/until.js';

const LIMIT = { timeout: 120_000 };
const has = (label: RegExp) => (items: TrayMenuItem[]) => items.some((i) => label.test(i.label));

/** From the first start to single sign-on, by the pages of the window alone; only the LLM provider is simulated. */
describe('the console in the desktop app', { timeout: 400_000, skip: process.platform === 'linux' ? false : 'D-Bus is Linux only' }, () => {
  let bus: SessionBus;
  let desktop: FakeDesktop;
  let idp: Idp;
  let provider: SimulatedProvider;
  let desk: DesktopApp;
  let said: () => Promise<Said[]>;
  let key = '';
  let session = '';

  before(async () => {
    bus = await daemonBus('unlocked');
    desktop = await fakeDesktop(bus.address);
    idp = await startIdp();
    provider = await startSimulatedProvider();
    desk = await startDesktop({ env: bus.env });
    said = await readDialogs(desk);
  });
  after(async () => {
    await desk?.close();
    await provider?.close();
    await idp?.close();
    desktop?.close();
    await bus?.close();
  });

  const ask = (content: string) =>
    fetch(`${desk.baseUrl}/openai/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'gpt-4o', messages: [{ role: 'user', content }] }),
    });
  /** What the app says that it saved, as a file that is there and whole. */
  const landed = async (name: RegExp): Promise<string> => {
    const { detail } = await until(
      async () => (await said()).find((s) => s.message === 'Saved' && name.test(s.detail)),
      `the place of ${name} to be shown`,
    );
    assert.ok(detail.startsWith(join(desk.home, 'Downloads')), detail);
    return readFileSync(detail, 'utf8');
  };

  it(
    'begins with four steps, and goes through them by what is on the page: a key in the real keychain, a snippet, the first request',
    LIMIT,
    async () => {
      const page = await desk.page();
      await page.getByRole('heading', { name: 'Four steps to the first request' }).waitFor();
      // The page's head stands before what it loads.
      await page.locator('.step.now').getByRole('heading', { name: 'Add a provider key' }).waitFor();
      assert.equal(await page.locator('.step').count(), 4);
      assert.equal(await page.locator('.step.now').count(), 1, 'the next step is plain to see');
      await page.getByRole('radio', { name: 'Another provider' }).check();
      await page.getByLabel(/^Name/).fill('openai');
      await page.getByLabel(/^Address/).fill(provider.origin);
      await page.locator('main').getByLabel(/^Key/).fill(provider.apiKey);
      await page.getByRole('button', { name: 'Add connection' }).click();
      await page.locator('.step.now').getByRole('heading', { name: 'Point an agent here' }).waitFor();
      const [connection] = (await desk.api('GET', '/api/connections')).connections;
      assert.match(connection.credential, /^keychain:/);
      await page.getByLabel(/^Name/).fill('first-bot');
      await page.getByRole('button', { name: 'Make agent and key' }).click();
      key = (await page.locator('code.key').textContent()) ?? '';
      assert.match(key, /^sp_/);
      await page.getByRole('button', { name: 'Copy snippet' }).waitFor();
      await page.getByText('Waiting for the first request').first().waitFor();
      assert.equal((await ask('Good morning')).status, 200);
      assert.equal(provider.log.last()?.key, 'right');
      await page.locator('.step.done').getByRole('heading', { name: 'First request seen' }).waitFor();
      await page.getByRole('link', { name: 'Look at it' }).click();
      await page.getByRole('heading', { name: 'Good morning' }).waitFor();
      session = /(se_\w+)/.exec(page.url())?.[1] ?? '';
      assert.ok(session);
    },
  );

  it('opens and closes the demo', LIMIT, async () => demoComesAndGoes(await desk.page()));

  it('a budget that is set in the page stops the next request, until it is gone', LIMIT, async () => {
    const page = await desk.page();
    await addBudget(page);
    const before = provider.log.total;
    const held = ask('Two');
    const menu = await desktop.tray.menu(has(/1 request waits for you/));
    assert.ok(menu.some((i) => i.label.startsWith('first-bot: send to gpt-4o')));
    assert.equal(provider.log.total, before);
    await desktop.tray.click(/^Deny$/);
    assert.equal((await held).status, 403);
    await removeBudget(page);
    assert.equal((await ask('Three')).status, 200);
  });

  it('saves exports, bundle and backup in the downloads folder, says where, and overwrites nothing', LIMIT, async () => {
    const page = await desk.page();
    await exportSession(page, session, 'Markdown');
    assert.match(await landed(/\.md$/), /Good morning/);
    await exportSession(page, session, 'JSON Lines');
    assert.match(await landed(/\.jsonl$/), /Good morning/);
    await goTo(page, '/settings/diagnostics');
    await page.getByRole('button', { name: 'Show the bundle' }).click();
    // Each file but the first is named before anything of the one before is on disk.
    await page.getByRole('button', { name: 'Save', exact: true }).evaluate((button: HTMLElement) => {
      for (let times = 0; times < 5; times++) button.click();
    });
    const bundle = await landed(/sallyport-diagnostics\.json$/);
    for (let n = 1; n < 5; n++) assert.equal(await landed(new RegExp(`sallyport-diagnostics \\(${n}\\)\\.json$`)), bundle);
    assert.ok(!bundle.includes(provider.apiKey) && !bundle.includes(provider.origin));
  });

  it('says that a file could not be saved, for want of a folder or of room, and leaves nothing of it', LIMIT, async () => {
    const page = await desk.page();
    const folder = join(desk.home, 'Downloads');
    const fails = async () => {
      const before = (await said()).length;
      await page.getByRole('button', { name: 'Save', exact: true }).click();
      const last = await until(async () => (await said())[before], 'the failure to be said');
      assert.equal(last.message, 'The file could not be saved');
    };
    renameSync(folder, `${folder}.away`);
    writeFileSync(folder, 'no folder');
    await fails();
    rmSync(folder);
    const disk = smallDisk(1); // Not for everybody: who may not mount sees the missing folder alone.
    if (disk) {
      fillDisk(join(disk.path, 'full'), 1 << 20, 0);
      symlinkSync(disk.path, folder);
      await fails();
      assert.deepEqual(readdirSync(folder), ['full']);
      rmSync(folder);
      disk.remove();
    }
    renameSync(`${folder}.away`, folder);
  });

  it('makes a backup without a provider key, and puts it back: settings, policies, keys of the ledger', LIMIT, async () => {
    const page = await desk.page();
    await desk.api('PUT', '/api/policies/mine.yaml', {
      source: 'version: 1\nrules:\n  - id: a\n    match: { tool: [deploy] }\n    then: approve\n',
    });
    await makeBackup(page, 'a long enough passphrase');
    const text = await landed(/sallyport-backup-.*\.json$/);
    assert.ok(!text.includes(provider.apiKey));
    await desk.api('DELETE', '/api/policies/mine.yaml');
    await desk.api('PATCH', '/api/settings', { limits: { perAgentConcurrent: 3 } });
    await restoreBackup(page, { name: 'backup.json', text }, 'a long enough passphrase');
    await goTo(page, '/policies');
    await page.getByRole('link', { name: 'mine.yaml' }).waitFor();
    const { settings } = await desk.api('GET', '/api/settings');
    assert.notEqual(settings.limits.perAgentConcurrent, 3);
    assert.equal((await ask('After the restore')).status, 200, 'the provider key is still in the keychain');
  });

  it('single sign-on is set up in the page: from then on nobody decides who has not signed in', LIMIT, async () => {
    const page = await desk.page();
    await setUpIssuer(page, idp, 'llm-admins');
    await desktop.tray.menu(has(/^Sign in…$/));
    await assert.rejects(desk.api('PUT', '/api/do-not-disturb', { on: true }), { code: 'person_required' });
    // Grace is known to the provider, but in none of the required groups.
    const last = await signInBy(desk, () => desktop.tray.click(/^Sign in…$/), 'grace@example.test');
    assert.match(last, /You are not signed in to Sallyport.*llm-admins/s);
    await until(async () => (await said()).some((s) => /llm-admins/.test(s.detail)) || undefined, 'the missing group to be named');
    await desktop.tray.menu(has(/^Sign in…$/));
    const welcome = await signInBy(desk, () => desktop.tray.click(/^Sign in…$/), 'ada@example.test');
    assert.match(welcome, /You are signed in to Sallyport/);
    await desktop.tray.menu(has(/^Signed in as Ada \(llm-admins, data\)$/));
    await desk.api('PUT', '/api/do-not-disturb', { on: false });
  });

  it('an identity provider that is silent is shown in tray and console, and so is its end; both pass', { timeout: 200_000 }, async () => {
    const page = await desk.page();
    const { key: hers } = await desk.api('POST', '/api/agents', {
      name: 'ada-bot',
      scope: EVERYTHING,
    });
    key = hers;
    const again = async () => {
      const pid = await desk.gatewayPid();
      process.kill(pid, 'SIGKILL');
      await until(async () => ((await desk.gatewayPid()) !== pid ? true : undefined), 'another gateway');
    };
    await idp.pause();
    await again();
    await desktop.tray.menu(has(/identity provider does not answer/));
    await desktop.tray.click(/^What is wrong…$/);
    await until(async () => (await said()).some((s) => /identity provider of Ada does not answer/.test(s.detail)) || undefined, 'why');
    await goTo(page, '/agents');
    await page.getByRole('alert').filter({ hasText: 'identity provider of Ada does not answer' }).waitFor();
    assert.equal((await ask('While it is silent')).status, 200, 'agents go on for the time of grace');
    await idp.resume();
    // It is asked again every minute.
    await until(async () => has(/^Signed in as Ada/)(await desktop.tray.menu()) || undefined, 'the session to be taken up again', 100_000);
    await page.getByRole('alert').filter({ hasText: 'identity provider' }).waitFor({ state: 'detached' });

    delete idp.users['ada@example.test'];
    await again();
    await desktop.tray.menu(has(/identity provider ended the session/));
    await page.getByRole('alert').filter({ hasText: 'has ended the session of Ada' }).waitFor();
    const refused = await ask('After the end');
    assert.equal(refused.status, 403);
    assert.match(await refused.text(), /owner_locked/);
  });

  it('leaves nothing in the downloads folder but what was asked for', () => {
    const names = existsSync(join(desk.home, 'Downloads')) ? readdirSync(join(desk.home, 'Downloads')) : [];
    assert.equal(names.length, 8, names.join());
  });
});
