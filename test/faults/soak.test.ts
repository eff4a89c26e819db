import assert from 'node:assert/strict';
import { it } from 'node:test';
import { soak } from './soak.js';

/** Short form of `npm run soak -- --minutes 60`; `npm test` runs it beside its other steps. */
const SECONDS = 120;

it(`${SECONDS} seconds of everything at random: all ends and is recorded, nothing blocked is read, the chain verifies, it serves on`, {
  timeout: 420_000,
}, async (t) => {
  const report = await soak(SECONDS);
  t.diagnostic(JSON.stringify(report));
  assert.deepEqual(
    [report.open, report.leaked, report.unrecorded, report.unserved, report.chainVerified],
    [0, 0, 0, 0, true],
    JSON.stringify(report),
  );
  assert.ok(report.requests > 100 && Object.values(report.chaos).length >= 3, `little was tried: ${JSON.stringify(report)}`);
});
