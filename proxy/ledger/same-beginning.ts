const STEP = 4096;

/** How many bytes two contents have in common at their beginning. Compared by the block, 4 KiB in a fraction of a microsecond. */
export function commonLength(one: Uint8Array, other: Uint8Array): number {
  const [a, b] = [asBuffer(one), asBuffer(other)];
  const length = Math.min(a.length, b.length);
  let at = 0;
  while (at + STEP <= length && a.compare(b, at, at + STEP, at, at + STEP) === 0) at += STEP;
  while (at < length && a[at] === b[at]) at++;
  return at;
}

/** A view, not a copy. */
const asBuffer = (bytes: Uint8Array): Buffer =>
  Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
