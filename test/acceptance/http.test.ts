import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type Lab, startLab } from '../support/gateway.js';

describe('a REST API behind a connection of the http dialect', () => {
  let lab: Lab;
  before(async () => {
    lab = await startLab({
      settings: (settings) => {
        const orders = settings.connections.find((c) => c.name === 'orders')!;
        orders.rules = [
          { method: 'GET', path: '/orders/*' },
          { method: 'POST', path: '/echo' },
        ];
      },
    });
  });
  after(() => lab?.close());

  const ask = (method: string, path: string, body?: string, key = lab.key) =>
    fetch(`${lab.baseUrl}/orders${path}`, {
      method,
      headers: { authorization: `Bearer ${key}`, ...(body ? { 'content-type': 'application/json' } : {}) },
      ...(body ? { body } : {}),
    });

  it('takes what the rules list, with its own key', async () => {
    const answer = await ask('GET', '/orders/42');
    assert.equal(answer.status, 200);
    assert.equal(((await answer.json()) as { status: string }).status, 'shipped');
    const seen = lab.provider.log.last();
    assert.equal(seen?.path, '/rest/orders/42');
    assert.equal(seen?.key, 'right');
  });

  it('refuses every other method and path, and agents without the right', async () => {
    const total = lab.provider.log.total;
    for (const [method, path] of [
      ['DELETE', '/orders/42'],
      ['GET', '/orders/42/items'],
      ['GET', '/'],
      ['GET', '/admin'],
    ] as const)
      assert.equal((await ask(method, path)).status, 404, `${method} ${path}`);
    const { key } = await lab.newAgent({ connections: ['openai'] });
    assert.equal((await ask('GET', '/orders/42', undefined, key)).status, 403);
    assert.equal(lab.provider.log.total, total);
  });

  it('passes errors of the API on, and records the exchange', async () => {
    assert.equal((await ask('GET', '/orders/none')).status, 404);
    const rows = await lab.exchanges();
    assert.ok(rows.some((r) => r.connection === 'orders' && r.operation === 'http' && r.status === 200));
  });

  it('a body with a secret does not leave with it', async () => {
    const token = `ghp_${'a1B2c3D4e5'.repeat(4).slice(0, 36)}`;
    const answer = await ask('POST', '/echo', JSON.stringify({ note: `the token is ${token}` }));
    assert.ok([200, 403].includes(answer.status), `${answer.status}`);
    assert.ok(!lab.provider.log.contains(token));
  });
});
