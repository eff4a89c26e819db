/** Exchanges of one block: what a filter or a word says of them is one bit each, so that conditions meet by AND and not by look-ups. */

const BITS = 14;
/** Exchanges of one block: of one bitmap, and of one table of full text search. A search goes from block to block, newest first. */
export const BLOCK = 1 << BITS;
/** A bitmap of a block: bit i is the exchange `block * BLOCK + i`. */
export type Bits = Uint32Array;

export const noBits = (): Bits => new Uint32Array(BLOCK / 32);
export const allBits = (): Bits => noBits().fill(0xffffffff);
export const blockOf = (n: number): number => Math.floor(n / BLOCK);

export function setBit(bits: Bits, n: number): void {
  const at = n % BLOCK;
  bits[at >>> 5]! |= 1 << (at & 31);
}

export function clearBit(bits: Bits, n: number): void {
  const at = n % BLOCK;
  bits[at >>> 5]! &= ~(1 << (at & 31));
}

export const hasBit = (bits: Bits, n: number): boolean => (bits[(n % BLOCK) >>> 5]! & (1 << (n & 31))) !== 0;

/** Sets or clears (`on`) the bits of exchanges from `first` to `end` (not included) as far as they lie in the block. */
export function setRange(bits: Bits, block: number, first: number, end: number, on: boolean): void {
  const change = on ? setBit : clearBit;
  const from = Math.max(first, block * BLOCK);
  const to = Math.min(end, (block + 1) * BLOCK);
  for (let n = from; n < to; ) {
    if (n % 32 === 0 && to - n >= 32) {
      bits[(n % BLOCK) >>> 5] = on ? 0xffffffff : 0;
      n += 32;
    } else change(bits, n++);
  }
}

export const isEmpty = (bits: Bits): boolean => bits.every((word) => word === 0);

export function andBits(bits: Bits, other: Bits): void {
  for (let i = 0; i < bits.length; i++) bits[i]! &= other[i]!;
}

export function andNotBits(bits: Bits, other: Bits): void {
  for (let i = 0; i < bits.length; i++) bits[i]! &= ~other[i]!;
}

/** Numbers of the exchanges whose bits are set, newest first. */
export function* newestFirst(bits: Bits, block: number): Generator<number> {
  for (let i = bits.length - 1; i >= 0; i--) {
    for (let word = bits[i]!; word !== 0; ) {
      const bit = 31 - Math.clz32(word);
      yield block * BLOCK + i * 32 + bit;
      word &= ~(1 << bit);
    }
  }
}

/** As it is stored: sorted 16-bit numbers while that is shorter than the bitmap, which is told by its length. */
export function storedBits(bits: Bits): Buffer {
  const few: number[] = [];
  for (const at of newestFirst(bits, 0)) {
    few.push(at);
    if (few.length === BLOCK / 16) return Buffer.from(bits.buffer, bits.byteOffset, bits.byteLength);
  }
  const numbers = Uint16Array.from(few.reverse());
  return Buffer.from(numbers.buffer, 0, numbers.byteLength);
}

/** Adds what was stored to `bits`. libsql gives a buffer for one row and its memory for many. */
export function addStored(bits: Bits, stored: Uint8Array | ArrayBuffer): void {
  // A copy of a buffer, so that it lies where wider numbers may.
  const bytes = new Uint8Array(stored);
  if (bytes.length === BLOCK / 8) {
    const other = new Uint32Array(bytes.buffer);
    for (let i = 0; i < bits.length; i++) bits[i]! |= other[i]!;
  } else for (const at of new Uint16Array(bytes.buffer)) setBit(bits, at);
}
