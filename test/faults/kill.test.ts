import assert from 'node:assert/strict';
import { it } from 'node:test';
import { killLoop } from './kill.js';

/** Short form of `npm run faults -- --kills 200`. */
const KILLS = 6;

it(`kill -9 under load, ${KILLS} times: nothing that anybody saw is lost, every exchange has an end, the chain verifies`, {
  timeout: 150_000,
}, async () => {
  const report = await killLoop({ kills: KILLS });
  assert.deepEqual(report.problems, []);
  assert.deepEqual([report.kills, report.lost, report.openEnds, report.chainVerified], [KILLS, 0, 0, true]);
  assert.ok(report.acknowledged > KILLS, `only ${report.acknowledged} facts: nothing was tested`);
});
