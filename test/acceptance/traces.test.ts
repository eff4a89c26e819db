import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';
import type { GatewayStatus } from '../../proxy/contract/index.js';
import { type Lab, startLab } from '../support/gateway.js';

describe('traces go to a collector while they come', () => {
  let lab: Lab;
  const bodies: string[] = [];
  const keys = new Set<string | undefined>();
  let status = 200;
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
    request.on('end', () => {
      keys.add(request.headers['x-team']?.toString());
      if (status === 200) bodies.push(body);
      response.writeHead(status, { 'content-type': 'application/json' }).end('{}');
    });
  });
  before(async () => {
    server.listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as AddressInfo;
    lab = await startLab({
      env: { TRACE_HEADERS: 'x-team=red' },
      settings: (settings) => {
        settings.ledger.otlp = { endpoint: `http://127.0.0.1:${port}/v1/traces`, headersEnv: 'TRACE_HEADERS', content: true };
      },
    });
  });
  after(async () => {
    await lab?.close();
    server.closeAllConnections();
    server.close();
  });
  const chat = async (content: string): Promise<number> => {
    const response = await fetch(`${lab.openai}/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${lab.key}`, 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'gpt-4o', messages: [{ role: 'user', content }] }),
    });
    await response.text();
    return response.status;
  };
  const until = async (holds: (now: GatewayStatus) => boolean): Promise<GatewayStatus> => {
    for (const end = Date.now() + 30_000; ; ) {
      const now = await lab.call<GatewayStatus>('GET', '/api/status');
      if (holds(now)) return now;
      assert.ok(Date.now() < end, JSON.stringify(now));
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  };

  it('masked, with the headers of the environment, counted in the status', async () => {
    assert.equal(await chat('[[echo]] Write to lena.kern@brunnhof-ag.ch about tulips'), 200);
    const now = await until((s) => s.otlp?.sent === 1);
    assert.deepEqual(now.otlp, { sent: 1, dropped: 0, waiting: 0 });
    const all = bodies.join('\n');
    assert.match(all, /tulips/);
    assert.ok(!all.includes('lena.kern@brunnhof-ag.ch'));
    assert.deepEqual([...keys], ['red']);
    assert.match((await lab.cli(['status'])).stdout, /traces {7}1 sent, 0 dropped, 0 wait/);
  });

  it('a collector that fails costs no request anything, is said, and gets what waits when it is well', async () => {
    status = 503;
    for (let i = 0; i < 3; i++) assert.equal(await chat(`[[echo]] ${i}`), 200);
    const ill = await until((s) => s.faults.some(({ code }) => code === 'otlp'));
    assert.match(ill.faults.find(({ code }) => code === 'otlp')!.message, /503.*settings: ledger\.otlp/);
    assert.equal(ill.state, 'listening');
    status = 200;
    const well = await until((s) => s.otlp?.sent === 4);
    assert.deepEqual(well.otlp, { sent: 4, dropped: 0, waiting: 0 });
    await until((s) => s.faults.every(({ code }) => code !== 'otlp'));
  });
});
