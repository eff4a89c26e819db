import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Held, holdAll } from './hold.js';

/** Sixty times as fast: what `npm run hold -- --seconds 660` does in eleven minutes. The clients' own time-outs are scaled alike. */
const SCALE = 60;

const wrong = (all: Held[]): string[] => all.filter((h) => !h.ok).map((h) => `${h.name} (${h.mode}), ${h.decision}: ${h.why}`);

describe(`real clients that wait for a person, ${SCALE} times as fast`, { timeout: 150_000 }, () => {
  it('eleven minutes: every client gets its answer or the refusal, the provider one call or none, a person is asked once', async () => {
    const all = await holdAll({ seconds: 660, scale: SCALE });
    assert.deepEqual(wrong(all), []);
    assert.equal(all.length, 38);
    // The commit lies before the decision for all of them: an error would come too late, so the refusal is an answer.
    for (const h of all.filter((h) => h.decision === 'deny')) assert.equal(h.outcome, 'text with the reason', `${h.name} ${h.mode}`);
  });

  it('denied before the commit: a proper error with the reason, once', async () => {
    const all = await holdAll({ seconds: 60, scale: SCALE, decisions: ['deny'] });
    assert.deepEqual(wrong(all), []);
    for (const h of all) {
      assert.equal(h.outcome, 'error with the reason', `${h.name} ${h.mode}`);
      assert.equal(h.requests, 1, `${h.name} ${h.mode}`);
    }
  });
});
