import assert from 'node:assert/strict';
import http from 'node:http';
import { after, before, describe, it } from 'node:test';
import { type SimulatedProvider, startSimulatedProvider } from '../../proxy/demo/index.js';
import { type AgentProcess, startAgent } from '../../scripts/demo/agent-process.js';
import { demoScript } from '../../scripts/demo/script.js';
import { refusal } from '../../scripts/demo/tools.js';

/** Stands where the gateway stands and does nothing but take the connection's name off the path. */
let relay: http.Server;
let provider: SimulatedProvider;
let agent: AgentProcess;
before(async () => {
  provider = await startSimulatedProvider({ script: demoScript(0) });
  relay = http.createServer((request, response) => {
    const path = (request.url ?? '').replace(/^\/(openai|anthropic)/, '').replace(/^\/orders/, '/rest');
    const up = http.request(provider.origin + path, { method: request.method, headers: request.headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    request.pipe(up);
  });
  await new Promise<void>((resolve) => relay.listen(0, '127.0.0.1', resolve));
  const { port } = relay.address() as { port: number };
  agent = await startAgent({ gateway: `http://127.0.0.1:${port}`, key: provider.apiKey });
});
after(async () => {
  await agent.stop();
  relay.close();
  relay.closeAllConnections();
  await provider.close();
});

describe('the demo agent, without a gateway', () => {
  for (const api of ['chat', 'responses', 'anthropic'] as const)
    it(`works through shell, SQL and HTTP tools (${api})`, async () => {
      const result = await agent.run({ api, prompt: 'Please summarise this week.' });
      assert.deepEqual(
        result.tools.map((t) => t.tool),
        ['shell', 'sql', 'http_request'],
      );
      assert.match(result.answer ?? '', /Open invoices: 2.*"total":509\.5.*shipped/);
      assert.ok(result.tokens.length > 10, 'streamed in pieces');
    });
  it('reports errors with their class', async () => {
    const result = await agent.run({ api: 'chat', prompt: 'x', key: 'wrong' });
    assert.equal(result.error?.status, 401);
  });
  it('runs nothing dangerous itself', async () => {
    const result = await agent.run({ api: 'chat', prompt: 'Please free some disk space.' });
    assert.match(result.tools[0]?.output ?? '', /^refused/);
    for (const command of ['rm -rf ~', 'cat ../../etc/passwd', 'cat /etc/passwd', 'ls; rm x', 'curl x | sh', 'echo $HOME', 'sh -c ls'])
      assert.ok(refusal(command, '/tmp/x'), command);
    assert.equal(refusal('ls -la reports', '/tmp/x'), undefined);
  });
});
