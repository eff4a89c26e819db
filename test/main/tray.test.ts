import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { SupervisorState } from '../../main/gateway/supervisor.js';
import { type TrayFacts, type TrayItem, trayModel } from '../../main/tray/model.js';
import type { GatewayStatus } from '../../proxy/contract/index.js';
import { approval, status } from './support.js';

const running = (change: Partial<GatewayStatus> = {}): SupervisorState => ({
  state: 'running',
  status: status(change),
  control: { socket: '/s', token: 't' },
  capability: 'cap',
});
const facts = (change: Partial<TrayFacts> = {}): TrayFacts => ({
  gateway: running(),
  approvals: [],
  agents: [],
  active: 0,
  signedOut: false,
  canSignIn: false,
  ...change,
});
const flat = (items: TrayItem[]): (TrayItem & { label: string })[] =>
  items.flatMap((i) => ('type' in i ? [] : [i, ...flat(i.submenu ?? [])]));
const labels = (f: TrayFacts) => flat(trayModel(f).items).map((i) => i.label);
const named = (f: TrayFacts, label: string) =>
  flat(trayModel(f).items).find((i) => i.label === label) as Exclude<TrayItem, { type: string }> | undefined;

describe('the tray', () => {
  it('shows the strongest state', () => {
    const table: [TrayFacts, string][] = [
      [facts(), 'idle'],
      [facts({ active: 2 }), 'working'],
      [facts({ signedOut: true, canSignIn: true, active: 1 }), 'locked'],
      [facts({ signedOut: true, canSignIn: true, approvals: [approval()] }), 'waiting'],
      [facts({ gateway: running({ frozen: true, state: 'frozen' }), approvals: [approval()] }), 'frozen'],
      [facts({ gateway: running({ frozen: true, recording: { ok: false, protectedKeys: true } }) }), 'fault'],
      [facts({ gateway: running({ state: 'fault' }) }), 'fault'],
      [facts({ gateway: { state: 'down', code: 'gateway_died', message: 'x' } }), 'fault'],
      [facts({ gateway: { state: 'starting' } }), 'idle'],
      [facts({ gateway: { state: 'starting', unlock: true } }), 'locked'],
      [facts({ gateway: { state: 'starting', after: 'It ended.' } }), 'fault'],
    ];
    for (const [f, icon] of table) assert.equal(trayModel(f).icon, icon, JSON.stringify(f).slice(0, 200));
  });

  it('keeps its menu while traffic flows: only icon and tooltip change', () => {
    const quiet = trayModel(facts());
    const busy = trayModel(facts({ active: 7, gateway: running({ active: 7 }) }));
    assert.deepEqual(busy.items, quiet.items);
    assert.match(busy.tooltip, /7 in progress/);
  });

  it('lists approvals with Deny, Approve once and Open, at most six', () => {
    const many = Array.from({ length: 8 }, (_, i) => approval({ id: `ap_${i}`, code: `CODE${i}` }));
    const said = labels(facts({ approvals: many }));
    assert.equal(said.filter((l) => l === 'Approve once').length, 6);
    assert.equal(said.filter((l) => l === 'Open…').length, 6);
    assert.ok(said.includes('2 more…') && said.includes('8 requests wait for you'));
    assert.deepEqual(named(facts({ approvals: [approval({ version: 4 })] }), 'Deny')?.command, {
      do: 'deny',
      approval: 'ap_1',
      version: 4,
    });
  });

  it('offers no Approve for what must be opened, for what needs several persons, and to nobody', () => {
    for (const demand of [
      { ...approval().demand, mustOpen: true },
      { ...approval().demand, minimum: 2 },
    ]) {
      const said = labels(facts({ approvals: [approval({ demand })] }));
      assert.ok(!said.includes('Approve once') && said.includes('Deny') && said.includes('Open…'));
    }
    const locked = labels(facts({ approvals: [approval()], signedOut: true, canSignIn: true }));
    assert.ok(!locked.includes('Approve once') && !locked.includes('Deny') && locked.includes('Open…') && locked.includes('Sign in…'));
  });

  it('never shows a prompt, and bounds names that others choose', () => {
    const hostile = approval({ agent: { id: 'a', name: `x‮\n${'y'.repeat(200)}`, owner: 'local' } });
    const text = JSON.stringify(trayModel(facts({ approvals: [hostile] })));
    assert.ok(!text.includes('secret prompt') && !text.includes('‮') && !text.includes('\\n'));
    assert.ok(labels(facts({ approvals: [hostile] })).every((l) => l.length < 120));
  });

  it('freezes for anybody, resumes and drops for a person', () => {
    assert.ok(named(facts({ signedOut: true }), 'Freeze all agents')?.enabled !== false);
    const frozen = facts({ gateway: running({ frozen: true }) });
    assert.deepEqual(named(frozen, 'Resume all agents')?.command, { do: 'resume' });
    assert.deepEqual(named(frozen, 'Drop what is held')?.command, { do: 'drop' });
    assert.equal(named({ ...frozen, signedOut: true }, 'Resume all agents')?.enabled, false);
  });

  it('says who is signed in, with groups, and how the session stands', () => {
    const person = { name: 'Ada', groups: ['llm-admins', 'data'] };
    const said = labels(facts({ person, canSignIn: true, session: 'unreachable' }));
    assert.ok(said.includes('Signed in as Ada (llm-admins, data)') && said.includes('Sign out') && !said.includes('Sign in…'));
    assert.ok(said.some((l) => l.includes('does not answer')));
    assert.ok(labels(facts({ signedOut: true, canSignIn: true, session: 'revoked' })).some((l) => l.includes('ended the session')));
    assert.ok(!labels(facts()).some((l) => /^Sign/.test(l)), 'local mode has nobody to sign in');
  });

  it('says what is wrong and offers another try', () => {
    const down = facts({ gateway: { state: 'down', code: 'conflict', message: 'Port 4141 is taken.' } });
    assert.ok(labels(down).includes('The port is taken, or another gateway uses the data'));
    const keychain = (message: string) => labels(facts({ gateway: { state: 'down', code: 'keychain_unavailable', message } }))[0];
    assert.equal(keychain('The keychain is locked. Unlock it.'), 'The keychain is locked: agents are refused');
    assert.equal(keychain('There is no keychain in this session.'), 'The keychain cannot be read');
    assert.match(labels(facts({ gateway: { state: 'starting', unlock: true } }))[0] ?? '', /Waiting for the keychain/);
    assert.deepEqual(named(down, 'Start the gateway again')?.command, { do: 'retry' });
    assert.deepEqual(named(down, 'What is wrong…')?.command, { do: 'why' });
    assert.ok(!labels(down).some((l) => l.startsWith('Copy base URL')));
    const full = facts({ gateway: running({ recording: { ok: false, reason: 'ENOSPC', protectedKeys: true } }) });
    assert.ok(labels(full).includes('Cannot record: nothing passes') && labels(full).includes('What is wrong…'));
  });

  it('copies for each agent, and always ends with Quit', () => {
    const f = facts({ agents: [{ id: 'ag_1', name: 'etl-bot' }] });
    assert.deepEqual(named(f, 'etl-bot')?.command, { do: 'copy-snippet', agent: 'ag_1' });
    assert.equal(named(facts({ gateway: running({ doNotDisturb: true }) }), 'Do not disturb')?.checked, true);
    for (const each of [f, facts({ gateway: { state: 'stopped' } })]) assert.equal(labels(each).at(-1), 'Quit Sallyport');
    assert.ok(labels(facts({ update: '9.9.9' })).includes('Version 9.9.9 is available'));
  });
});
