import assert from 'node:assert/strict';
import { test } from 'node:test';
import { holdPlan } from '../../proxy/approvals/index.js';

/** client, user agent, headers, stream → 1xx, commit in seconds (Infinity: never or not needed). */
const TABLE: [string, string, Record<string, string>, boolean, boolean, number][] = [
  ['openai-js 6', 'OpenAI/JS 6.49.0', {}, true, true, 540],
  ['openai-js 6', 'OpenAI/JS 6.49.0', {}, false, true, 540],
  ['openai-js 7', 'OpenAI/JS 7.57.0', {}, true, true, 540],
  ['openai-js 7', 'OpenAI/JS 7.57.0', { 'x-stainless-timeout': '60' }, false, true, Number.POSITIVE_INFINITY],
  ['langchain-js openai 6', 'langchainjs-openai/1.5.8', { 'x-stainless-package-version': '6.49.0' }, false, true, 540],
  ['langchain-js openai 7', 'langchainjs-openai/1.6.0', { 'x-stainless-package-version': '7.1.0' }, false, true, Number.POSITIVE_INFINITY],
  ['langchain-js openai 7', 'langchainjs-openai/1.6.0', { 'x-stainless-package-version': '7.1.0' }, true, true, 540],
  ['openai-agents-js', 'Agents/JavaScript 0.20', {}, true, true, 540],
  ['openai-agents-js', 'Agents/JavaScript 0.20', {}, false, true, Number.POSITIVE_INFINITY],
  ['anthropic-js', 'Anthropic/JS 1.12.0', { 'x-stainless-timeout': '600' }, true, true, 360],
  ['anthropic-js', 'Anthropic/JS 1.12.0', { 'x-stainless-timeout': '30' }, false, true, 18],
  ['ai-sdk', 'ai/6.0.326 ai-sdk/openai/3.0', {}, true, true, 540],
  ['google-genai', 'google-genai-sdk/2.32.0 gl-node/v20', {}, true, true, 540],
  ['langchain-js gemini', 'node', { 'x-goog-api-client': 'genai-js/0.24.1' }, true, true, 540],
  ['node fetch', 'node', {}, true, true, Number.POSITIVE_INFINITY],
  ['ollama-js', 'ollama-js/0.6.3 (x64 linux Node.js/v20.20.2)', {}, true, true, 540],
  ['codex', 'codex_exec/0.169.0', {}, true, true, 540],
  ['gemini-cli', 'GeminiCLI/0.61.0/gemini-3 (linux; x64)', {}, true, true, 540],
  ['claude-code', 'claude-cli/2.1.197 (external, sdk-cli)', { 'x-stainless-timeout': '600' }, true, true, 200],
  ['opencode', 'opencode/1.18.0 ai-sdk/provider-utils/3.0 runtime/bun/1.3', {}, true, true, 200],
  ['bun', 'ai-sdk/openai/3 runtime/bun/1.3', {}, true, true, 200],
  ['bun', 'Bun/1.3.0', {}, false, true, 200],
  ['python-httpx', 'python-httpx/0.23.3', {}, true, true, Number.POSITIVE_INFINITY],
  ['openai-python', 'OpenAI/Python 3.3.1', {}, false, true, Number.POSITIVE_INFINITY],
  ['openai-python', 'AsyncOpenAI/Python 3.3.1', {}, false, true, Number.POSITIVE_INFINITY],
  ['anthropic-python', 'Anthropic/Python 0.121.0', { 'x-stainless-timeout': '600' }, false, true, 360],
  ['python-aiohttp', 'Python/3.11 aiohttp/3.8.4', {}, true, true, Number.POSITIVE_INFINITY],
  ['python-requests', 'python-requests/2.28.1', {}, true, false, 20],
  ['go', 'Go-http-client/1.1', {}, true, false, 20],
  ['curl', 'curl/7.88.1', {}, true, true, Number.POSITIVE_INFINITY],
  ['unknown', 'SomethingElse/1', {}, true, false, 20],
  ['unknown', '', {}, true, false, 20],
];

for (const [client, ua, headers, stream, informational, commit] of TABLE)
  test(`holds ${ua || '(no user agent)'} ${stream ? 'streaming' : 'at once'}`, () => {
    const plan = holdPlan(ua, headers, 'openai', 'chat', stream);
    assert.equal(plan.client, client);
    assert.equal(plan.informational, informational);
    assert.equal(plan.commitAfterMs, commit * 1000);
    assert.equal(plan.heartbeatEveryMs, 15_000);
    assert.equal(plan.denyStatus, client === 'codex' ? 400 : 403);
    assert.equal(plan.ownStartAfterCommitMs, client === 'claude-code' && stream ? 250_000 : undefined);
  });

test('HTTP/1.0 never gets 1xx and is answered early', () => {
  const plan = holdPlan('curl/7.88.1', {}, 'openai', 'chat', true, { httpVersion: '1.0' });
  assert.equal(plan.informational, false);
  assert.equal(plan.commitAfterMs, 20_000);
});

test('the shortest abort that was seen brings the commit forward; scaling leaves announced time-outs alone', () => {
  const plain = holdPlan('OpenAI/JS 6.1.0', {}, 'openai', 'chat', true, { shortestAbortMs: 100_000 });
  assert.equal(plain.commitAfterMs, 60_000);
  const scaled = holdPlan('OpenAI/JS 6.1.0', {}, 'openai', 'chat', true, { scale: 0.01 });
  assert.equal(scaled.commitAfterMs, 5400);
  assert.equal(scaled.heartbeatEveryMs, 150);
  assert.equal(
    holdPlan('Anthropic/JS 1.12.0', { 'x-stainless-timeout': '3' }, 'anthropic', 'messages', true, { scale: 0.5 }).commitAfterMs,
    1800,
  );
});
