import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Approval, Grant } from '../../proxy/contract/index.js';
import type { JobView } from '../../proxy/control/index.js';
import type { BacktestReport, PolicySummary } from '../../proxy/policy/index.js';
import { ledgerLines } from './ledger-lines.js';
import { pending } from './pending.js';
import { code, type Lab, startLab } from './support.js';

const KEY = 'sk-test-0123456789abcdefghijklmnop';

describe('the routes of the control API, over the real rooms', () => {
  let lab: Lab;
  before(async () => {
    lab = await startLab();
  });
  after(() => lab.close());

  const job = async <T>(started: JobView): Promise<T> => {
    for (;;) {
      const now = await lab.plain<JobView>('GET', `/api/jobs/${started.id}`);
      if (now.state !== 'running') {
        assert.equal(now.state, 'done', JSON.stringify(now.error));
        return now.result as T;
      }
      await new Promise((done) => setTimeout(done, 10));
    }
  };

  /** An approval is listed once its own record is durable; a later record of ours is behind it. */
  const written = () => lab.gateway.services.acts.record({ kind: 'settings', meta: { what: 'test' } });

  it('connections: a key goes to the keychain, is shown nowhere, and is bound to its origin', async () => {
    const made = await lab.call('POST', '/api/connections', {
      name: 'openai',
      dialect: 'openai',
      origin: 'https://api.openai.com',
      key: KEY,
    });
    assert.equal(made['credential'], 'keychain:openai');
    assert.equal(made['needsKey'], false);
    assert.equal(await lab.gateway.services.credentials.resolve(lab.gateway.services.settings.get().connections[0]!), KEY);
    await assert.rejects(
      lab.call('POST', '/api/connections', { name: 'openai', dialect: 'openai', origin: 'https://a.example', key: KEY }),
      code('conflict'),
    );
    const moved = await lab.call('PATCH', '/api/connections/openai', { origin: 'https://elsewhere.example' });
    assert.equal(moved['needsKey'], true);
    await assert.rejects(
      Promise.resolve().then(() => lab.gateway.services.credentials.resolve(lab.gateway.services.settings.get().connections[0]!)),
      code('credential_origin_changed'),
    );
    const given = await lab.call('PUT', '/api/connections/openai/key', { key: `${KEY}2` });
    assert.equal(given['needsKey'], false);
    await assert.rejects(
      lab.call('POST', '/api/connections', {
        name: 'thief',
        dialect: 'openai',
        origin: 'https://thief.example',
        credential: 'keychain:openai',
      }),
      code('forbidden'),
      'no connection is pointed at the key of another',
    );
    await lab.call('POST', '/api/connections', {
      name: 'cmd',
      dialect: 'openai',
      origin: 'https://api.openai.com',
      credential: 'command:["printf","a-secret-argument"]',
      headers: { set: { 'x-extra': 'a-secret-header' } },
    });
    const shown = JSON.stringify([
      await lab.plain('GET', '/api/connections'),
      await lab.plain('GET', '/api/settings'),
      await lab.plain('GET', '/api/diagnostics'),
      await lab.plain('GET', '/api/doctor'),
      ledgerLines(lab.directory),
    ]);
    for (const secret of [KEY, 'a-secret-argument', 'a-secret-header']) assert.ok(!shown.includes(secret), secret);
    await assert.rejects(
      lab.call('POST', '/api/connections', { name: 'Bad Name', dialect: 'openai', origin: 'https://a.example' }),
      code('invalid'),
    );
    await assert.rejects(
      lab.call('POST', '/api/connections', { name: 'x', dialect: 'openai', origin: 'https://a.example/path' }),
      code('invalid'),
    );
    await assert.rejects(
      lab.call('POST', '/api/connections', { name: 'x', dialect: 'openai', origin: 'file:///etc/passwd' }),
      code('invalid'),
    );
    await lab.call('DELETE', '/api/connections/cmd');
    await assert.rejects(lab.plain('GET', '/api/connections/cmd'), code('not_found'));
    await assert.rejects(lab.call('DELETE', '/api/connections/cmd'), code('not_found'));
  });

  it('agents: the key stands in one answer, its hash in none; rotate, revoke, remove', async () => {
    const { agent, key } = await lab.call<{ agent: { id: string }; key: string }>('POST', '/api/agents', {
      name: 'worker',
      scope: { connections: ['openai'], models: ['gpt-*'], operations: ['chat'] },
    });
    assert.match(key, /^sp_/);
    const listed = JSON.stringify([await lab.plain('GET', '/api/agents'), await lab.plain('GET', '/api/settings')]);
    assert.ok(!listed.includes(key) && !listed.includes('keyHash'));
    assert.equal((await lab.plain('GET', '/api/agents/worker'))['id'], agent.id, 'found by its name too');
    const rotated = await lab.call<{ key: string }>('POST', `/api/agents/${agent.id}/rotate`);
    assert.notEqual(rotated.key, key);
    await assert.rejects(lab.call('DELETE', `/api/agents/${agent.id}`), code('conflict'));
    await lab.call('POST', `/api/agents/${agent.id}/revoke`);
    await lab.call('DELETE', `/api/agents/${agent.id}`);
    await assert.rejects(lab.plain('GET', `/api/agents/${agent.id}`), code('not_found'));
    await assert.rejects(lab.call('POST', '/api/agents', { name: 'x', expiresAt: 'tomorrow' }), code('invalid'));
    assert.ok(!JSON.stringify(ledgerLines(lab.directory)).includes(key));
  });

  it('snippets: for each client, with the key from SALLYPORT_KEY', async () => {
    const { snippets, environment } = await lab.plain<{ snippets: { id: string; text: string }[]; environment: Record<string, string> }>(
      'GET',
      '/api/snippets?connection=openai',
    );
    assert.deepEqual(
      snippets.map((s) => s.id),
      ['langchain-python', 'langchain-js', 'openai-js', 'openai-python', 'curl'],
    );
    for (const { text } of snippets) assert.ok(text.includes('SALLYPORT_KEY') && text.includes(`${lab.gateway.address.baseUrl}/openai/v1`));
    assert.equal(environment['OPENAI_BASE_URL'], `${lab.gateway.address.baseUrl}/openai/v1`);
  });

  it('issuers: https, or loopback; replaced by url, removed by url', async () => {
    const issuer = {
      url: 'https://login.example.com',
      name: 'example',
      audience: 'urn:sallyport:gateway',
      algorithms: ['ES256'],
      clockSkewSeconds: 5,
      claims: { agent: 'sub', groups: 'groups' },
      requiredGroups: [],
    };
    await lab.call('PUT', '/api/issuers', issuer);
    await lab.call('PUT', '/api/issuers', { ...issuer, name: 'renamed' });
    const { issuers } = await lab.plain<{ issuers: { name: string }[] }>('GET', '/api/issuers');
    assert.deepEqual(
      issuers.map((i) => i.name),
      ['renamed'],
    );
    await assert.rejects(lab.call('PUT', '/api/issuers', { ...issuer, url: 'http://login.example.com' }), code('invalid'));
    await assert.rejects(lab.call('PUT', '/api/issuers', { ...issuer, algorithms: ['none'] }), code('invalid'));
    await lab.call('DELETE', `/api/issuers?url=${encodeURIComponent(issuer.url)}`);
    await assert.rejects(lab.call('DELETE', '/api/issuers?url=https://nobody.example'), code('not_found'));
  });

  it('settings: merged, validated, recorded; nothing else than settings', async () => {
    const { settings } = await lab.call<{ settings: { limits: Record<string, number> } }>('PATCH', '/api/settings', {
      limits: { scanBytes: 2_000_000 },
    });
    assert.equal(settings.limits['scanBytes'], 2_000_000);
    assert.ok(settings.limits['bodyBytes']! > 0, 'the rest stays');
    await assert.rejects(lab.call('PATCH', '/api/settings', { limits: { scanBytes: -1 } }), code('invalid'));
    await assert.rejects(lab.call('PATCH', '/api/settings', { agents: [] }), code('invalid'));
    await assert.rejects(lab.call('PATCH', '/api/settings', JSON.parse('{"limits":{"__proto__":{"x":1}}}')), code('invalid'));
    await assert.rejects(lab.call('PATCH', '/api/settings', {}), code('invalid'));
    assert.ok(ledgerLines(lab.directory).some((line) => line.kind === 'settings' && line.meta['what'] === 'settings'));
  });

  it('policies: validated with positions, saved, shown, removed; the preset; a backtest', async () => {
    const wrong = await lab.plain<{ ok: boolean; problems: { message: string; line?: number }[] }>('POST', '/api/policy/validate', {
      source: 'version: 1\nrules:\n  - id: x\n    match: { tol: shell }\n    then: block\n',
    });
    assert.equal(wrong.ok, false);
    assert.ok(wrong.problems[0]!.line !== undefined);
    const shipped = await lab.plain<{ policies: PolicySummary[] }>('GET', '/api/policies');
    assert.ok(shipped.policies.some((p) => p.source === 'preset' && p.active));
    const { source } = await lab.plain<{ source: string }>('GET', `/api/policies/${shipped.policies[0]!.name}`);
    assert.ok(source.includes('rules'));
    const before = (await lab.plain<{ revision: string }>('GET', '/api/policy')).revision;
    const draft = 'version: 1\nrules:\n  - id: no-sql\n    match: { tool: sql }\n    then: block\n';
    const checked = await lab.plain<{ ok: boolean; problems: unknown[] }>('POST', '/api/policy/validate', { source: draft });
    if (checked.ok) {
      const waiting = pending(lab, 'waits for a changed policy');
      const saved = await lab.call<PolicySummary>('PUT', '/api/policies/mine.yaml', { source: draft });
      assert.equal(saved.active, true);
      assert.notEqual((await lab.plain<{ revision: string }>('GET', '/api/policy')).revision, before);
      assert.equal((await waiting.settled).outcome, 'void', 'what waited under the old policy is void');
      await assert.rejects(lab.call('PUT', '/api/policies/mine.yaml', { source: draft, revision: 'other' }), code('conflict'));
      const report = await job<BacktestReport>(await lab.plain('POST', '/api/policy/backtest', { source: draft }));
      assert.equal(report.exchanges, 0);
      await lab.call('DELETE', '/api/policies/mine.yaml');
    } else {
      assert.fail(JSON.stringify(checked.problems));
    }
    await lab.call('PUT', '/api/policy/preset', { preset: 'strict' });
    assert.equal((await lab.plain<{ preset: string }>('GET', '/api/policy')).preset, 'strict');
    await lab.call('PUT', '/api/policy/preset', { preset: 'balanced' });
    await assert.rejects(lab.call('PUT', '/api/policy/preset', { preset: 'none' }), code('invalid'));
    assert.ok(ledgerLines(lab.directory).some((line) => line.kind === 'policy'));
  });

  it('approvals: only a person decides, what was looked at, once', async () => {
    const ticket = pending(lab);
    await written();
    const { id, version, code: short } = ticket.approval();
    const { approvals } = await lab.plain<{ approvals: Approval[] }>('GET', '/api/approvals?state=open');
    assert.ok(approvals.some((a) => a.id === id && a.code === short));
    await assert.rejects(lab.plain('POST', `/api/approvals/${id}/decision`, { version, decision: 'approve' }), code('person_required'));
    assert.equal(ticket.settlement, undefined, 'the attempt decided nothing');
    await assert.rejects(
      lab.call('POST', `/api/approvals/${id}/decision`, { version: version + 5, decision: 'approve' }),
      code('conflict'),
    );
    const done = await lab.call<Approval>('POST', `/api/approvals/${id}/decision`, { version, decision: 'approve' });
    assert.equal(done.state, 'approved');
    assert.equal((await ticket.settled).outcome, 'approved');
    await assert.rejects(lab.call('POST', `/api/approvals/${id}/decision`, { version, decision: 'deny' }), code('conflict'));
    await assert.rejects(lab.call('GET', '/api/approvals/ap_none'), code('not_found'));
  });

  it('approvals: many denied at once, with a reason; each with its own outcome; a denial can be cleared', async () => {
    const tickets = ['one', 'two', 'three'].map((text) => pending(lab, text));
    const items = tickets.map((t) => ({ id: t.approval().id, version: t.approval().version }));
    await lab.call('POST', `/api/approvals/${items[0]!.id}/decision`, { version: items[0]!.version, decision: 'approve' });
    const { results } = await lab.call<{ results: { id: string; ok: boolean; code?: string }[] }>('POST', '/api/approvals/deny', {
      items,
      reason: 'not today',
    });
    assert.deepEqual(
      results.map((r) => r.ok),
      [false, true, true],
    );
    assert.equal(results[0]!.code, 'conflict');
    assert.equal((await tickets[1]!.settled).reason, 'not today');
    assert.equal((await pending(lab, 'two').settled).outcome, 'denied', 'a retry is denied without asking');
    await lab.call('POST', `/api/approvals/${items[1]!.id}/clear-denial`);
    assert.equal(pending(lab, 'two').settlement, undefined, 'asked anew');
    const quality = await lab.plain<{ denied: number }>('GET', '/api/approvals/quality');
    assert.ok(quality.denied >= 2);
  });

  it('grants: a shape is approved, used, listed, revoked', async () => {
    const ticket = pending(lab, 'git status');
    const { id, version } = ticket.approval();
    const { pattern } = await lab.plain<{ pattern: string }>('GET', `/api/approvals/${id}/pattern`);
    assert.ok(pattern.includes('git status'));
    await lab.call('POST', `/api/approvals/${id}/decision`, {
      version,
      decision: 'approve',
      grant: { pattern: pattern.replace('git status', 'git *'), minutes: 5 },
    });
    const { grants } = await lab.plain<{ grants: Grant[] }>('GET', '/api/grants');
    assert.equal(grants.length, 1);
    assert.equal((await pending(lab, 'git log').settled).via, 'grant');
    await assert.rejects(lab.plain('DELETE', `/api/grants/${grants[0]!.id}`), code('person_required'));
    await lab.call('DELETE', `/api/grants/${grants[0]!.id}`);
    assert.equal(pending(lab, 'git pull').settlement, undefined);
  });

  it('verify: a job with a report', async () => {
    const report = await job<{ ok: boolean; records: number }>(await lab.plain('POST', '/api/verify', {}));
    assert.equal(report.ok, true);
    assert.ok(report.records > 10);
  });

  it('first run, doctor, demo state, diagnostics and backup say what they should', async () => {
    const first = await lab.plain<{ connections: number; agents: number; done: boolean }>('GET', '/api/first-run');
    assert.deepEqual([first.connections, first.agents, first.done], [1, 0, false]);
    const { checks } = await lab.plain<{ checks: { id: string; ok: boolean }[] }>('GET', '/api/doctor');
    assert.equal(checks.find((c) => c.id === 'recording')?.ok, true);
    assert.equal((await lab.plain<{ open: boolean }>('GET', '/api/demo')).open, false);
    const backup = await lab.call<{ filename: string; document: object }>('POST', '/api/backup', {});
    assert.ok(!JSON.stringify(backup).includes(KEY));
    const tried = await lab.call<{ restored: string[]; missing: string[] }>('POST', '/api/restore', {
      document: backup.document,
      dryRun: true,
    });
    assert.ok(tried.restored.length > 0);
  });

  it('lines that the doctor took out are kept, read by a person alone, recorded, forgotten', async () => {
    const path = '/api/doctor/kept/0123456789';
    await lab.call('PUT', path, { value: `OPENAI_API_KEY=${KEY}` });
    await assert.rejects(lab.plain('POST', `${path}/read`), code('person_required'));
    assert.equal((await lab.call<{ value: string }>('POST', `${path}/read`)).value, `OPENAI_API_KEY=${KEY}`);
    assert.ok(ledgerLines(lab.directory).some((line) => line.kind === 'reveal' && line.meta['what'] === 'doctor-undo'));
    await lab.call('DELETE', path);
    await assert.rejects(lab.call('POST', `${path}/read`), code('not_found'));
    await assert.rejects(lab.call('PUT', '/api/doctor/kept/..%2Fvault', { value: 'x' }), code('not_found'));
    assert.ok(!JSON.stringify(ledgerLines(lab.directory)).includes(KEY));
  });
});
