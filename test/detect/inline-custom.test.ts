import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ScanContext } from '../../proxy/contract/index.js';
import { createDetector } from '../../proxy/detect/index.js';

const context: ScanContext = { direction: 'response', role: 'assistant', kind: 'text', provenance: 'model' };

test('words and patterns of the user are found in streamed text, together as alone', () => {
  const pattern = { name: 'PROJECT', pattern: 'PRJ-\\d{4}', confidence: 1 };
  const found = (custom: (typeof pattern)[], denyWords: string[], text: string) =>
    createDetector({ names: false, custom, denyWords })
      .scanInline(text, context)
      .map((f) => f.entity);
  assert.deepEqual(found([], ['nightfall'], 'about nightfall now'), ['DENY_WORD']);
  assert.deepEqual(found([pattern], ['nightfall'], 'about nightfall now'), ['DENY_WORD']);
  assert.deepEqual(found([pattern], ['nightfall'], 'about PRJ-1234 now'), ['PROJECT']);
  assert.deepEqual(found([pattern, { ...pattern, name: 'OTHER', pattern: 'zz+top' }], ['nightfall'], `${'a '.repeat(20_000)}nightfall`), [
    'DENY_WORD',
  ]);
});
