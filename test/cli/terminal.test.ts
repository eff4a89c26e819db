import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { expiry, milliseconds, since } from '../../proxy/cli/expiry.js';
import { clean, cleanJson, cleanLine, paint, span, table, width } from '../../proxy/cli/terminal.js';
import { schedule } from '../../proxy/cli/verbs/replay.js';
import { words } from '../../proxy/cli/words.js';
import type { ReplayEvent } from '../../proxy/control/index.js';

/** What a terminal would act on: written independently of the code under test, by code point. */
function acts(text: string, allowed = '\n\t'): string | undefined {
  for (const char of text) {
    const point = char.codePointAt(0)!;
    if (allowed.includes(char)) continue;
    const harmful =
      point < 0x20 ||
      (point >= 0x7f && point < 0xa0) ||
      (point >= 0x200b && point <= 0x200f) ||
      (point >= 0x2028 && point <= 0x202e) ||
      (point >= 0x2060 && point <= 0x206f) ||
      point === 0x61c ||
      point === 0xfeff ||
      (point >= 0xe0000 && point <= 0xe007f);
    if (harmful) return `U+${point.toString(16)}`;
  }
  return undefined;
}

const nasty = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom(
        '\u001b[2J',
        '\u001b]0;title\u0007',
        '\u001b]52;c;ZXZpbA==\u0007',
        '\u202e',
        '\u2066',
        '\u009b31m',
        '\r\n',
        '\r',
        '\u200b',
        '\u{e0041}',
        '日本',
        '👍🏽',
      ),
    ),
  )
  .map((parts) => parts.join(''));

describe('what is printed to a terminal', () => {
  it('never acts, whatever was recorded', () => {
    fc.assert(
      fc.property(nasty, (text) => {
        assert.equal(acts(clean(text)), undefined);
        assert.equal(acts(cleanLine(text), ''), undefined);
        const json = cleanJson({ text });
        assert.equal(acts(json, ''), undefined);
        assert.deepEqual(JSON.parse(json), JSON.parse(JSON.stringify({ text })), 'JSON means the same');
        assert.equal(acts(table(['A', 'B'], [[text, text]], { columns: 80, paint: paint(false) })), undefined);
      }),
    );
  });

  it('leaves plain text as it is, and shows what it took away', () => {
    assert.equal(clean('Grüße, 日本\n\tok'), 'Grüße, 日本\n\tok');
    assert.equal(clean('\u001b[31mred\u202eevil\u0007'), '␛[31mred<U+202E>evil␇');
    assert.equal(clean('a\r\nb\rc'), 'a\nb␍c');
  });

  it('counts columns of wide and combining characters', () => {
    assert.equal(width('abc'), 3);
    assert.equal(width('日本'), 4);
    assert.equal(width('e\u0301'), 1);
  });

  it('keeps tables within the terminal', () => {
    const text = table(['ID', 'WHAT'], [['x', 'y'.repeat(300)]], { columns: 60, paint: paint(false) });
    for (const line of text.split('\n')) assert.ok(width(line) <= 60, line);
  });

  it('has no colours unless wanted', () => {
    assert.equal(paint(false).red('x'), 'x');
    assert.notEqual(paint(true).red('x'), 'x');
  });
});

describe('times', () => {
  it('reads spans and dates, ahead and back', () => {
    assert.equal(milliseconds('8h'), 28_800_000);
    assert.equal(milliseconds('8 hours'), undefined);
    const now = Date.parse('2026-11-22T00:00:00Z');
    assert.equal(expiry('30d', now), '2026-12-22T00:00:00.000Z');
    assert.equal(since('2w', now), '2026-11-08T00:00:00.000Z');
    assert.throws(() => expiry('2026-01-01', now), /no time to come/);
    assert.throws(() => expiry('soon', now));
    assert.throws(() => since('ever', now));
    assert.equal(span(820), '820 ms');
    assert.equal(span(200_000), '3 m 20 s');
  });
});

describe('the shell of login', () => {
  it('splits words as a shell would', () => {
    assert.deepEqual(words(`approvals deny ap_1 --reason "it's not \\"ok\\"" 'a b' c\\ d ""`), [
      'approvals',
      'deny',
      'ap_1',
      '--reason',
      'it\'s not "ok"',
      'a b',
      'c d',
      '',
    ]);
    assert.equal(words('say "open'), undefined);
    assert.deepEqual(words('   '), []);
  });

  it('turns any words back that were quoted', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), (list) => {
        const line = list.map((word) => `'${word.replaceAll("'", `'"'"'`)}'`).join(' ');
        assert.deepEqual(words(line), list);
      }),
    );
  });
});

describe('the timing of a replay', () => {
  const at = (timeMs: number) => ({ timeMs }) as ReplayEvent;

  it('waits what was recorded, divided by the speed, with long pauses cut', () => {
    const events = [at(0), at(100), at(10_100), at(10_100)];
    const waits = (pace: object) =>
      schedule(events, { speed: 1, longest: Number.POSITIVE_INFINITY, from: 0, ...pace }).map((s) => s.waitMs);
    assert.deepEqual(waits({}), [0, 100, 10_000, 0]);
    assert.deepEqual(waits({ speed: 4 }), [0, 25, 2500, 0]);
    assert.deepEqual(waits({ longest: 2000 }), [0, 100, 2000, 0]);
    assert.deepEqual(waits({ speed: 0 }), [0, 0, 0, 0]);
    assert.deepEqual(waits({ from: 5000 }), [5100, 0]);
  });

  it('never waits longer in all than was recorded, and plays every event', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(100_000)), fc.integer({ min: 1, max: 16 }), (times, speed) => {
        const events = times.sort((a, b) => a - b).map(at);
        const played = schedule(events, { speed, longest: Number.POSITIVE_INFINITY, from: 0 });
        assert.equal(played.length, events.length);
        const total = played.reduce((sum, s) => sum + s.waitMs, 0);
        assert.ok(Math.abs(total - (events.at(-1)?.timeMs ?? 0) / speed) < 1e-6);
      }),
    );
  });
});
