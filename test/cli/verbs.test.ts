import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Approval } from '../../proxy/contract/index.js';
import type { LedgerEvent, SessionDetail, SessionRow } from '../../proxy/ledger/index.js';
import { ledgerLines } from '../control/ledger-lines.js';
import { pending } from '../control/pending.js';
import { type Lab, PASSPHRASE, startLab } from '../control/support.js';
import { type Given, sallyport } from './support.js';

const EVIL = 'Say hello \u001b[2J\u202e to jane@acme.com';

describe('the verbs, over a running gateway', () => {
  let lab: Lab;
  const run = (args: string[], given: Given = {}) => sallyport(['--data', lab.directory, ...args], given);
  const asPerson = (): Given => ({ env: { SALLYPORT_PERSON: lab.capability } });
  before(async () => {
    lab = await startLab({ demo: true });
    await lab.plain('POST', '/api/persons/passphrase', { passphrase: PASSPHRASE });
    const { key, connections } = lab.gateway.demo!;
    const connection = lab.gateway.services.settings.get().connections.find((c) => c.dialect === 'openai')!;
    assert.ok(connections.includes(connection.name));
    const sent = fetch(`${lab.gateway.address.baseUrl}/${connection.name}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'gpt-4o-mini', messages: [{ role: 'user', content: EVIL }] }),
    });
    // Invisible characters are asked about by the balanced preset: a person approves, by the verb.
    for (let waiting: Approval[] = []; waiting.length === 0; ) {
      waiting = (await run(['approvals', '--json'])).json<{ approvals: Approval[] }>().approvals;
      if (waiting.length > 0) assert.equal((await run(['approvals', 'approve', waiting[0]!.id], asPerson())).code, 0);
    }
    const res = await sent;
    assert.equal(res.status, 200, await res.text());
  });
  after(() => lab.close());

  /** An approval is listed once its own record is durable; a later record of ours is behind it. */
  const written = () => lab.gateway.services.acts.record({ kind: 'settings', meta: { what: 'test' } });
  const newest = async (): Promise<SessionRow> => {
    for (;;) {
      const { sessions } = (await run(['sessions', '--json'])).json<{ sessions: SessionRow[] }>();
      // The approvals that the tests make up stand in a session of their own.
      const real = sessions.find((row) => row.id !== 'se_test');
      if (real !== undefined && !real.open) return real;
      await new Promise((done) => setTimeout(done, 50));
    }
  };

  it('status: for people and as JSON', async () => {
    const human = await run(['status']);
    assert.equal(human.code, 0, human.err);
    assert.match(human.out, /listening/);
    assert.ok(human.out.includes(lab.gateway.address.baseUrl));
    assert.equal((await run(['status', '--json'])).json()['state'], 'listening');
    const none = await sallyport(['--data', '/nonexistent/place', 'status']);
    assert.equal(none.code, 3);
    assert.match(none.err, /sallyport serve/);
  });

  it('teaches: every verb has help with a description, wrong usage is exit 2 with a suggestion', async () => {
    const help = await run(['--help']);
    assert.equal(help.code, 0);
    for (const verb of [...help.out.matchAll(/^ {2}([a-z]+)(?: |\n)/gm)]
      .map((m) => m[1]!)
      .filter((v) => v !== 'help' && v !== 'sallyport')) {
      const own = await run([verb, '--help']);
      assert.equal(own.code, 0, verb);
      assert.match(own.out, /Usage: sallyport/, verb);
      assert.ok(own.out.split('\n').length > 4, verb);
    }
    const wrong = await run(['statsu']);
    assert.equal(wrong.code, 2);
    assert.match(wrong.err, /status/);
    assert.equal((await run(['sessions', '--limit', 'many'])).code, 2);
    assert.equal((await run(['show', 'se_none'])).code, 5);
    assert.match((await run(['--version'])).out, /^\d+\.\d+\.\d+/);
  });

  it('sessions, show, replay: harmless on a terminal, whatever was said', async () => {
    const row = await newest();
    const list = await run(['sessions'], { terminal: true });
    assert.ok(list.out.includes(row.id));
    const shown = await run(['show', row.id]);
    const detail = (await run(['show', row.id, '--json'])).json<SessionDetail>();
    const exchange = detail.exchangesList[0]!.id;
    assert.ok(shown.out.includes(exchange));
    const one = await run(['show', exchange, '--raw']);
    assert.match(one.out, /arrival/);
    assert.match(one.out, /EMAIL_ADDRESS_/);
    const replayed = await run(['replay', row.id, '--speed', '0']);
    assert.equal(replayed.code, 0, replayed.err);
    assert.match(replayed.out, /arrival[\s\S]* asks [\s\S]* answer [\s\S]*end/);
    assert.ok(!/^data: |"choices"/m.test(replayed.out), 'text, not the bytes that it came in');
    const bytes = await run(['replay', row.id, '--speed', '0', '--raw']);
    assert.match(bytes.out, /"choices"/);
    for (const text of [list.out.replaceAll(/\u001b\[\d+m/g, ''), shown.out, one.out, replayed.out, bytes.out]) {
      assert.ok(!/[\u001b\u202e\u009b]/.test(text));
      assert.ok(!text.includes('jane@acme.com'));
    }
    const lines = (await run(['replay', row.id, '--speed', '0', '--json'])).out
      .trim()
      .split('\n')
      .map((l) => JSON.parse(l) as LedgerEvent);
    assert.equal(lines[0]!.kind, 'arrival');
    assert.equal((await run(['replay', row.id, '--speed', 'fast'])).code, 2);
  });

  it('show --reveal: refused and recorded without a person, recorded with one', async () => {
    const { id } = await newest();
    const refused = await run(['show', id, '--reveal']);
    assert.equal(refused.code, 4);
    assert.match(refused.err, /recorded/);
    const before = ledgerLines(lab.directory).filter((l) => l.kind === 'attempt').length;
    assert.ok(before > 0);
    const revealed = await run(['show', id, '--reveal', '--json'], asPerson());
    assert.equal(revealed.code, 0, revealed.err);
    assert.match(revealed.out, /jane@acme\.com/);
    assert.ok(ledgerLines(lab.directory).some((l) => l.kind === 'reveal'));
  });

  it('mark, retention, reindex: what a person says about a session is kept, shown, and refused without a person', async () => {
    const { id } = await newest();
    assert.equal((await run(['mark', id, '--star'])).code, 4);
    assert.equal((await run(['mark', id], asPerson())).code, 2);
    const marked = await run(
      ['mark', id, '--title', 'The case', '--label', 'audit', 'q1', '--star', '--hold', '--note', 'look here'],
      asPerson(),
    );
    assert.equal(marked.code, 0, marked.err);
    assert.match(marked.out, /The case {2}\(★, legal hold, audit, q1\)/);
    const held = await run(['forget', id, '--yes'], asPerson());
    assert.match(held.err, /legal hold/);
    const plain = await run(['mark', id, '--unlabel', 'q1', '--no-hold', '--no-star'], asPerson());
    assert.match(plain.out, /The case {2}\(audit\)/);
    const shown = (await run(['show', id])).out;
    assert.match(shown, /The case[\s\S]*audit[\s\S]*look here/);
    const dry = await run(['retention'], asPerson());
    assert.match(dry.out, /Would remove 0 segments/);
    const indexed = await run(['reindex'], asPerson());
    assert.equal(indexed.code, 0, indexed.err);
    assert.match(indexed.out, /built anew/);
    assert.match((await run(['sessions'])).out, /The case/);
  });

  it('verify: exit 0 when nothing was changed', async () => {
    const verified = await run(['verify', '--json']);
    assert.equal(verified.code, 0, verified.out);
    assert.equal(verified.json()['ok'], true);
    assert.match((await run(['verify'])).out, /verified/);
    assert.equal((await run(['verify', '--from', 'x'])).code, 2);
  });

  it('export: in every format, verified as a bundle without a gateway, and a changed bundle is found', async () => {
    const { id } = await newest();
    for (const format of ['sally', 'jsonl', 'har', 'otlp', 'markdown']) {
      const file = join(lab.directory, `out.${format}`);
      const done = await run(['export', id, '-f', format, '-o', file]);
      assert.equal(done.code, 0, `${format}: ${done.err}`);
      const text = readFileSync(file, 'utf8');
      assert.ok(text.length > 100 && !text.includes('jane@acme.com'), format);
      assert.equal(statSync(file).mode & 0o777, 0o600);
    }
    const bundle = join(lab.directory, 'out.sally');
    const verified = await sallyport(['--data', '/nonexistent', 'verify', bundle]);
    assert.equal(verified.code, 0, verified.out + verified.err);
    const text = readFileSync(bundle, 'utf8');
    const at = text.indexOf('"arrival') > 0 ? text.indexOf('"arrival') + 2 : text.indexOf('arrival') + 1;
    writeFileSync(bundle, `${text.slice(0, at)}R${text.slice(at + 1)}`);
    assert.notEqual((await sallyport(['--data', '/nonexistent', 'verify', bundle])).code, 0);
    assert.equal((await run(['verify', join(lab.directory, 'settings.json')])).code, 2);
    assert.equal((await run(['export', id, '--originals'])).code, 4);
    assert.equal((await run(['export'])).code, 2);
    assert.equal((await run(['export', 'se_none', '-o', '-'])).code, 5);
  });

  it('approvals: an agent that runs the verb is refused, nothing is decided, and the attempt is on record', async () => {
    const ticket = pending(lab, 'rm -rf ~/agent');
    const { id } = ticket.approval();
    for (const given of [{}, { env: { SALLYPORT_PERSON: 'a'.repeat(43) } }, { env: { SALLYPORT_KEY: lab.gateway.demo!.key } }]) {
      const refused = await run(['approvals', 'approve', id], given);
      assert.equal(refused.code, 4, refused.out + refused.err);
    }
    assert.equal(ticket.settlement, undefined);
    assert.equal((await run(['approvals', 'show', id, '--json'])).json<Approval>().state, 'pending');
    assert.ok(ledgerLines(lab.directory).some((l) => l.kind === 'attempt' && String(l.meta['what']).includes('decision')));
  });

  it('approvals: list, show, approve by code, deny with a reason', async () => {
    const ticket = pending(lab, 'git push\u001b[2J');
    const { id, code } = ticket.approval();
    await written();
    assert.ok((await run(['approvals'])).out.includes(id));
    const shown = await run(['approvals', 'show', id]);
    assert.match(shown.out, /Deletes ~\/work/);
    assert.ok(!shown.out.includes('\u001b'));
    assert.equal((await run(['approvals', 'approve', id, '--code', 'WRONG1'], asPerson())).code, 2);
    assert.equal(ticket.settlement, undefined);
    const approved = await run(['approvals', 'approve', id, '--code', code.toLowerCase()], asPerson());
    assert.equal(approved.code, 0, approved.err);
    assert.equal((await ticket.settled).outcome, 'approved');
    const other = pending(lab, 'git reset --hard');
    const denied = await run(['approvals', 'deny', other.approval().id, '--reason', 'not now'], asPerson());
    assert.equal(denied.code, 0, denied.out);
    assert.equal((await other.settled).reason, 'not now');
    assert.equal((await run(['approvals', 'deny'], asPerson())).code, 2);
  });

  it('asks for the passphrase on a terminal, three times at most, and gives the capability back', async () => {
    const ticket = pending(lab, 'make deploy');
    const asked: string[] = [];
    const done = await run(['approvals', 'deny', ticket.approval().id], { answers: ['wrong', PASSPHRASE], asked });
    assert.equal(done.code, 0, done.err);
    assert.deepEqual(asked, ['Passphrase: ', 'Passphrase: ']);
    assert.equal((await ticket.settled).outcome, 'denied');
    const piped = await run(['--passphrase-stdin', 'agents', 'add', 'piped'], { stdin: `${PASSPHRASE}\n` });
    assert.match(piped.out, /sp_/);
  });

  it('approvals watch: an inbox; what is dangerous is approved by typing its code', async () => {
    for (const { id } of (await run(['approvals', '--json'])).json<{ approvals: Approval[] }>().approvals)
      await run(['approvals', 'deny', id], asPerson());
    const one = pending(lab, 'watch one', {
      demand: { groups: [], minimum: 1, separateApprover: false, expiresInSeconds: 600, mustOpen: true },
    });
    // What expires first is asked first.
    const later = (seconds: number) => ({
      demand: { groups: [], minimum: 1, separateApprover: false, expiresInSeconds: seconds, mustOpen: false },
    });
    const two = pending(lab, 'watch two', later(900));
    const three = pending(lab, 'watch three', later(1200));
    await written();
    const watched = await run(['approvals', 'watch'], {
      ...asPerson(),
      answers: ['a', 'nonsense', 'a', one.approval().code, 'd', 'too risky', 'q'],
    });
    assert.equal(watched.code, 0, watched.err);
    assert.equal((await one.settled).outcome, 'approved');
    assert.equal((await two.settled).reason, 'too risky');
    assert.equal(three.settlement, undefined, 'quitting decides nothing');
  });

  it('login: a shell that asks once, and forgets at its end', async () => {
    const asked: string[] = [];
    const session = await run(['login'], {
      answers: [PASSPHRASE, 'agents add from-shell --expires 1h', 'agents revoke from-shell', 'agents --all', '"open', 'exit'],
      asked,
    });
    assert.equal(session.code, 0, session.err);
    assert.equal(asked.filter((question) => question.startsWith('Passphrase')).length, 1);
    assert.match(session.out, /from-shell[\s\S]*revoked/);
    assert.match(session.err, /quote is not closed/);
    const none = await run(['login']);
    assert.equal(none.code, 4);
  });

  it('connections and agents: added, listed, tested, removed; a key never on the command line', async () => {
    const origin = lab.gateway.services.settings.get().connections[0]!.origin;
    const added = await run(['connections', 'add', 'second', '--dialect', 'openai', '--origin', origin, '--key-stdin'], {
      ...asPerson(),
      stdin: 'a-key-of-ours\n',
    });
    assert.equal(added.code, 0, added.err);
    assert.equal(
      await lab.gateway.services.credentials.resolve(lab.gateway.services.settings.get().connections.find((c) => c.name === 'second')!),
      'a-key-of-ours',
    );
    assert.match((await run(['connections'])).out, /second +openai +keychain:second/);
    const tested = await run(['connections', 'test', 'second', '--json']);
    assert.equal(tested.code, tested.json()['ok'] === true ? 0 : 1);
    assert.equal((await run(['connections', 'add', 'third'], asPerson())).code, 2);
    assert.equal((await run(['connections', 'add', 'openai', '--key', 'x'], asPerson())).code, 2, 'there is no such option');
    assert.equal((await run(['connections', 'remove', 'second'], asPerson())).code, 0);
    assert.equal((await run(['connections', 'add', 'ollama'], asPerson())).code, 0, 'needs no key');
    assert.equal((await run(['connections', 'add', 'gemini', '--credential', 'env:GEMINI_API_KEY'], asPerson())).code, 0);
    assert.match(
      (await run(['connections', 'add', 'azure', '--credential', 'none'], asPerson())).err,
      /--origin https:\/\/RESOURCE\.openai/,
    );
    const azure = [
      'connections',
      'add',
      'azure',
      '--origin',
      'https://r.openai.azure.com/openai/v1',
      '--credential',
      'env:AZURE_OPENAI_API_KEY',
    ];
    assert.equal((await run(azure, asPerson())).code, 0);
    assert.deepEqual(
      lab.gateway.services.settings
        .get()
        .connections.filter((c) => ['ollama', 'gemini', 'azure'].includes(c.name))
        .map(({ name, origin, pathPrefix, credential, credentialHeader }) => [
          name,
          origin,
          pathPrefix,
          credential,
          credentialHeader?.name,
        ]),
      [
        ['ollama', 'http://127.0.0.1:11434', '', 'none', undefined],
        ['gemini', 'https://generativelanguage.googleapis.com', '/v1beta/openai', 'env:GEMINI_API_KEY', undefined],
        ['azure', 'https://r.openai.azure.com', '/openai', 'env:AZURE_OPENAI_API_KEY', 'api-key'],
      ],
    );
    for (const name of ['ollama', 'gemini', 'azure']) assert.equal((await run(['connections', 'remove', name], asPerson())).code, 0);
    assert.equal((await run(['connections', 'remove', 'second'], asPerson())).code, 5);
    const agent = (await run(['agents', 'add', 'cli-agent', '--models', 'gpt-*', '--expires', '1d', '--json'], asPerson())).json<{
      key: string;
      agent: { id: string };
    }>();
    assert.match(agent.key, /^sp_/);
    assert.equal((await run(['agents', 'rotate', 'cli-agent'], asPerson())).code, 0);
    assert.equal((await run(['agents', 'revoke', 'cli-agent'], asPerson())).code, 0);
    assert.ok(!(await run(['agents'])).out.includes('cli-agent'));
    assert.equal((await run(['agents', 'revoke', 'nobody'], asPerson())).code, 5);
  });

  it('env: points here, switches off what is known, and prints a key only when told to mint one', async () => {
    const plain = await run(['env']);
    assert.match(plain.out, /^export OPENAI_BASE_URL='http:\/\/127\.0\.0\.1:\d+\/[\w-]+\/v1'$/m);
    assert.match(plain.out, /^export OPENAI_API_KEY="\$SALLYPORT_KEY"$/m);
    assert.match(plain.out, /OPENAI_AGENTS_DISABLE_TRACING/);
    assert.ok(!plain.out.includes('sp_'));
    const minted = await run(['env', '--mint', 'notebook', '--expires', '2h', '--json'], asPerson());
    assert.match(String(minted.json()['OPENAI_API_KEY']), /^sp_/);
    assert.equal((await run(['env', '--mint', 'other'])).code, 4);
    assert.match((await run(['env', '--shell', 'fish'])).out, /^set -gx /m);
    assert.match((await run(['env', '--shell', 'dotenv'])).out, /^OPENAI_API_KEY=\$\{SALLYPORT_KEY\}$/m);
    assert.equal((await run(['env', '--shell', 'csh'])).code, 2);
  });

  it('policies: list, show, validate with positions, explain', async () => {
    assert.match((await run(['policies'])).out, /balanced +preset +yes/);
    assert.match((await run(['policies', 'show', 'balanced'])).out, /rules/);
    const wrong = await run(['policies', 'validate', '-'], {
      stdin: 'version: 1\nrules:\n  - id: x\n    match: { tol: sql }\n    then: block\n',
    });
    assert.equal(wrong.code, 1);
    assert.match(wrong.out, /-:\d+:\d+ +error/);
    const { exchangesList } = (await run(['show', (await newest()).id, '--json'])).json<SessionDetail>();
    const explained = await run(['explain', exchangesList[0]!.id]);
    assert.equal(explained.code, 0, explained.err);
    assert.match(explained.out, /mask/);
    assert.equal((await run(['policies', 'preset', 'lax'], asPerson())).code, 2);
  });

  it('doctor: finds, moves to the keychain, puts back byte for byte; knows ways around', async () => {
    const project = join(lab.directory, 'project');
    mkdirSync(project);
    const secret = 'sk-proj-abcdefghijklmnopqrstuvwxyz0123456789';
    const file = join(project, '.env');
    writeFileSync(file, `# mine\r\nANTHROPIC_API_KEY='sk-ant-REDACTED-abcdefghijklmnopqrst'\r\nOPENAI_API_KEY=${secret}`, { mode: 0o640 });
    writeFileSync(join(project, 'package.json'), '{"dependencies":{"ollama":"1"}}');
    const original = readFileSync(file);
    const given = { ...asPerson(), cwd: project };
    given.env = { ...given.env, HOME: project };
    const found = await run(['doctor', '--json'], given);
    assert.equal(found.code, 1);
    assert.ok(!found.out.includes(secret));
    const findings = found.json<{ keys: { name: string }[]; waysAround: { id: string }[] }>();
    assert.deepEqual(
      findings.keys.map((k) => k.name),
      ['ANTHROPIC_API_KEY', 'OPENAI_API_KEY'],
    );
    assert.ok(findings.waysAround.some((w) => w.id === 'ollama-host'));
    assert.equal((await run(['doctor', '--fix'], { ...given, answers: ['n', 'n'] })).code, 0);
    assert.deepEqual(readFileSync(file), original, 'a no is a no');
    const moved = await run(['doctor', '--fix', '--yes'], given);
    assert.equal(moved.code, 0, moved.err);
    assert.ok(!moved.out.includes(secret) && !moved.err.includes(secret));
    assert.ok(!readFileSync(file, 'utf8').includes('sk-'));
    assert.equal(statSync(file).mode & 0o777, 0o640);
    const undone = await run(['doctor', '--undo', '--json'], given);
    assert.equal(undone.code, 0, undone.err);
    assert.deepEqual(
      undone.json<{ undone: { exact: boolean }[] }>().undone.map((u) => u.exact),
      [true, true],
    );
    assert.deepEqual(readFileSync(file), original);
    assert.equal((await run(['doctor', '--undo'], given)).code, 5);
    assert.ok(!JSON.stringify(ledgerLines(lab.directory)).includes(secret));
  });

  it('freeze needs nobody, resume a person', async () => {
    assert.equal((await run(['freeze'])).code, 0);
    assert.equal((await run(['resume'])).code, 4);
    assert.equal((await run(['resume'], asPerson())).code, 0);
  });

  it("forget asks for the id, and is a person's act", async () => {
    const { id } = await newest();
    assert.equal((await run(['forget', id])).code, 2);
    assert.equal((await run(['forget', id], { ...asPerson(), answers: ['no'] })).code, 2);
    assert.equal((await run(['forget', id, '--yes'])).code, 4);
  });

  it('prints errors as JSON when JSON is wanted', async () => {
    const failed = await run(['show', 'se_none', '--json']);
    assert.equal(failed.code, 5);
    assert.equal(failed.json<{ error: { code: string } }>().error.code, 'not_found');
    assert.ok(existsSync(lab.directory));
  });
});
