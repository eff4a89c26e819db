import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { it } from 'node:test';
import { startLab } from '../support/gateway.js';
import { connectionTo } from '../support/settings.js';

const KEYS = { first: 'sk-first-0123456789abcdef', second: 'sk-second-0123456789abcdef' };

/** A program that writes down how it was started, then prints what stands in its last argument's file, if there is one. */
const DUMP = `#!${process.execPath}
const fs = require('node:fs');
const [, script, ...args] = process.argv;
fs.writeFileSync(script + '.' + process.pid + '.json', JSON.stringify({ args, env: process.env }));
if (fs.existsSync(args.at(-1))) process.stdout.write(fs.readFileSync(args.at(-1)));
`;

it('programs that the gateway starts see no key of another in their environment or their arguments', {
  skip: process.platform === 'win32',
  timeout: 120_000,
}, async (t) => {
  const directory = mkdtempSync(join(tmpdir(), 'sallyport-children-'));
  t.after(() => rmSync(directory, { recursive: true, force: true }));
  const [bin, told] = [join(directory, 'bin'), join(directory, 'told')];
  mkdirSync(bin);
  for (const name of ['git', 'manager']) {
    writeFileSync(join(bin, name), DUMP);
    chmodSync(join(bin, name), 0o755);
  }
  writeFileSync(told, KEYS.second);
  const secrets = { LAB_PROVIDER_KEY: KEYS.first, HOOK_SECRET: 'of-the-webhook-0123456789', TRACE_HEADERS: 'x-key=of-the-collector-0123' };
  const lab = await startLab({
    provider: { apiKeys: Object.values(KEYS) },
    env: { ...secrets, PATH: `${bin}${delimiter}${process.env['PATH']}` },
    settings(settings) {
      const { origin } = settings.connections[0]!;
      settings.connections.push(connectionTo(origin, { name: 'managed', credential: `command:${JSON.stringify(['manager', told])}` }));
      settings.approvals.webhook = { url: 'http://127.0.0.1:9/', secretEnv: 'HOOK_SECRET' };
      settings.ledger.otlp = { endpoint: 'http://127.0.0.1:9/v1/traces', headersEnv: 'TRACE_HEADERS' };
      settings.ledger.heads.git = { directory, minutes: 1440 };
    },
  });
  t.after(() => lab.close());
  const ask = (connection: string) =>
    fetch(`${lab.baseUrl}/${connection}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${lab.key}`, 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'sim', messages: [{ role: 'user', content: 'Hello.' }] }),
    });
  for (const connection of ['openai', 'managed']) assert.equal((await ask(connection)).status, 200, connection);
  if (existsSync('/proc/self/cmdline'))
    for (const value of [...Object.values(KEYS), lab.key]) {
      assert.ok(!readFileSync(`/proc/${lab.pid}/cmdline`, 'latin1').includes(value));
    }
  // The last head is committed at stop.
  await lab.stop();

  const started = readdirSync(bin).filter((name) => name.endsWith('.json'));
  for (const program of ['git', 'manager'])
    assert.ok(
      started.some((name) => name.startsWith(`${program}.`)),
      `${program} was started`,
    );
  for (const name of started) {
    const dump = readFileSync(join(bin, name), 'utf8');
    for (const value of [...Object.values(secrets), ...Object.values(KEYS), lab.key]) assert.ok(!dump.includes(value), `${name}: ${value}`);
    const { env } = JSON.parse(dump) as { env: NodeJS.ProcessEnv };
    assert.ok(env['PATH']?.startsWith(bin), 'a program finds others');
    for (const variable of Object.keys(env)) assert.doesNotMatch(variable, /^SALLYPORT_/);
  }
});
