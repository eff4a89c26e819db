import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { acts, counted, runHistory } from './histories.js';

test('random histories: no double release, none after expiry or revocation, none of other bytes', async () => {
  await fc.assert(fc.asyncProperty(acts, runHistory), { numRuns: 3000 });
  // the property is worth nothing when nothing is ever released
  for (const [what, n] of Object.entries(counted)) assert.ok(n > 0, `${what} never happened`);
});
