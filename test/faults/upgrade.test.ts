import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { appendFileSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Approval } from '../../proxy/contract/index.js';
import { type SimulatedProvider, startSimulatedProvider } from '../../proxy/demo/index.js';
import { type Gateway, launchGateway } from '../../scripts/demo/launch.js';
import { readAll } from '../support/canaries.js';
import { type OwnBuild, ownBuild } from '../support/own-build.js';
import { ASK_LAUNCH, NO_RECIPE, policyOf } from '../support/policies.js';
import { agentKey, connectionTo } from '../support/settings.js';
import { until } from '../support/until.js';
import { ledgerLines } from './kill.js';

const POLICY = policyOf(ASK_LAUNCH, NO_RECIPE);
const NEWER = '99.0.0';

describe('a newer version comes', { timeout: 240_000 }, () => {
  let directory: string;
  let provider: SimulatedProvider;
  let older: OwnBuild;
  let newer: OwnBuild;
  let gateway: Gateway;
  let key: string;
  before(async () => {
    directory = mkdtempSync(join(tmpdir(), 'sallyport-upgrade-'));
    provider = await startSimulatedProvider();
    older = ownBuild();
    newer = ownBuild(NEWER);
    gateway = await launchGateway({
      directory,
      cli: older.cli,
      env: { LAB_PROVIDER_KEY: provider.apiKey },
      settings: (settings) => {
        settings.connections = [connectionTo(provider.origin)];
      },
    });
    await gateway.call('PUT', '/api/policies/words.yaml', { source: POLICY });
    key = await agentKey(gateway, 'upgrade');
  });
  after(async () => {
    await gateway?.stop();
    await provider?.close();
    older?.remove();
    newer?.remove();
    rmSync(directory, { recursive: true, force: true });
  });
  const start = (build: OwnBuild) => launchGateway({ directory, cli: build.cli, env: { LAB_PROVIDER_KEY: provider.apiKey } });
  const ask = (content: string, stream = false) =>
    fetch(`${gateway.baseUrl}/openai/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'sim', stream, messages: [{ role: 'user', content }] }),
    });
  const open = async () => (await gateway.callWithoutPerson<{ approvals: Approval[] }>('GET', '/api/approvals?state=open')).approvals;
  const digests = () =>
    [...readAll(join(directory, 'ledger'))].map(([name, bytes]) => `${name} ${createHash('sha256').update(bytes).digest('hex')}`).sort();

  it('is started while the older runs on the data: refused with a sentence; the older, its streams and its approvals go on', async () => {
    const streaming = (await ask('[[slow 10]] [[tokens 200]]', true)).text();
    const held = ask('The launch code, during an upgrade.');
    await until(async () => (await open()).length > 0, 'an approval');
    await assert.rejects(start(newer), /already records|one writer/i);
    assert.match(await streaming, /\[DONE\]/);
    const [waiting] = await open();
    await gateway.call('POST', `/api/approvals/${waiting!.id}/decision`, { version: waiting!.version, decision: 'approve' });
    assert.equal((await held).status, 200);
  });

  it('its files replace those of the running one: what runs refuses or judges, never less; a stop and a start later all is new', async () => {
    // As a package manager does it: the files are gone under the process that has loaded only what it needed so far.
    renameSync(older.out, `${older.out}-gone`);
    const total = provider.log.total;
    const long = 'Many words for the pool of scanners. '.repeat(3000);
    const statuses = [];
    for (const content of [
      'The secret recipe, please.',
      `The secret recipe, please. ${long}`,
      `${long} The secret recipe, please.`,
      '[[tool run_shell {"command":"rm -rf /"}]]',
    ]) {
      const response = await ask(content);
      const text = await response.text();
      statuses.push(response.status);
      assert.ok(!text.includes('rm -rf /') || !text.includes('"tool_calls"'), `a destructive call was released: ${text.slice(0, 300)}`);
    }
    assert.deepEqual(
      statuses.slice(0, 3).map((s) => s >= 400),
      [true, true, true],
      statuses.join(),
    );
    assert.ok(
      provider.log.entries.every((e) => !e.text.includes('secret recipe')),
      'what a rule blocks reached the provider',
    );
    assert.ok(provider.log.total - total <= 1);
    await gateway.stop();
    gateway = await start(newer);
    const status = await gateway.call<{ version: string; faults: unknown[] }>('GET', '/api/status');
    assert.equal(status.version, NEWER);
    assert.equal((await ask('[[say hello]] to the newer')).status, 200, 'keys, connections and policies were taken over');
    assert.equal((await ask('The secret recipe, please.')).status, 403);
    const verified = await gateway.cli(['verify']);
    assert.equal(verified.code, 0, verified.stdout + verified.stderr);
    renameSync(`${older.out}-gone`, older.out);
  });

  it('the older is stopped for it while a stream flows and a person is asked: the stream ends whole, the question with a no', async () => {
    const streaming = (await ask('[[slow 5]] [[tokens 200]]', true)).text();
    const held = ask('The launch code, at the very end.');
    await until(async () => (await open()).length > 0, 'an approval');
    const total = provider.log.total;
    await gateway.stop();
    assert.match(await streaming, /\[DONE\]/);
    assert.equal((await held).status, 403);
    assert.equal(provider.log.total, total);
    gateway = await start(newer);
    assert.deepEqual(await open(), []);
  });

  it('and goes again: data of a format that the older does not know are refused, and not touched', async () => {
    await gateway.stop();
    const segments = join(directory, 'ledger');
    const last = readdirSync(segments)
      .filter((n) => n.endsWith('.jsonl'))
      .sort()
      .at(-1)!;
    const text = readFileSync(join(segments, last), 'utf8');
    for (const make of [
      // Ended in order, and torn: the two ways in which a start reads the ledger.
      () => writeFileSync(join(segments, last), text.replace('"format":1', '"format":2')),
      () => appendFileSync(join(segments, last), '{"a line of the newer format":'),
    ]) {
      make();
      const before = digests();
      await assert.rejects(start(older), /downgrade is refused/s);
      assert.deepEqual(
        digests().filter((d) => !d.startsWith('lock')),
        before.filter((d) => !d.startsWith('lock')),
      );
    }
    writeFileSync(join(segments, last), text);
    gateway = await start(older);
    assert.equal((await ask('[[say hello]] again')).status, 200);
    await sleep(100);
    assert.ok(ledgerLines(directory).filter((l) => l.kind === 'arrival').length > 5);
    const verified = await gateway.cli(['verify']);
    assert.equal(verified.code, 0, verified.stdout + verified.stderr);
  });
});
