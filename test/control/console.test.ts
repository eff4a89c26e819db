import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { request as secureRequest } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { SallyportError } from '../../proxy/contract/index.js';
import { ConsoleSessions } from '../../proxy/control/console-sessions.js';
import { type ConsoleServer, type ControlServices, createControl, type SignInService, serveConsole } from '../../proxy/control/index.js';
import { makeCertificate } from '../support/certificate.js';
import { code, type Lab, PASSPHRASE, startLab } from './support.js';

/** fetch cannot set Host and Sec-Fetch headers. */
function send(
  origin: string,
  method: string,
  path: string,
  headers: Record<string, string> = {},
  body?: unknown,
): Promise<{ status: number; headers: Record<string, unknown>; text: string }> {
  return new Promise((done, fail) => {
    const { hostname, port, host } = new URL(origin);
    const text = body === undefined ? undefined : JSON.stringify(body);
    const req = request(
      {
        hostname,
        port,
        method,
        path,
        headers: { host, ...(text === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      },
      (res) => {
        let answer = '';
        res.on('data', (chunk: Buffer) => {
          answer += chunk.toString();
        });
        res.on('end', () => done({ status: res.statusCode ?? 0, headers: res.headers, text: answer }));
      },
    );
    req.on('error', fail);
    req.end(text);
  });
}

async function open(url: string): Promise<{ origin: string; cookie: string; csrf: string; raw: string }> {
  const { origin, hash } = new URL(url);
  const res = await send(origin, 'POST', '/open', { origin }, { code: hash.slice(1) });
  assert.equal(res.status, 200, res.text);
  const raw = String((res.headers['set-cookie'] as string[])[0]);
  return { origin, cookie: raw.split(';')[0]!, csrf: (JSON.parse(res.text) as { csrf: string }).csrf, raw };
}

describe('the console of a headless gateway', () => {
  let lab: Lab;
  let origin: string;
  before(async () => {
    lab = await startLab({ console: true });
    origin = new URL(lab.gateway.consoleUrl()!).origin;
  });
  after(() => lab.close());

  it('opens once by its address, which keeps the code out of what servers see', async () => {
    const url = lab.gateway.consoleUrl()!;
    assert.match(url, /^http:\/\/127\.0\.0\.1:\d+\/open#[\w-]{32}$/);
    const { raw, cookie, csrf } = await open(url);
    assert.match(raw, /; HttpOnly; SameSite=Strict/);
    assert.equal((await send(origin, 'GET', '/api/status', { cookie, 'x-sallyport-csrf': csrf })).status, 200);
    const again = await send(origin, 'POST', '/open', { origin }, { code: new URL(url).hash.slice(1) });
    assert.equal(again.status, 401);
    const asked = await lab.plain<{ url: string }>('POST', '/api/console/open');
    await open(asked.url);
  });

  it('needs cookie and second secret for every call', async () => {
    const { cookie, csrf } = await open(lab.gateway.consoleUrl()!);
    assert.equal((await send(origin, 'GET', '/api/status')).status, 401);
    assert.equal((await send(origin, 'GET', '/api/status', { cookie })).status, 403);
    assert.equal((await send(origin, 'GET', '/api/status', { 'x-sallyport-csrf': csrf })).status, 401);
    assert.equal((await send(origin, 'GET', '/api/status', { cookie, 'x-sallyport-csrf': `${csrf}x` })).status, 403);
    assert.equal(
      (await send(origin, 'GET', `/api/status?csrf=${csrf}`, { cookie })).status,
      403,
      'the query is for the event stream alone',
    );
    const other = await open(lab.gateway.consoleUrl()!);
    assert.equal((await send(origin, 'GET', '/api/status', { cookie, 'x-sallyport-csrf': other.csrf })).status, 403);
  });

  it('gives the event stream to an EventSource', async () => {
    const { cookie, csrf } = await open(lab.gateway.consoleUrl()!);
    const res = await fetch(`${origin}/api/events?csrf=${csrf}`, { headers: { cookie } });
    assert.equal(res.status, 200);
    const reader = res.body!.getReader();
    let text = '';
    while (!text.includes('event: status')) text += Buffer.from((await reader.read()).value ?? []).toString();
    await reader.cancel();
  });

  it('refuses other Hosts, other Origins, cross-site calls, and changes without an Origin', async () => {
    const { cookie, csrf } = await open(lab.gateway.consoleUrl()!);
    const good = { cookie, 'x-sallyport-csrf': csrf };
    const port = new URL(origin).port;
    for (const host of ['evil.example', `evil.example:${port}`, '127.0.0.1', `127.0.0.1:${Number(port) + 1}`]) {
      assert.equal((await send(origin, 'GET', '/api/status', { ...good, host })).status, 421, host);
    }
    assert.equal((await send(origin, 'GET', '/api/status', { ...good, host: `localhost:${port}` })).status, 200);
    for (const from of ['https://evil.example', 'null', `http://127.0.0.1:${Number(port) + 1}`]) {
      assert.equal((await send(origin, 'GET', '/api/status', { ...good, origin: from })).status, 403, from);
      assert.equal((await send(origin, 'POST', '/api/freeze', { ...good, origin: from })).status, 403, from);
    }
    assert.equal((await send(origin, 'POST', '/api/freeze', good)).status, 403);
    for (const site of ['cross-site', 'same-site']) {
      assert.equal(
        (await send(origin, 'GET', '/api/status', { ...good, 'sec-fetch-site': site, 'sec-fetch-mode': 'navigate' })).status,
        403,
      );
      assert.equal((await send(origin, 'GET', '/open', { 'sec-fetch-site': site, 'sec-fetch-mode': 'no-cors' })).status, 403);
    }
    assert.equal((await send(origin, 'GET', '/open', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' })).status, 200);
  });

  it('keeps the capability on the server, and takes none from the page', async () => {
    const { cookie, csrf } = await open(lab.gateway.consoleUrl()!);
    const good = { cookie, 'x-sallyport-csrf': csrf, origin };
    const stolen = await send(origin, 'PUT', '/api/do-not-disturb', { ...good, 'x-sallyport-person': lab.capability }, { on: true });
    assert.equal(stolen.status, 403);
    const unlocked = await send(origin, 'POST', '/api/persons/passphrase', good, { passphrase: PASSPHRASE });
    assert.equal(unlocked.status, 200, unlocked.text);
    assert.deepEqual(Object.keys(JSON.parse(unlocked.text) as object), ['person']);
    assert.equal((await send(origin, 'PUT', '/api/do-not-disturb', good, { on: true })).status, 200);
    const other = await open(lab.gateway.consoleUrl()!);
    const another = { cookie: other.cookie, 'x-sallyport-csrf': other.csrf, origin };
    assert.equal(
      (await send(origin, 'PUT', '/api/do-not-disturb', another, { on: false })).status,
      403,
      'another browser is another person',
    );
    assert.equal((await send(origin, 'POST', '/api/persons/lock', good)).status, 204);
    assert.equal((await send(origin, 'PUT', '/api/do-not-disturb', good, { on: false })).status, 403);
    const back = await send(origin, 'POST', '/api/persons/unlock', good, { passphrase: PASSPHRASE });
    assert.equal(back.status, 200);
    // What a page may not do even then: name files, commands and further hosts of this machine.
    for (const credential of ['command:["cat","/etc/passwd"]', 'file:/etc/passwd']) {
      const res = await send(origin, 'POST', '/api/connections', good, {
        name: 'x',
        dialect: 'openai',
        origin: 'https://a.example',
        credential,
      });
      assert.match(res.text, /"forbidden"/);
    }
    const settings = await send(origin, 'PATCH', '/api/settings', good, { ledger: { heads: { webhook: 'https://a.example' } } });
    assert.match(settings.text, /"forbidden"/);
    const traces = await send(origin, 'PATCH', '/api/settings', good, { ledger: { otlp: { endpoint: 'https://a.example/' } } });
    assert.match(traces.text, /"forbidden"/);
    const restore = await send(origin, 'POST', '/api/restore', good, {
      document: { settings: { connections: [{ credential: 'file:/etc/passwd' }] } },
    });
    assert.match(restore.text, /"forbidden"/);
    assert.match((await send(origin, 'POST', '/api/console/open', good)).text, /"forbidden"/);
  });

  it('sends every answer with a strict policy', async () => {
    for (const path of ['/', '/open', '/open.js', '/api/status', '/nothing.js']) {
      const { headers } = await send(origin, 'GET', path);
      const csp = String(headers['content-security-policy']);
      assert.match(csp, /default-src 'none'/);
      assert.match(csp, /require-trusted-types-for 'script'/);
      assert.match(csp, /frame-ancestors 'none'/);
      assert.doesNotMatch(csp, /unsafe/);
      assert.equal(headers['x-content-type-options'], 'nosniff');
      assert.equal(headers['referrer-policy'], 'no-referrer');
      assert.equal(headers['access-control-allow-origin'], undefined);
    }
  });
});

describe('serving the console', () => {
  const app = () => createControl({ subscribe: () => () => undefined } as unknown as ControlServices, { version: 'test' });

  it('beyond loopback is refused without TLS and OIDC', async () => {
    await assert.rejects(serveConsole(app(), { host: '0.0.0.0' }), code('invalid'));
    await assert.rejects(serveConsole(app(), { host: '0.0.0.0', tls: { cert: '', key: '' } }), code('invalid'));
  });

  const certificate = () => {
    const folder = mkdtempSync(join(tmpdir(), 'sp-tls-'));
    const made = makeCertificate(folder, ['DNS:console.test']);
    const tls = made && { key: readFileSync(made.keyFile, 'utf8'), cert: readFileSync(made.certFile, 'utf8') };
    rmSync(folder, { recursive: true });
    return tls;
  };
  const tls = certificate();

  it('beyond loopback lets a person in by OIDC, over TLS, and nobody by a code', {
    skip: tls === undefined ? 'no openssl' : false,
  }, async () => {
    let finish: () => void = () => undefined;
    const done = new Promise<void>((resolve) => {
      finish = resolve;
    });
    const signIn: SignInService = {
      begin: async () => ({ id: 'attempt', flow: 'device', issuer: 'i', url: 'https://login.example', userCode: 'ABCD', expiresAt: '' }),
      async wait(id) {
        if (id !== 'attempt') throw new SallyportError('not_found');
        await done;
        return { capability: 'the capability', person: { id: 'p', name: 'P', groups: [], via: 'oidc' } };
      },
      cancel: () => undefined,
      signOut: async () => ({}),
    };
    const seen: string[] = [];
    const services = {
      subscribe: () => () => undefined,
      persons: {
        require: (capability: string | undefined) => {
          seen.push(String(capability));
          return { id: 'p', name: 'P', groups: [], via: 'oidc' };
        },
      },
      setDoNotDisturb: async () => undefined,
      status: () => ({}),
    };
    const server = await serveConsole(createControl(services as unknown as ControlServices, { version: 'test' }), {
      host: '0.0.0.0',
      allowedHosts: ['console.test'],
      tls: tls!,
      signIn,
    });
    try {
      assert.match(server.openUrl(), /^https:\/\/console\.test:\d+\/open$/);
      const port = Number(new URL(server.origin).port);
      const call = (method: string, path: string, headers: Record<string, string>, body?: unknown) =>
        new Promise<{ status: number; text: string; cookie: string }>((resolve, fail) => {
          const req = secureRequest(
            {
              host: '127.0.0.1',
              port,
              method,
              path,
              rejectUnauthorized: false,
              headers: { host: `console.test:${port}`, origin: server.origin, 'content-type': 'application/json', ...headers },
            },
            (res) => {
              let text = '';
              res.on('data', (chunk: Buffer) => {
                text += chunk.toString();
              });
              res.on('end', () => resolve({ status: res.statusCode ?? 0, text, cookie: String(res.headers['set-cookie'] ?? '') }));
            },
          );
          req.on('error', fail);
          req.end(body === undefined ? undefined : JSON.stringify(body));
        });
      assert.equal((await call('GET', '/open', { host: `127.0.0.1:${port}` })).status, 421, 'only by its names');
      assert.equal((await call('POST', '/open', {}, { code: 'anything' })).status, 401);
      const { text } = await call('POST', '/open/sign-in', {});
      assert.equal((JSON.parse(text) as { userCode: string }).userCode, 'ABCD');
      assert.equal((await call('POST', '/open/wait', {}, { id: 'guess' })).status, 404);
      const waiting = call('POST', '/open/wait', {}, { id: 'attempt' });
      finish();
      const entered = await waiting;
      assert.match(entered.cookie, /^__Host-sallyport_console=.*; Secure/);
      assert.deepEqual(Object.keys(JSON.parse(entered.text) as object), ['csrf']);
      const { csrf } = JSON.parse(entered.text) as { csrf: string };
      const good = { cookie: entered.cookie.split(';')[0]!, 'x-sallyport-csrf': csrf };
      assert.equal((await call('PUT', '/api/do-not-disturb', good, { on: true })).status, 200);
      assert.deepEqual(seen, ['the capability'], 'kept on the server, used for this browser');
    } finally {
      await server.close();
    }
  });

  it('says which port is taken', async () => {
    const first = await serveConsole(app());
    await assert.rejects(serveConsole(app(), { port: Number(new URL(first.origin).port) }), code('conflict'));
    await first.close();
  });

  it('serves the built page, its assets with a long life, and nothing outside', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sp-console-'));
    mkdirSync(join(folder, 'page', 'assets'), { recursive: true });
    writeFileSync(join(folder, 'page', 'index.html'), '<!doctype html><title>console</title>');
    writeFileSync(join(folder, 'page', 'assets', 'a-123.js'), 'export {}');
    writeFileSync(join(folder, 'secret.txt'), 'secret');
    let server: ConsoleServer | undefined;
    try {
      server = await serveConsole(app(), { consoleDirectory: join(folder, 'page') });
      for (const path of ['/', '/sessions', '/sessions/se_1'])
        assert.match((await send(server.origin, 'GET', path)).text, /<title>console/);
      const asset = await send(server.origin, 'GET', '/assets/a-123.js');
      assert.match(String(asset.headers['cache-control']), /immutable/);
      assert.match(String(asset.headers['content-type']), /javascript/);
      for (const path of ['/../secret.txt', '/%2e%2e/secret.txt', '/assets/..%2f..%2fsecret.txt', '/assets/none.js']) {
        assert.ok(!(await send(server.origin, 'GET', path)).text.includes('secret'), path);
      }
      assert.equal((await send(server.origin, 'GET', '/')).headers['cache-control'], 'no-store');
    } finally {
      await server?.close();
      rmSync(folder, { recursive: true });
    }
  });
});

describe('console sessions', () => {
  it('end after twelve idle hours; codes after ten minutes or one use', () => {
    let now = 0;
    const sessions = new ConsoleSessions({ secure: true, now: () => now });
    const code = sessions.newCode();
    assert.equal(sessions.takeCode('other'), false);
    assert.equal(sessions.takeCode(code), true);
    assert.equal(sessions.takeCode(code), false);
    const late = sessions.newCode();
    now += 10 * 60_000 + 1;
    assert.equal(sessions.takeCode(late), false);
    const { cookie } = sessions.open();
    assert.match(cookie, /^__Host-sallyport_console=/);
    assert.match(cookie, /; Secure$/);
    const sent = `other=1; ${cookie.split(';')[0]}`;
    now += 12 * 3_600_000;
    assert.ok(sessions.find(sent));
    now += 12 * 3_600_000 + 1;
    assert.equal(sessions.find(sent), undefined);
    assert.equal(sessions.find('__Host-sallyport_console='), undefined);
    assert.equal(sessions.find(undefined), undefined);
  });
});
