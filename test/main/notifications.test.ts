import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { NotificationCenter, type Notifier } from '../../main/notifications/center.js';
import { escapeMarkup, linuxNotifier } from '../../main/notifications/linux.js';
import { approvalText, burstText, type NotificationText } from '../../main/notifications/text.js';
import { brokerBus } from '../support/desktop-bus.js';
import { fakeDesktop } from '../support/fake-desktop.js';
import { until } from '../support/until.js';
import { approval } from './support.js';

const settled = () => new Promise((resolve) => setImmediate(resolve));

function screen() {
  const standing: { text: NotificationText; on: { approve(): void; deny(): void; open(): void }; closed: boolean }[] = [];
  const notifier: Notifier = {
    show(text, on) {
      const one = { text, on, closed: false };
      standing.push(one);
      return Promise.resolve({
        close() {
          one.closed = true;
        },
      });
    },
    close() {},
  };
  const did: string[] = [];
  const center = new NotificationCenter(notifier, {
    decide: (a, decision) => did.push(`${decision} ${a.id} v${a.version}`),
    open: (id) => did.push(`open ${id ?? 'inbox'}`),
    unseen: (id) => did.push(`unseen ${id}`),
  });
  return { standing, did, center, open: () => standing.filter((s) => !s.closed) };
}

describe('the words of a notification', () => {
  it('tell who, what, which rule, how long and the code; never the prompt', () => {
    const text = approvalText(approval());
    assert.deepEqual(text, {
      title: 'etl-bot wants to send a prompt to gpt-4o',
      body: 'Rule balanced/ask. Denied in 10 min unless you decide. Code ABC234.',
      canApprove: true,
    });
    assert.ok(!JSON.stringify(text).includes('secret prompt'));
  });
  it('tell the tool and its risk', () => {
    const risks = [{ id: 'shell.delete', class: 'file-delete', level: 'risky', sentence: 'It deletes.' }] as never;
    assert.equal(
      approvalText(approval({ kind: 'tool-call', tool: { name: 'shell', facts: [], risks } })).title,
      'etl-bot wants to run the tool shell (file-delete)',
    );
  });
  it('have no Approve for high risk or several persons', () => {
    assert.equal(approvalText(approval({ demand: { ...approval().demand, mustOpen: true } })).canApprove, false);
    assert.equal(approvalText(approval({ demand: { ...approval().demand, minimum: 2 } })).canApprove, false);
    assert.equal(burstText(5, ['a', 'b']).canApprove, false);
  });
  it('are one line and bounded, whatever an agent is called', () => {
    const { title } = approvalText(approval({ agent: { id: 'a', name: `<b>x</b>‮\n${'y'.repeat(500)}`, owner: 'o' } }));
    assert.ok(title.length < 150 && !/[\n‮]/.test(title));
    assert.equal(escapeMarkup('<b>&</b>'), '&lt;b&gt;&amp;&lt;/b&gt;');
  });
});

describe('which notifications stand', () => {
  it('one for each; withdrawn when decided elsewhere; not shown again', async () => {
    const { center, standing, open } = screen();
    center.update([approval()], false);
    center.update([approval({ version: 2 })], false);
    assert.equal(standing.length, 1);
    center.update([], false);
    await settled();
    assert.equal(open().length, 0);
  });
  it('a press decides once, with the newest version of the same bytes', () => {
    const { center, standing, did } = screen();
    center.update([approval()], false);
    center.update([approval({ version: 3, attempts: 2 })], false);
    standing[0]?.on.approve();
    standing[0]?.on.approve();
    standing[0]?.on.deny();
    assert.deepEqual(did, ['approve ap_1 v3']);
  });
  it('other bytes must be read: a press on the old words opens the window', () => {
    const { center, standing, did } = screen();
    center.update([approval()], false);
    center.update([approval({ version: 2, digest: 'e'.repeat(64), edited: true })], false);
    standing[0]?.on.approve();
    assert.deepEqual(did, ['open ap_1']);
  });
  it('a press after the end decides nothing', () => {
    const { center, standing, did } = screen();
    center.update([approval()], false);
    center.update([], false);
    standing[0]?.on.approve();
    assert.deepEqual(did, []);
  });
  it('a server that sends "approve" for high risk only opens it', () => {
    const { center, standing, did } = screen();
    center.update([approval({ demand: { ...approval().demand, mustOpen: true } })], false);
    standing[0]?.on.approve();
    assert.deepEqual(did, ['open ap_1']);
  });
  it('a burst becomes one summary, and single ones come back after it', async () => {
    const { center, did, open } = screen();
    const many = Array.from({ length: 5 }, (_, i) => approval({ id: `ap_${i}` }));
    center.update(many.slice(0, 3), false);
    center.update(many, false);
    await settled();
    assert.equal(open().length, 1);
    assert.match(open()[0]?.text.title ?? '', /^5 requests/);
    open()[0]?.on.approve();
    assert.deepEqual(did, ['open inbox']);
    center.update(many.slice(0, 2), false);
    await settled();
    assert.equal(open().length, 2);
  });
  it('do not disturb shows none, and afterwards what still waits', async () => {
    const { center, open } = screen();
    center.update([approval()], true);
    assert.equal(open().length, 0);
    center.update([approval()], false);
    assert.equal(open().length, 1);
    center.update([approval()], true);
    await settled();
    assert.equal(open().length, 0);
  });
  it('what cannot be shown is handed to the window', async () => {
    const did: string[] = [];
    const center = new NotificationCenter(
      { show: () => Promise.reject(new Error('none')), close() {} },
      { decide: () => {}, open: () => {}, unseen: (id) => did.push(id) },
    );
    center.update([approval()], false);
    center.update([approval({ version: 2 })], false);
    await settled();
    assert.deepEqual(did, ['ap_1']);
  });
});

describe('notifications over D-Bus', () => {
  it('rejects where there is no bus, and where there is no server', async () => {
    const nowhere = linuxNotifier({ busAddress: 'unix:path=/nonexistent/bus' });
    await assert.rejects(nowhere.show(approvalText(approval()), { approve() {}, deny() {}, open() {} }));
    const bus = await brokerBus();
    const empty = linuxNotifier({ busAddress: bus.address });
    await assert.rejects(empty.show(approvalText(approval()), { approve() {}, deny() {}, open() {} }));
    empty.close();
    await bus.close();
  });
  it('finds a server that was started later, and a new one after the old one went', async () => {
    const bus = await brokerBus();
    const notifier = linuxNotifier({ busAddress: bus.address });
    const pressed: string[] = [];
    const on = { approve: () => pressed.push('approve'), deny: () => pressed.push('deny'), open: () => pressed.push('open') };
    await assert.rejects(notifier.show(approvalText(approval()), on));
    const first = await fakeDesktop(bus.address);
    await notifier.show(approvalText(approval()), on);
    first.press((await first.notification(/etl-bot/)).id, 'default');
    await until(() => pressed.length === 1 || undefined, 'the press');
    first.close();
    const second = await until(() => fakeDesktop(bus.address), 'the second server');
    await notifier.show(approvalText(approval()), on);
    second.press((await second.notification(/etl-bot/)).id, 'deny');
    await until(() => pressed.length === 2 || undefined, 'the press');
    assert.deepEqual(pressed, ['open', 'deny']);
    notifier.close();
    second.close();
    await bus.close();
  });
});
