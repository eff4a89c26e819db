import assert from 'node:assert/strict';
import { request } from 'node:http';
import { after, before, describe, it } from 'node:test';
import { controlRoutes } from '../../proxy/control/index.js';
import type { ExchangeDetail } from '../../proxy/ledger/index.js';
import { ledgerLines } from './ledger-lines.js';
import { code, type Lab, PASSPHRASE, startLab } from './support.js';

describe('who may call the control API', () => {
  let lab: Lab;
  before(async () => {
    lab = await startLab();
  });
  after(() => lab.close());

  const filled = (path: string) => path.replace(/:(\w+)/g, 'abcdef0123');

  it('refuses every deciding, revealing or changing route without a person, whatever the body', async () => {
    for (const route of controlRoutes().filter((r) => r.access === 'person')) {
      const method = route.method.toUpperCase();
      for (const body of [undefined, { nonsense: true }]) {
        await assert.rejects(lab.plain(method, filled(route.path), body), code('person_required'), `${method} ${route.path}`);
      }
      await assert.rejects(
        lab.client.call(method, filled(route.path), { capability: 'A'.repeat(43) }),
        code('person_required'),
        `${method} ${route.path} with a made-up capability`,
      );
    }
  });

  it('records the attempts, and says so in the event stream', async () => {
    const stop = new AbortController();
    const seen = (async () => {
      for await (const event of lab.client.events({ signal: stop.signal })) if (event.type === 'attempt') return event.data;
      return undefined;
    })();
    const fresh = await startLab();
    try {
      const events = fresh.client.events({ signal: stop.signal });
      const first = (async () => {
        for await (const event of events) if (event.type === 'attempt') return event.data as { what: string };
        return undefined;
      })();
      await new Promise((done) => setTimeout(done, 50));
      await assert.rejects(
        fresh.plain('POST', '/api/approvals/ap_1/decision', { version: 1, decision: 'approve' }),
        code('person_required'),
      );
      assert.equal((await first)?.what, 'POST /api/approvals/:id/decision');
      const attempts = ledgerLines(fresh.directory).filter((line) => line.kind === 'attempt');
      assert.equal(attempts.length, 1);
      assert.deepEqual(attempts[0]!.meta['params'], { id: 'ap_1' });
      for (let i = 0; i < 60; i += 1) await assert.rejects(fresh.plain('POST', '/api/resume'), code('person_required'));
      const after = ledgerLines(fresh.directory).filter((line) => line.kind === 'attempt');
      assert.ok(after.length <= 30, `a loop of attempts does not fill the ledger: ${after.length}`);
    } finally {
      stop.abort();
      await seen.catch(() => undefined);
      await fresh.close();
    }
  });

  it('sets the first passphrase once, unlocks with it, forgets the capability when told', async () => {
    const fresh = await startLab();
    try {
      const { capability } = await fresh.plain<{ capability: string }>('POST', '/api/persons/passphrase', { passphrase: PASSPHRASE });
      await assert.rejects(fresh.plain('POST', '/api/persons/passphrase', { passphrase: 'another one' }), code('person_required'));
      await assert.rejects(fresh.plain('POST', '/api/persons/unlock', { passphrase: 'wrong' }), code('person_required'));
      const call = (cap: string) => fresh.client.call('PUT', '/api/do-not-disturb', { body: { on: true }, capability: cap });
      await call(capability);
      await fresh.client.call('POST', '/api/persons/lock', { capability });
      await assert.rejects(call(capability), code('person_required'));
      const again = await fresh.plain<{ capability: string }>('POST', '/api/persons/unlock', { passphrase: PASSPHRASE });
      await call(again.capability);
      const kinds = ledgerLines(fresh.directory).map((line) => line.kind);
      assert.ok(kinds.filter((kind) => kind === 'sign-in').length >= 2);
      assert.ok(!JSON.stringify(ledgerLines(fresh.directory)).includes(PASSPHRASE));
    } finally {
      await fresh.close();
    }
  });

  it('lets anybody admitted freeze, and only a person resume', async () => {
    const frozen = await lab.plain<{ frozen: boolean }>('POST', '/api/freeze');
    assert.equal(frozen.frozen, true);
    await assert.rejects(lab.plain('POST', '/api/resume'), code('person_required'));
    assert.equal((await lab.call<{ frozen: boolean }>('POST', '/api/resume')).frozen, false);
  });

  it('answers unknown routes, unknown fields, unknown query parameters and wrong types with a code', async () => {
    await assert.rejects(lab.call('GET', '/api/nothing'), code('not_found'));
    await assert.rejects(lab.call('PUT', '/api/do-not-disturb', { on: true, extra: 1 }), code('invalid'));
    await assert.rejects(lab.call('PUT', '/api/do-not-disturb', { on: 'yes' }), code('invalid'));
    await assert.rejects(lab.call('GET', '/api/sessions?what=1'), code('invalid'));
    await assert.rejects(lab.call('GET', '/api/sessions?limit=0'), code('invalid'));
    await assert.rejects(lab.call('GET', '/api/sessions/se_none'), code('not_found'));
    await assert.rejects(lab.call('GET', '/api/exchanges/ex_none'), code('not_found'));
    await assert.rejects(lab.call<ExchangeDetail>('GET', '/api/approvals?state=odd'), code('invalid'));
  });

  it('refuses bodies that are no JSON', async () => {
    const { socket, token } = lab.client.address;
    const send = (contentType: string, body: string) =>
      new Promise<{ status: number; text: string }>((done, fail) => {
        const req = request(
          {
            socketPath: socket,
            path: '/api/do-not-disturb',
            method: 'PUT',
            headers: { 'x-sallyport-token': token, 'x-sallyport-person': lab.capability, 'content-type': contentType },
          },
          (res) => {
            let text = '';
            res.on('data', (chunk: Buffer) => {
              text += chunk.toString();
            });
            res.on('end', () => done({ status: res.statusCode ?? 0, text }));
          },
        );
        req.on('error', fail);
        // The server answers before it has read everything; a write after that fails, and means nothing.
        req.on('socket', (connection) => connection.on('error', () => undefined));
        req.end(body);
      });
    assert.match((await send('application/json', '{"on":')).text, /"bad_json"/);
    assert.match((await send('text/plain', '{"on":true}')).text, /"bad_content_type"/);
    assert.match((await send('application/json', `{"on":"${'x'.repeat(17 << 20)}"}`)).text, /"body_too_large"/);
  });
});
