import assert from 'node:assert/strict';
import { randomBytes, randomInt } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { type Idp, startIdp } from '../../scripts/demo/idp.js';
import { findIn, readAll } from '../support/canaries.js';
import { type Lab, startLab } from '../support/gateway.js';
import { trusted } from '../support/settings.js';

const alphanumeric = (n: number) =>
  randomBytes(n * 2)
    .toString('base64')
    .replace(/[^A-Za-z0-9]/g, '')
    .slice(0, n);

function luhn(prefix: string): string {
  const digits = prefix + Array.from({ length: 15 - prefix.length }, () => randomInt(10)).join('');
  let sum = 0;
  for (const [i, d] of [...digits].reverse().entries()) sum += i % 2 ? Number(d) : Number(d) * 2 > 9 ? Number(d) * 2 - 9 : Number(d) * 2;
  return digits + ((10 - (sum % 10)) % 10);
}

function iban(): string {
  const account = `00762${Array.from({ length: 12 }, () => randomInt(10)).join('')}`;
  const check = 98n - (BigInt(`${account}121700`) % 97n);
  return `CH${String(check).padStart(2, '0')}${account}`;
}

/** New at each run, so that nothing can know them. */
const secrets = {
  'OpenAI key': `sk-proj-${alphanumeric(48)}`,
  'GitHub token': `ghp_${alphanumeric(36)}`,
  'Slack token': `xoxb-${randomInt(1e11, 9e11)}-${randomInt(1e11, 9e11)}-${alphanumeric(24)}`,
};
const personal = {
  mail: `lena.${alphanumeric(8).toLowerCase()}@brunnhof-ag.ch`,
  card: luhn('4539'),
  iban: iban(),
  ssn: `${randomInt(234, 566)}-${randomInt(11, 79)}-${randomInt(1001, 9999)}`,
  phone: `+41 44 668 ${randomInt(10, 99)} ${randomInt(10, 99)}`,
};

describe('canaries: planted values are nowhere but where they belong', () => {
  let lab: Lab;
  let idp: Idp;
  let token = '';
  before(async () => {
    idp = await startIdp();
    token = await idp.agentToken();
    lab = await startLab({
      settings: (settings) => {
        settings.issuers = [trusted(idp)];
      },
    });
  });
  after(async () => {
    await lab?.close();
    await idp?.close();
  });

  const letter = `My mail is ${personal.mail}, phone ${personal.phone}, my credit card is ${personal.card}, IBAN ${personal.iban}, social security number ${personal.ssn}.`;
  const leak = `The OpenAI API key is ${secrets['OpenAI key']}, the GitHub token ${secrets['GitHub token']} and Slack ${secrets['Slack token']}.`;

  it('traffic of every kind carries them', async () => {
    const openai = new OpenAI({ baseURL: lab.openai, apiKey: lab.key, maxRetries: 0 });
    const anthropic = new Anthropic({ baseURL: lab.anthropic, apiKey: token, maxRetries: 0 });
    const chat = (content: string, more: object = {}) =>
      openai.chat.completions.create({ model: 'gpt-4o', messages: [{ role: 'user', content }], ...more } as never).catch((e: Error) => e);
    const message = (content: string) => ({ model: 'claude-sonnet-5', max_tokens: 999, messages: [{ role: 'user' as const, content }] });
    for (const text of [letter, leak]) {
      await chat(`[[echo]] ${text}`);
      for await (const _ of (await chat(`[[bytes 3]] [[echo]] ${text}`, { stream: true })) as unknown as AsyncIterable<unknown>);
      await anthropic.messages.stream(message(`[[echo]] ${text}`)).finalMessage();
      await anthropic.messages.create(message(`[[think about it]] [[say ok]] ${text}`));
      await openai.responses.create({ model: 'gpt-4o', store: false, input: `[[echo]] ${text}` });
      await openai.embeddings.create({ model: 'text-embedding-3-small', input: text });
      await chat(`[[error 500]] ${text}`);
      await chat(`[[broken-json]] [[echo]] ${text}`);
      await chat(`[[wrong-type]] [[echo]] ${text}`);
      await chat(`[[tokens 30]] [[cut 9]] ${text}`, { stream: true }).then(async (s) => {
        try {
          for await (const _ of s as unknown as AsyncIterable<unknown>);
        } catch {
          // it was cut, as asked
        }
      });
      await chat(`[[tool send ${JSON.stringify({ to: personal.mail, text: 'hi' })}]] ${text}`, { stream: true });
    }
    // The answer brings up what no agent sent.
    await chat(`[[echo]] done`);
    // Refused in all ways.
    const wrong = `sp_${alphanumeric(43)}`;
    Object.assign(secrets, { 'wrong agent key': wrong });
    await fetch(`${lab.openai}/chat/completions?user=${encodeURIComponent(personal.mail)}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${wrong}`, 'content-type': 'application/json', 'user-agent': `agent of ${personal.mail}` },
      body: letter,
    });
    await fetch(`${lab.openai}/chat/completions`, { method: 'POST', headers: { authorization: `Bearer ${lab.key}` }, body: letter });
    await fetch(`${lab.baseUrl}/${secrets['OpenAI key']}/v1/x`, {
      method: 'POST',
      headers: { authorization: `Bearer ${lab.key}` },
      body: '{}',
    });
    assert.ok(lab.provider.log.total > 15);
  });

  it('what was masked did not reach the provider, nor did any credential of the agent', () => {
    const received = new Map(
      lab.provider.log.entries.map((e) => [
        `request ${e.id} ${e.path}`,
        Buffer.concat([e.body, Buffer.from(JSON.stringify([e.path, e.rawHeaders]))]),
      ]),
    );
    assert.deepEqual(findIn(received, { ...personal, ...secrets, 'agent key': lab.key, token }), []);
    assert.ok(lab.provider.log.entries.every((e) => e.key === 'right' && !e.agentKeySeen));
  });

  it('nothing of it is in what the control API and the CLI show', async () => {
    const shown = new Map<string, Buffer>();
    for (const row of await lab.exchanges()) shown.set(`exchange ${row.id}`, Buffer.from(JSON.stringify(await lab.exchange(row.id))));
    for (const path of [
      '/api/sessions',
      '/api/approvals',
      '/api/settings',
      '/api/agents',
      '/api/connections',
      '/api/diagnostics',
      '/api/status',
    ])
      shown.set(path, Buffer.from(JSON.stringify(await lab.call('GET', path))));
    const [session] = await lab.sessions();
    for (const args of [
      ['sessions', '--json'],
      ['show', session!.id],
      ['status', '--json'],
      ['agents', 'list'],
    ]) {
      const { stdout, stderr } = await lab.cli(args);
      shown.set(`sallyport ${args.join(' ')}`, Buffer.from(stdout + stderr));
    }
    const hidden = { ...personal, ...secrets, 'agent key': lab.key, token, 'provider key': lab.provider.apiKey };
    assert.deepEqual(findIn(shown, hidden), []);
  });

  it('nothing of it is in an export of any format, or in a backup with and without our own secrets', async () => {
    const given = new Map<string, Buffer>();
    const directory = mkdtempSync(join(tmpdir(), 'sallyport-canary-'));
    for (const format of ['sally', 'jsonl', 'har', 'otlp', 'markdown']) {
      const output = join(directory, `all.${format}`);
      const { code, stderr } = await lab.cli(['export', '--search', '', '--format', format, '--output', output]);
      assert.equal(code, 0, stderr);
      given.set(format, readFileSync(output));
    }
    rmSync(directory, { recursive: true });
    for (const body of [{}, { passphrase: 'a passphrase for backups' }])
      given.set(`backup ${Object.keys(body)}`.trim(), Buffer.from(JSON.stringify(await lab.call('POST', '/api/backup', body))));
    assert.match(given.get('markdown')!.toString(), /My mail is/, 'there is something to look into');
    assert.match(given.get('backup')!.toString(), /LAB_PROVIDER_KEY/);
    const hidden = { ...personal, ...secrets, 'agent key': lab.key, token, 'provider key': lab.provider.apiKey };
    assert.deepEqual(findIn(given, hidden), []);
  });

  it('nothing of it is in the data directory or the output, while it runs and after it stopped', async () => {
    const hidden = { ...personal, ...secrets, 'agent key': lab.key, token, 'provider key': lab.provider.apiKey };
    const look = () => findIn(new Map([...readAll(lab.directory), ['its output', Buffer.from(lab.output())]]), hidden);
    assert.deepEqual(look(), []);
    await lab.stop();
    assert.deepEqual(look(), []);
    assert.ok(
      [...readAll(lab.directory).keys()].some((f) => f.startsWith('ledger/')),
      'there is a ledger to look into',
    );
  });

  it('and the search itself finds what is there', () => {
    const value = 'lena.k@brunnhof-ag.ch';
    for (const hidden of [
      value,
      Buffer.from(`xy${value}z`).toString('base64'),
      Buffer.from(value).toString('hex'),
      encodeURIComponent(value),
    ])
      assert.deepEqual(findIn(new Map([['x', Buffer.from(`..${hidden}..`)]]), { value }), ['x: value'], hidden);
  });
});
