import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { type SimulatedProvider, startSimulatedProvider } from '../../proxy/demo/index.js';
import { type AgentProcess, startAgent } from '../../scripts/demo/agent-process.js';
import { type Idp, startIdp } from '../../scripts/demo/idp.js';
import { ROOT } from '../../scripts/demo/launch.js';
import { type DesktopApp, runElectron, startDesktop } from '../support/desktop-app.js';
import { connectTo, daemonBus, type SessionBus } from '../support/desktop-bus.js';
import { type FakeDesktop, fakeDesktop, type TrayMenuItem } from '../support/fake-desktop.js';
import { ASK_LAUNCH, policyOf } from '../support/policies.js';
import { signInBy } from '../support/system-browser.js';
import { until } from '../support/until.js';

const POLICY = policyOf(ASK_LAUNCH);
const PICTURES = join(ROOT, '.cache/screenshots');
const LIMIT = { timeout: 60_000 };
const has = (label: RegExp) => (items: TrayMenuItem[]) => items.some((i) => label.test(i.label));
const labels = (items: TrayMenuItem[]) => items.map((i) => i.label);

/** Real Electron, keychain, identity provider, browser and LangChain agent; only the LLM provider and who presses buttons are the test's. */
describe('the desktop app, the whole way', { timeout: 300_000, skip: process.platform === 'linux' ? false : 'D-Bus is Linux only' }, () => {
  let bus: SessionBus;
  let desktop: FakeDesktop;
  let idp: Idp;
  let provider: SimulatedProvider;
  let desk: DesktopApp;
  let agent: AgentProcess;
  let agentKey = '';

  before(async () => {
    mkdirSync(PICTURES, { recursive: true });
    bus = await daemonBus('unlocked');
    desktop = await fakeDesktop(bus.address);
    idp = await startIdp();
    provider = await startSimulatedProvider({
      script: ({ turns }) =>
        /long story/.test(turns.at(-1)?.text ?? '')
          ? { answer: { tokens: Array.from({ length: 400 }, (_, i) => `word ${i} `), toolCalls: [] }, delivery: { paceMs: 200 } }
          : undefined,
    });
    desk = await startDesktop({
      env: bus.env,
      settings: (settings) => {
        settings.connections = [{ name: 'openai', dialect: 'openai', origin: provider.origin, pathPrefix: '', credential: 'none' }];
        settings.issuers = [
          {
            url: idp.issuer,
            name: 'Example',
            audience: idp.audience,
            algorithms: ['ES256'],
            clockSkewSeconds: 5,
            claims: { agent: 'client_id', groups: 'groups' },
            requiredGroups: [],
            signIn: { clientId: idp.clientId, scopes: ['openid', 'profile', 'groups', 'offline_access'] },
          },
        ];
      },
    });
  });
  after(async () => {
    await agent?.stop();
    await desk?.close();
    await provider?.close();
    await idp?.close();
    desktop?.close();
    await bus?.close();
  });

  const picture = async (name: string) => (await desk.page()).screenshot({ path: join(PICTURES, `desktop-${name}.png`) });
  const pending = async () =>
    (await desk.api<{ approvals: { id: string; state: string }[] }>('GET', '/api/approvals?state=pending')).approvals;

  it('is locked until a person has signed in, in the system browser', LIMIT, async () => {
    const before = labels(await desktop.tray.menu(has(/^Sign in…$/)));
    assert.ok(before.includes('Signed out'), before.join());
    assert.match(await desktop.tray.tooltip(), /Signed out/);
    await assert.rejects(desk.api('PUT', '/api/do-not-disturb', { on: true }), { code: 'person_required' });
    await signInBy(desk, () => desktop.tray.click(/^Sign in…$/), 'ada@example.test');
    const menu = labels(await desktop.tray.menu(has(/^Signed in as/)));
    assert.ok(menu.includes('Signed in as Ada (llm-admins, data)'), menu.join());
    assert.ok(menu.includes('Sign out') && menu.includes('On guard'));
  });

  it('puts a provider key into the real keychain, and nowhere else', LIMIT, async () => {
    const connection = await desk.api('PUT', '/api/connections/openai/key', { key: provider.apiKey });
    assert.match(connection.credential, /^keychain:/);
    const status = await desk.api('GET', '/api/status');
    assert.deepEqual(status.secrets, { kind: 'keychain', protected: true });
    const files = (await import('../support/canaries.js')).readAll(desk.home);
    for (const [name, bytes] of files) assert.ok(!bytes.includes(provider.apiKey), name);
    await desk.api('PUT', '/api/policies/ask.yaml', { source: POLICY });
    const made = await desk.api('POST', '/api/agents', {
      name: 'launch-bot',
      scope: { connections: ['openai'], models: ['*'], operations: ['*'] },
    });
    agentKey = made.key;
    agent = await startAgent({ gateway: desk.baseUrl, key: agentKey });
    const said = await agent.run({ api: 'chat', prompt: 'What is the weather like in Bern?' });
    assert.equal(said.answer, 'You wrote: What is the weather like in Bern?');
    assert.equal(provider.log.last()?.key, 'right');
  });

  it('copies the snippet of an agent and the base URL', LIMIT, async () => {
    await desktop.tray.menu(has(/^launch-bot$/));
    await desktop.tray.click(/^launch-bot$/);
    const copied = () => desk.app.evaluate(({ clipboard }) => clipboard.readText());
    const snippet = await until(
      async () => ((await copied()).includes('ChatOpenAI') ? await copied() : undefined),
      'a snippet on the clipboard',
    );
    assert.ok(snippet.includes(`${desk.baseUrl}/openai/v1`) && snippet.includes('SALLYPORT_KEY') && !snippet.includes(agentKey));
    await desktop.tray.click(/^Copy base URL/);
    await until(async () => (await copied()) === desk.baseUrl || undefined, 'the base URL on the clipboard');
  });

  it('Deny on the notification: nothing is sent, and the agent is told', LIMIT, async () => {
    const before = provider.log.total;
    const running = agent.run({ api: 'chat', prompt: 'Please read the launch code of rocket one to the crew' });
    const shown = await desktop.notification(/launch-bot/);
    assert.match(shown.summary, /^launch-bot wants to send a prompt to gpt-4o$/);
    assert.match(shown.body, /ask-launch/);
    assert.ok(!`${shown.summary}${shown.body}`.includes('crew'));
    assert.deepEqual(
      shown.actions.filter((_, i) => i % 2 === 0),
      ['default', 'deny', 'approve'],
    );
    const menu = labels(await desktop.tray.menu(has(/1 request waits for you/)));
    assert.ok(
      menu.some((l) => l.startsWith('launch-bot: send to gpt-4o')) &&
        menu.includes('Deny') &&
        menu.includes('Approve once') &&
        menu.includes('Open…'),
      menu.join(),
    );
    await desktop.tray.click(/^Open…$/);
    const page = await desk.page();
    await page.waitForFunction(() => location.hash.startsWith('#/approvals/'));
    await page.getByRole('button', { name: /deny/i }).first().waitFor();
    await picture('approval');
    desktop.press(shown.id, 'deny');
    const result = await running;
    assert.match(`${result.error?.message ?? ''}${result.answer ?? ''}`, /denied/i);
    assert.equal(provider.log.total, before);
    await desktop.tray.menu(has(/^On guard$/));
  });

  it('a press that another program sends over the bus is ignored; closing decides nothing; Approve sends', LIMIT, async () => {
    const before = provider.log.total;
    const running = agent.run({ api: 'chat', prompt: 'Please read the launch code of rocket two' });
    const shown = await desktop.notification(/launch-bot/);
    const stranger = connectTo(bus.address);
    const send = (signal: Record<string, unknown>) => stranger.connection.message({ type: 4, serial: stranger.serial++, ...signal });
    send({
      path: '/org/freedesktop/Notifications',
      interface: 'org.freedesktop.Notifications',
      member: 'ActionInvoked',
      signature: 'us',
      body: [shown.id, 'deny'],
    });
    // What the stranger sent has been delivered when the bus answers its next call.
    await stranger.getNameOwner('org.freedesktop.Notifications');
    stranger.connection.end();
    assert.equal((await pending()).length, 1);
    assert.equal(provider.log.total, before);
    desktop.press(shown.id, 'approve');
    const result = await running;
    assert.equal(result.answer, 'You wrote: Please read the launch code of rocket two');
    assert.equal(provider.log.total, before + 1);
    assert.ok(!desktop.shown.has(shown.id));
  });

  it('approves from the tray menu; the notification of what was decided elsewhere goes; closing one decides nothing', LIMIT, async () => {
    const running = agent.run({ api: 'chat', prompt: 'Please read the launch code of rocket three' });
    const shown = await desktop.notification(/launch-bot/);
    desktop.dismiss(shown.id);
    await desktop.tray.menu(has(/1 request waits for you/));
    assert.equal((await pending()).length, 1);
    await desktop.tray.click(/^Approve once$/);
    assert.equal((await running).answer, 'You wrote: Please read the launch code of rocket three');
    await desktop.tray.menu(has(/^On guard$/));
    assert.equal(desktop.shown.size, 0);
  });

  it('shows them in the history, and one of them replays', LIMIT, async () => {
    await desktop.tray.click(/^History…$/);
    const page = await desk.page();
    await page.waitForFunction(() => location.hash.startsWith('#/sessions'));
    await until(async () => ((await page.locator('body').innerText()).includes('rocket') ? true : undefined), 'the sessions in the window');
    const text = await page.locator('body').innerText();
    assert.ok(/rocket one/.test(text) && /rocket two/.test(text), text);
    await picture('history');
    const { sessions } = await desk.api('GET', '/api/sessions?limit=50');
    const two = sessions.find((s: { title?: string }) => JSON.stringify(s).includes('rocket two'));
    await page.evaluate((id) => {
      location.hash = `#/sessions/${id}`;
    }, two.id);
    await until(
      async () => ((await page.locator('body').innerText()).includes('rocket two') ? true : undefined),
      'the session in the window',
    );
    await picture('session');
    await page
      .getByRole('button', { name: /^replay$/i })
      .or(page.getByRole('link', { name: /^replay$/i }))
      .first()
      .click();
    await page
      .getByRole('button', { name: /^(play|pause)/i })
      .first()
      .waitFor({ timeout: 20_000 });
    assert.ok(!(await page.locator('main').innerText()).includes('You wrote'), 'the answer has not come yet');
    await page.getByRole('button', { name: /play/i }).first().click();
    await until(
      async () => ((await page.locator('main').innerText()).includes('You wrote') ? true : undefined),
      'the answer to be replayed',
    );
    await picture('replay');
    const replay = await desk.api('GET', `/api/sessions/${two.id}/replay`);
    assert.ok(JSON.stringify(replay).length > 100);
  });

  it('freezes everything from the tray, and resumes', LIMIT, async () => {
    await desktop.tray.click(/^Freeze all agents$/);
    await desktop.tray.menu(has(/^Resume all agents$/));
    const before = provider.log.total;
    const running = agent.run({ api: 'chat', prompt: 'Is the ice gone?' });
    await until(async () => ((await desk.api('GET', '/api/status')).active > 0 ? true : undefined), 'the exchange to be held');
    assert.equal(provider.log.total, before);
    await desktop.tray.click(/^Resume all agents$/);
    assert.equal((await running).answer, 'You wrote: Is the ice gone?');
  });

  it('freezes again, and drops what is held: it is refused, nothing of it is sent, and what comes after passes', LIMIT, async () => {
    await desktop.tray.click(/^Freeze all agents$/);
    const frozen = labels(await desktop.tray.menu(has(/^Drop what is held$/)));
    assert.ok(frozen.includes('All agents are frozen') && frozen.includes('Resume all agents') && !frozen.includes('Freeze all agents'));
    assert.match(await desktop.tray.tooltip(), /All agents are frozen/);
    const before = provider.log.total;
    const running = agent.run({ api: 'chat', prompt: 'Will this be dropped?' });
    await until(async () => ((await desk.api('GET', '/api/status')).active > 0 ? true : undefined), 'the exchange to be held');
    await desktop.tray.click(/^Drop what is held$/);
    const { error, answer } = await running;
    assert.ok(error !== undefined && !answer, 'the agent was told');
    assert.equal(provider.log.total, before);
    await desktop.tray.menu(has(/^On guard$/));
    assert.equal((await agent.run({ api: 'chat', prompt: 'And now?' })).answer, 'You wrote: And now?');
  });

  it('do not disturb: no notification, the request waits', LIMIT, async () => {
    await desktop.tray.click(/^Do not disturb$/);
    await desktop.tray.menu((items) => items.some((i) => i.label === 'Do not disturb' && i.checked === true));
    const running = agent.run({ api: 'chat', prompt: 'Please read the launch code of rocket four' });
    await desktop.tray.menu(has(/1 request waits for you/));
    assert.equal(desktop.shown.size, 0);
    await desktop.tray.click(/^Do not disturb$/);
    const shown = await desktop.notification(/launch-bot/);
    desktop.press(shown.id, 'deny');
    await running;
  });

  it('closing the window leaves the app; a second start opens it again', LIMIT, async () => {
    const page = await desk.page();
    await page.close();
    await desktop.tray.menu(has(/^On guard$/));
    assert.equal(desk.app.windows().length, 0);
    const second = await runElectron([`--user-data-dir=${desk.profile}`, ROOT], desk.env);
    assert.equal(second.code, 0, second.output);
    await desk.page();
  });

  it('kill -9 of the gateway: shown, started again, what was under way is recorded as interrupted and nothing passed', LIMIT, async () => {
    let began: () => void = () => {};
    const first = new Promise<void>((resolve) => {
      began = resolve;
    });
    const running = agent.run({ api: 'chat', prompt: 'Tell me a long story' }, () => began());
    await first;
    // The agent does one task at a time: the second request is another program's with the same key.
    const waiting = fetch(`${desk.baseUrl}/openai/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${agentKey}`, 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'gpt-4o', messages: [{ role: 'user', content: 'Please read the launch code of rocket five' }] }),
    }).then(
      async (answer) => `${answer.status} ${await answer.text().catch(() => 'broken off')}`,
      () => 'broken off',
    );
    await desktop.notification(/launch-bot/);
    const sent = provider.log.total;
    const pid = await desk.gatewayPid();
    process.kill(pid, 'SIGKILL');
    await desktop.tray.menu(has(/gateway (ended|is down)/));
    const [cut, refused] = await Promise.all([running, waiting]);
    assert.ok(cut.error !== undefined, 'the stream broke off');
    assert.ok(!refused.includes('You wrote'), `what waited got no answer: ${refused}`);
    await desktop.tray.menu(has(/^On guard$/));
    assert.equal(provider.log.total, sent, 'what waited for a person was not sent');
    assert.notEqual(await desk.gatewayPid(), pid);
    // The person is signed in as before: the session was taken up again.
    await desktop.tray.menu(has(/^Signed in as Ada/));
    await until(async () => {
      const { sessions } = await desk.api('GET', '/api/sessions?limit=50');
      const rows = await Promise.all(sessions.slice(0, 8).map((s: { id: string }) => desk.api('GET', `/api/sessions/${s.id}`)));
      const outcomes = rows.flatMap((r) => r.exchangesList.map((e: { outcome?: string }) => e.outcome));
      return outcomes.filter((o) => o === 'interrupted').length >= 2 && outcomes.every((o) => o !== undefined) ? true : undefined;
    }, 'both exchanges to be recorded as interrupted');
    assert.equal((await agent.run({ api: 'chat', prompt: 'Are you back?' })).answer, 'You wrote: Are you back?');
  });

  it('signing out locks: agents of the person are refused, and a notification decides nothing', LIMIT, async () => {
    await desktop.tray.click(/^Sign out$/);
    await desktop.tray.menu(has(/^Signed out$/));
    const refused = await agent.run({ api: 'chat', prompt: 'Good morning' });
    assert.match(`${refused.error?.code} ${refused.error?.message}`, /owner_locked|signed out/i);
    await assert.rejects(desk.api('PUT', '/api/do-not-disturb', { on: true }), { code: 'person_required' });
  });

  it('quits from the tray, sealed: the record verifies', LIMIT, async () => {
    const child = desk.app.process();
    const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
    await desktop.tray.click(/^Quit Sallyport$/);
    assert.equal(await ended, 0);
    // The command line reads the same keychain.
    const verify = spawnSync(process.execPath, [join(ROOT, 'out/proxy/cli.js'), 'verify'], {
      env: desk.env,
      encoding: 'utf8',
      timeout: 50_000,
    });
    assert.equal(verify.status, 0, verify.stdout + verify.stderr);
  });
});
