import assert from 'node:assert/strict';
import { it } from 'node:test';
import { soak } from './soak.js';

/** Short form of `npm run soak -- --minutes 60`. */
const SECONDS = 20;

it(`${SECONDS} seconds of faults at random: all ends, nothing blocked is read, the chain verifies, it serves on`, {
  timeout: 120_000,
}, async () => {
  const report = await soak(SECONDS);
  assert.deepEqual([report.open, report.leaked, report.unserved, report.chainVerified], [0, 0, 0, true], JSON.stringify(report));
  assert.ok(report.requests > 20, `only ${report.requests} requests`);
});
