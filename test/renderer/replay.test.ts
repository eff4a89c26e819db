import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { ReplayEvent } from '../../proxy/control/types.js';
import { clock, countAt, IDLE_MS, joinPieces, layOut, marksOf, nextDecision, seen } from '../../renderer/api/replay.js';

const event = (kind: string, timeMs: number, more: Partial<ReplayEvent> = {}): ReplayEvent => ({
  sequence: timeMs,
  at: new Date(timeMs).toISOString(),
  offsetMs: timeMs,
  kind,
  meta: {},
  hash: '',
  exchange: 'ex_1',
  timeMs,
  ...more,
});

const story: ReplayEvent[] = [
  event('arrival', 0, { content: '{"messages":[]}', contentName: 'request', meta: { findings: [{ findings: [{}] }], verdicts: [] } }),
  event('approval', 10, { meta: { state: 'pending' } }),
  event('decision', 60_000, { meta: { decision: 'approve' } }),
  event('delta', 60_100, { content: 'data: {"a":', contentName: 'response' }),
  event('delta', 60_200, { content: '1}\n\n', contentName: 'response' }),
  event('tool-call', 60_250, { meta: { name: 'shell', outcome: 'blocked' } }),
  event('end', 60_300, { meta: { outcome: 'ok' } }),
  event('arrival', 200_000, { exchange: 'ex_2', content: '{}', contentName: 'request', meta: { findings: [], verdicts: [] } }),
];

test('recorded times are kept, or long pauses are played as one second', () => {
  assert.deepEqual(layOut(story, false).at, [0, 10, 60_000, 60_100, 60_200, 60_250, 60_300, 200_000]);
  const short = layOut(story, true);
  assert.deepEqual(short.at, [0, 10, 10 + IDLE_MS, 1_110, 1_210, 1_260, 1_310, 1_310 + IDLE_MS]);
  assert.equal(short.length, 1_310 + IDLE_MS);
});

test('any events: the line ascends, is never longer than recorded, and each event is seen at its own place', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(1_000_000), { maxLength: 50 }), fc.boolean(), (times, skip) => {
      const events = times.map((timeMs) => ({ timeMs }));
      const line = layOut(events, skip);
      for (const [i, at] of line.at.entries()) {
        assert.ok(at >= (line.at[i - 1] ?? 0));
        assert.ok(countAt(line, at) > i);
        assert.ok(at <= Math.max(0, ...times));
      }
      assert.equal(countAt(line, line.length), events.length);
      assert.equal(countAt(line, -1), 0);
    }),
  );
});

test('marks name what happened, and the next decision is found from anywhere', () => {
  const marks = marksOf(story);
  assert.deepEqual(
    marks.map((m) => m.kind),
    ['finding', 'hold', 'decision', 'answer', 'blocked', 'end', 'arrival'],
  );
  assert.equal(nextDecision(marks, 1), 1);
  assert.equal(nextDecision(marks, 2), 2);
  assert.equal(nextDecision(marks, 3), 5);
  assert.equal(nextDecision(marks, 6), undefined);
});

test('what is seen grows with the events', () => {
  assert.deepEqual(seen(story, 0), []);
  const [first] = seen(story, 4);
  assert.equal(first?.response, 'data: {"a":');
  assert.equal(first?.end, undefined);
  const all = seen(story, story.length);
  assert.equal(all[0]?.response, 'data: {"a":1}\n\n');
  assert.equal(all[0]?.end?.kind, 'end');
  assert.deepEqual(
    all.map((x) => [x.id, x.count]),
    [
      ['ex_1', 7],
      ['ex_2', 1],
    ],
  );
});

test('pieces of a long session are one', () => {
  const piece = (events: ReplayEvent[]) => ({ session: 's', durationMs: events.at(-1)?.timeMs ?? 0, events, exchanges: [] });
  const whole = joinPieces(joinPieces(undefined, piece(story.slice(0, 3))), piece(story.slice(3)));
  assert.deepEqual(whole.events, story);
  assert.equal(whole.durationMs, 200_000);
});

test('the clock counts minutes and tenths', () => {
  assert.equal(clock(0), '0:00.0');
  assert.equal(clock(64_250), '1:04.2');
});
