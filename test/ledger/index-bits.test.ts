import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  addStored,
  andBits,
  andNotBits,
  type Bits,
  BLOCK,
  clearBit,
  hasBit,
  isEmpty,
  newestFirst,
  noBits,
  setBit,
  setRange,
  storedBits,
} from '../../proxy/ledger/index-bits.js';

const numbers = fc.oneof(
  fc.uniqueArray(fc.integer({ min: 0, max: BLOCK - 1 }), { maxLength: 40 }),
  // Around the length at which a bitmap is shorter than a list.
  fc
    .tuple(fc.integer({ min: 1000, max: 1050 }), fc.integer({ min: 1, max: 15 }))
    .map(([n, step]) => Array.from({ length: n }, (_, i) => i * step)),
  fc.constant(Array.from({ length: BLOCK }, (_, i) => i)),
);
const block = fc.integer({ min: 0, max: 100_000 });
const bitsOf = (list: readonly number[]): Bits => {
  const bits = noBits();
  for (const n of list) setBit(bits, n);
  return bits;
};
const listed = (bits: Bits, at = 0): number[] => [...newestFirst(bits, at)];
const newest = (set: Iterable<number>): number[] => [...set].sort((a, b) => b - a);

test('bitmaps of exchanges are sets: stored and read again, met, and listed from the newest', () => {
  fc.assert(
    fc.property(numbers, numbers, block, (a, b, at) => {
      const mine = a.map((n) => at * BLOCK + n);
      assert.deepEqual(listed(bitsOf(mine), at), newest(mine));
      const stored = storedBits(bitsOf(a));
      assert.ok(stored.length <= BLOCK / 8 && stored.length <= Math.max(2 * a.length, BLOCK / 8));
      const again = bitsOf(b);
      addStored(again, stored);
      assert.deepEqual(listed(again), newest(new Set([...a, ...b])));
      // As libsql gives it with many rows.
      const bare = noBits();
      addStored(bare, Uint8Array.from(stored).buffer);
      assert.deepEqual(bare, bitsOf(a));
      const both = bitsOf(a);
      andBits(both, bitsOf(b));
      assert.deepEqual(listed(both), newest(a.filter((n) => b.includes(n))));
      const only = bitsOf(a);
      andNotBits(only, bitsOf(b));
      assert.deepEqual(listed(only), newest(a.filter((n) => !b.includes(n))));
      assert.equal(isEmpty(only), listed(only).length === 0);
      for (const n of a.slice(0, 20)) {
        clearBit(both, n);
        assert.ok(hasBit(bitsOf(a), n) && !hasBit(both, n));
      }
    }),
    { numRuns: 60 },
  );
});

test('a range of exchanges is set as far as it lies in the block', () => {
  const end = fc.integer({ min: 0, max: 3 * BLOCK });
  fc.assert(
    fc.property(end, end, fc.boolean(), (first, last, on) => {
      const bits = on ? noBits() : noBits().fill(0xffffffff);
      setRange(bits, 1, first, last, on);
      for (let n = BLOCK; n < 2 * BLOCK; n++) assert.equal(hasBit(bits, n), (n >= first && n < last) === on);
    }),
    { numRuns: 30 },
  );
});
