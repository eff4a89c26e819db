import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Operation, Principal, SallyportError, Scope } from '../../proxy/contract/index.js';
import { authorizeScope, matchesGlob } from '../../proxy/identity/index.js';

const principal = (scope: Scope): Principal => ({
  agentId: 'ag_1',
  name: 'bot',
  owner: 'local',
  groups: [],
  scope,
  via: 'key',
  credentialId: 'x',
});
const code = (scope: Scope, wanted: { connection: string; operation: Operation; model?: string }) => {
  try {
    authorizeScope(principal(scope), wanted);
    return 'ok';
  } catch (error) {
    return (error as SallyportError).code;
  }
};
const scope: Scope = { connections: ['openai'], models: ['gpt-4o*', 'o3'], operations: ['chat', 'models'] };

test('nothing listed, nothing allowed', () => {
  const none = { connections: [], models: [], operations: [] };
  assert.equal(code(none, { connection: 'openai', operation: 'chat', model: 'gpt-4o' }), 'connection_not_allowed');
  assert.equal(
    code({ ...none, connections: ['*'] }, { connection: 'openai', operation: 'chat', model: 'gpt-4o' }),
    'operation_not_allowed',
  );
  assert.equal(
    code({ ...none, connections: ['*'], operations: ['*'] }, { connection: 'openai', operation: 'chat', model: 'x' }),
    'model_not_allowed',
  );
});

test('what is listed is allowed, and nothing beside it', () => {
  const chat = (model?: string) => code(scope, { connection: 'openai', operation: 'chat', ...(model === undefined ? {} : { model }) });
  assert.equal(chat('gpt-4o'), 'ok');
  assert.equal(chat('gpt-4o-mini'), 'ok');
  assert.equal(chat('o3'), 'ok');
  assert.equal(chat('o3-pro'), 'model_not_allowed');
  assert.equal(chat('GPT-4o'), 'model_not_allowed');
  assert.equal(chat(''), 'model_not_allowed');
  assert.equal(chat(), 'model_not_allowed', 'a chat without a model needs every model');
  assert.equal(code(scope, { connection: 'openai', operation: 'models' }), 'ok', 'listing models names none');
  assert.equal(code(scope, { connection: 'anthropic', operation: 'chat', model: 'o3' }), 'connection_not_allowed');
  assert.equal(code(scope, { connection: 'openai', operation: 'responses', model: 'o3' }), 'operation_not_allowed');
  assert.equal(code(scope, { connection: 'openai', operation: 'passthrough' }), 'operation_not_allowed');
});

test('a connection or operation is matched whole, never as a pattern', () => {
  assert.equal(code({ ...scope, connections: ['open*'] }, { connection: 'openai', operation: 'models' }), 'connection_not_allowed');
});

test('globs agree with the same pattern as a regular expression', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'b', '-', '.', '*', '/'), maxLength: 12 });
  fc.assert(
    fc.property(text, text, (glob, model) => {
      const pattern = new RegExp(`^${glob.replace(/[.\-/]/g, '\\$&').replace(/\*+/g, '[^]*')}$`);
      assert.equal(matchesGlob(glob, model), pattern.test(model));
    }),
    { numRuns: 2000 },
  );
});

test('a hostile glob does not explode', () => {
  assert.equal(matchesGlob(`${'*a'.repeat(50)}b`, 'a'.repeat(5000)), false);
});
