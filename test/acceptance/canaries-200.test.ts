import assert from 'node:assert/strict';
import { randomBytes, randomInt } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { findIn, readAll } from '../support/canaries.js';
import { type Lab, startLab } from '../support/gateway.js';

const letters = (n: number): string =>
  randomBytes(n * 3)
    .toString('base64')
    .replace(/[^A-Za-z0-9]/g, '')
    .slice(0, n);
const digits = (n: number): string => Array.from({ length: n }, () => randomInt(10)).join('');

function card(): string {
  const body = `4539${digits(11)}`;
  let sum = 0;
  for (const [i, d] of [...body].reverse().entries()) sum += i % 2 ? Number(d) : Number(d) * 2 > 9 ? Number(d) * 2 - 9 : Number(d) * 2;
  return body + ((10 - (sum % 10)) % 10);
}
function iban(): string {
  const account = `00762${digits(12)}`;
  return `CH${String(98n - (BigInt(`${account}121700`) % 97n)).padStart(2, '0')}${account}`;
}

/** Eight kinds, 25 of each, new at each run: the sentence that a person would write, and the value. */
const KINDS: Record<string, () => [said: string, value: string]> = {
  openai: () => {
    const key = `sk-proj-${letters(48)}`;
    return [`the OpenAI API key is ${key}`, key];
  },
  github: () => {
    const key = `ghp_${letters(36)}`;
    return [`the GitHub token is ${key}`, key];
  },
  slack: () => {
    const key = `xoxb-${randomInt(1e11, 9e11)}-${randomInt(1e11, 9e11)}-${letters(24)}`;
    return [`the Slack token is ${key}`, key];
  },
  mail: () => {
    const mail = `lena.${letters(10).toLowerCase()}@brunnhof-ag.ch`;
    return [`my mail is ${mail}`, mail];
  },
  card: () => {
    const number = card();
    return [`my credit card is ${number}`, number];
  },
  iban: () => {
    const number = iban();
    return [`IBAN ${number}`, number];
  },
  ssn: () => {
    const number = `${randomInt(234, 566)}-${randomInt(11, 79)}-${randomInt(1001, 9999)}`;
    return [`my social security number is ${number}`, number];
  },
  phone: () => {
    const number = `+41 44 668 ${randomInt(10, 99)} ${randomInt(10, 99)}`;
    return [`phone ${number}`, number];
  },
};
const FORMATS = ['sally', 'jsonl', 'har', 'otlp', 'markdown'];

describe('200 seeded secrets and personal values', () => {
  let lab: Lab;
  const values: Record<string, string> = {};
  const texts: string[] = [];
  const directory = mkdtempSync(join(tmpdir(), 'sallyport-exports-'));
  before(async () => {
    lab = await startLab();
    const known = new Set<string>();
    for (let i = 0; i < 25; i++) {
      const said: string[] = [];
      for (const [kind, make] of Object.entries(KINDS)) {
        let made = make();
        while (known.has(made[1])) made = make();
        known.add(made[1]);
        values[`${kind} ${i}`] = made[1];
        said.push(made[0]);
      }
      texts.push(`For the file: ${said.join(', and ')}.`);
    }
  });
  after(async () => {
    await lab?.close();
    rmSync(directory, { recursive: true, force: true });
  });

  it('pass through the gateway, whole and streamed', async () => {
    assert.equal(Object.keys(values).length, 200);
    for (const [i, text] of texts.entries()) {
      const stream = i % 2 === 0;
      const response = await fetch(`${lab.openai}/chat/completions`, {
        method: 'POST',
        headers: { authorization: `Bearer ${lab.key}`, 'content-type': 'application/json' },
        body: JSON.stringify({ model: 'gpt-4o', stream, messages: [{ role: 'user', content: `[[echo]] ${text}` }] }),
      });
      await response.text();
      assert.equal(response.status, 200, `request ${i}`);
    }
    assert.equal((await lab.exchanges()).length, 25);
  });

  it('none of them reached the provider', () => {
    const received = new Map(lab.provider.log.entries.map((entry) => [`request ${entry.id}`, entry.body]));
    assert.equal(received.size, 25);
    assert.deepEqual(findIn(received, values), []);
  });

  it('none of them is in an export of any format', async () => {
    const exported = new Map<string, Buffer>();
    for (const format of FORMATS) {
      const file = join(directory, `all.${format}`);
      const { code, stderr } = await lab.cli(['export', '--search', 'agent:lab-1', '--format', format, '--output', file]);
      assert.equal(code, 0, stderr);
      exported.set(format, readFileSync(file));
    }
    assert.match(exported.get('markdown')!.toString('utf8'), /For the file: the OpenAI API key is/, 'there is something to look into');
    assert.deepEqual(findIn(exported, values), []);
    assert.equal((await lab.cli(['verify', join(directory, 'all.sally')])).code, 0);
  });

  it('none of them is in the ledger, the index, any other file of it, or what it printed; the search by value finds their sessions', async () => {
    const found = await lab.call<{ sessions: unknown[] }>('GET', `/api/sessions?search=${encodeURIComponent(`value:${values['mail 7']}`)}`);
    assert.equal(found.sessions.length, 1);
    const look = (): string[] => findIn(new Map([...readAll(lab.directory), ['its output', Buffer.from(lab.output())]]), values);
    assert.deepEqual(look(), []);
    await lab.stop();
    assert.deepEqual(look(), []);
    const files = [...readAll(lab.directory).keys()];
    for (const there of [/^ledger\/000001\.jsonl$/, /^index\.db$/, /^vault\/values\.jsonl$/, /^vault\/.*\.vault$/])
      assert.ok(
        files.some((file) => there.test(file)),
        String(there),
      );
  });
});
