import assert from 'node:assert/strict';
import childProcess from 'node:child_process';
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { type Bench, openBench } from '../pipeline/support.js';

const CANARY = 'a canary that nobody asked for';

/** Every program that is started, and every file of a folder that is opened, by any of node's ways. */
function watchDoors(folder: string): { seen: string[]; restore(): void } {
  const seen: string[] = [];
  const undo: (() => void)[] = [];
  const wrap = (on: object, names: readonly string[], note: (name: string, args: unknown[]) => void): void => {
    const holder = on as Record<string, (...args: unknown[]) => unknown>;
    for (const name of names) {
      const real = holder[name]!;
      holder[name] = function (this: unknown, ...args: unknown[]) {
        note(name, args);
        return Reflect.apply(real, this, args);
      };
      undo.push(() => void (holder[name] = real));
    }
  };
  const path = (name: string, [first]: unknown[]): void => {
    const text = first instanceof URL ? first.pathname : String(first);
    if (text.includes(folder)) seen.push(`${name} ${text}`);
  };
  const reads = ['open', 'readFile', 'writeFile', 'appendFile', 'opendir', 'readdir', 'copyFile'];
  wrap(fs, [...reads, ...reads.map((name) => `${name}Sync`), 'createReadStream', 'createWriteStream'], path);
  wrap(fs.promises, reads, path);
  const program = (name: string, [first]: unknown[]): void =>
    void seen.push(`${name} ${typeof first === 'string' ? first : JSON.stringify((first as { args?: string[] }).args)}`);
  // spawn, exec, execFile and fork all end here.
  wrap(childProcess.ChildProcess.prototype, ['spawn'], program);
  wrap(childProcess, ['spawnSync', 'execSync', 'execFileSync'], program);
  syncBuiltinESMExports();
  return {
    seen,
    restore() {
      for (const back of undo) back();
      syncBuiltinESMExports();
    },
  };
}

/** Nothing starts a program or reads a file because HTTP asked: neither the network's face of the control API nor an agent's port. */
describe('files and programs of this machine, asked for by HTTP', { timeout: 120_000 }, () => {
  let b: Bench;
  let folder: string;
  let canary: string;
  let doors: ReturnType<typeof watchDoors>;
  let page: (method: string, path: string, body: unknown) => Promise<string>;
  before(async () => {
    b = await openBench({ console: true }, (draft) => {
      draft.policy.preset = 'observe';
      const rules = [{ method: 'GET', path: '/orders/*' }];
      draft.connections.push({ ...draft.connections[0]!, name: 'rest', dialect: 'http', pathPrefix: '/rest', rules });
    });
    folder = join(b.directory, 'not-for-http');
    fs.mkdirSync(folder);
    canary = join(folder, 'canary');
    fs.writeFileSync(canary, CANARY, { mode: 0o600 });
    const { origin, hash } = new URL(b.gateway.consoleUrl()!);
    const send = (method: string, path: string, headers: Record<string, string>, body: unknown) =>
      fetch(`${origin}${path}`, {
        method,
        headers: { origin, 'content-type': 'application/json', ...headers },
        body: JSON.stringify(body),
      });
    const opened = await send('POST', '/open', {}, { code: hash.slice(1) });
    const cookie = opened.headers.getSetCookie()[0]!.split(';')[0]!;
    const { csrf } = (await opened.json()) as { csrf: string };
    page = async (method, path, body) => (await send(method, path, { cookie, 'x-sallyport-csrf': csrf }, body)).text();
    assert.match(await page('POST', '/api/persons/passphrase', { passphrase: 'a passphrase for tests' }), /"person"/);
    doors = watchDoors(folder);
  });
  after(async () => {
    doors?.restore();
    await b?.close();
  });

  it('the watch sees both, where the settings on this machine name them', async () => {
    const { settings, testConnection } = b.gateway.services;
    const script = join(folder, 'script.cjs');
    await settings.update((draft) => {
      draft.connections.push({ ...draft.connections[0]!, name: 'by-file', credential: `file:${canary}` });
      const credential = `command:${JSON.stringify([process.execPath, script])}`;
      draft.connections.push({ ...draft.connections[0]!, name: 'by-command', credential });
    });
    for (const name of ['by-file', 'by-command']) await testConnection(name);
    assert.ok(
      doors.seen.some((line) => line.includes(canary)),
      doors.seen.join('\n'),
    );
    assert.ok(
      doors.seen.some((line) => line.startsWith('spawn') && line.includes(script)),
      doors.seen.join('\n'),
    );
    await settings.update((draft) => void (draft.connections = draft.connections.filter(({ name }) => !name.startsWith('by-'))));
    doors.seen.length = 0;
  });

  it('a page cannot point a setting at them, also with a person’s word', async () => {
    const tls = { certFile: canary, keyFile: canary };
    const links = { host: '127.0.0.1', port: 0, tls, person: { id: 'local', name: 'x', groups: [] } };
    const patches: [string, string, Record<string, unknown>][] = [
      ['listen', 'tls', tls],
      ['policy', 'managed', { path: canary, publicKey: canary }],
      ['ledger', 'heads', { file: join(folder, 'heads') }],
      ['ledger', 'heads', { git: { directory: folder, minutes: 1 } }],
      ['ledger', 'otlp', { endpoint: 'http://127.0.0.1:9/', headersEnv: 'HOME' }],
      ['approvals', 'links', links],
      ['approvals', 'webhook', { url: 'http://127.0.0.1:9/', secretEnv: 'HOME' }],
    ];
    const before = JSON.stringify(b.gateway.services.settings.get());
    const { document } = JSON.parse(await page('POST', '/api/backup', {})) as { document: { settings: Record<string, object> } };
    for (const [group, name, value] of patches) {
      const patched = await page('PATCH', '/api/settings', { [group]: { [name]: value } });
      assert.match(patched, /"forbidden"/, `${group}.${name}: ${patched}`);
      const settings = { ...document.settings, [group]: { ...document.settings[group], [name]: value } };
      const restored = await page('POST', '/api/restore', { document: { ...document, settings } });
      assert.match(restored, /"forbidden"/, `${group}.${name} of a backup: ${restored}`);
    }
    for (const credential of [`file:${canary}`, `command:${JSON.stringify(['cat', canary])}`]) {
      const patched = await page('PATCH', '/api/connections/openai', { credential });
      assert.match(patched, /"forbidden"/, patched);
    }
    assert.match(await page('POST', '/api/connections/openai/test', {}), /"ok"|"status"/);
    assert.equal(JSON.stringify(b.gateway.services.settings.get()), before);
    assert.deepEqual(doors.seen, []);
    assert.match(await page('POST', '/api/restore', { document }), /"restored"/, 'a backup that changes none of them is put in place');
  });

  it('an agent’s request that names a file is text that is passed on or refused, and the file stays shut', async () => {
    const url = `file://${canary}`;
    const total = b.provider.log.total;
    const user = (content: unknown, more: object = {}) => ({
      model: 'sim',
      max_tokens: 100,
      messages: [{ role: 'user', content }],
      ...more,
    });
    const shell = { type: 'function', function: { name: 'shell', parameters: { type: 'object' } } };
    const chats = [
      user([{ type: 'image_url', image_url: { url } }]),
      user([{ type: 'file', file: { file_data: url, filename: canary } }]),
      user([{ type: 'input_audio', input_audio: { data: url, format: 'wav' } }]),
      user(`[[tool shell ${JSON.stringify({ command: `sh ${canary}; cat <${canary}; node ${canary}` })}]]`, { tools: [shell] }),
      user(`[[tool read_file ${JSON.stringify({ path: canary })}]]`, { tools: [{ ...shell, function: { name: 'read_file' } }] }),
      user('Hi', { tools: [{ ...shell, function: { name: 'shell', parameters: { $ref: url } } }] }),
    ];
    const messages = [
      user([{ type: 'image', source: { type: 'url', url } }]),
      user([{ type: 'document', source: { type: 'url', url } }]),
      user([{ type: 'document', source: { type: 'file', file_id: canary } }]),
      user('Hi', { mcp_servers: [{ type: 'url', name: 'x', url }] }),
    ];
    const input = [
      {
        role: 'user',
        content: [
          { type: 'input_file', file_url: url },
          { type: 'input_image', image_url: url },
        ],
      },
    ];
    const sent: [string, unknown, Record<string, string>?][] = [
      ...chats.map((body) => ['/openai/v1/chat/completions', body] as [string, unknown]),
      ...messages.map(
        (body) => ['/anthropic/v1/messages', body, { 'anthropic-version': '2023-06-01' }] as [string, unknown, Record<string, string>],
      ),
      ['/openai/v1/responses', { model: 'sim', input }],
      ['/openai/v1/chat/completions', user('Hi'), { 'x-sallyport-session': url, referer: url, 'x-config-file': canary }],
    ];
    for (const [path, body, headers] of sent) {
      const answer = await b.post(path, body, headers);
      assert.ok(!(await answer.text()).includes(CANARY));
    }
    for (const path of [`/rest/orders/${encodeURIComponent(url)}`, `/rest/orders/..%2f..${canary}`, `/rest/orders/1?from=${url}`])
      await (await fetch(b.url(path), { headers: { authorization: `Bearer ${b.key}` } })).arrayBuffer();
    assert.ok(b.provider.log.total - total > sent.length / 2, 'most were passed on, so that they were read');
    assert.ok(!b.provider.log.entries.some((entry) => entry.body.includes(CANARY)));
    assert.deepEqual(doors.seen, []);
  });
});
