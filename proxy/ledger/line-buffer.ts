/** Base64 of so many bytes at a time, a multiple of 3: what stands on the heap as text is short and at once garbage. */
const STEP = 48 << 10;
/** It is used for batch after batch; what one large batch needed is not kept for good. */
const ROOM = 64 << 10;
const MOST_KEPT = 1 << 20;

/**
 * Lines of one batch, as bytes. Contents go in encrypted and encoded: as text, each long one would stand on the heap four times over
 * (its base64, its line, its line as bytes to be hashed, the batch), which was a third of what a request of 50 KB left to be collected.
 */
export class LineBuffer {
  private bytes = Buffer.allocUnsafeSlow(ROOM);
  length = 0;

  /** Begins anew. */
  clear(): void {
    this.length = 0;
    if (this.bytes.length > MOST_KEPT) this.bytes = Buffer.allocUnsafeSlow(ROOM);
  }

  text(text: string): void {
    // UTF-8 takes at most three bytes for a UTF-16 unit.
    this.need(text.length * 3);
    this.length += this.bytes.write(text, this.length, 'utf8');
  }

  base64(bytes: Buffer): void {
    this.need(Math.ceil(bytes.length / 3) * 4);
    for (let at = 0; at < bytes.length; at += STEP)
      this.length += this.bytes.write(bytes.toString('base64', at, Math.min(at + STEP, bytes.length)), this.length, 'latin1');
  }

  /** What was put in from `start` on; only until more is put in. */
  since(start: number): Buffer {
    return this.bytes.subarray(start, this.length);
  }

  /** All of it, to be kept. */
  copy(): Buffer {
    return Buffer.from(this.since(0));
  }

  private need(more: number): void {
    if (this.length + more <= this.bytes.length) return;
    const bytes = Buffer.allocUnsafeSlow(Math.max(2 * this.bytes.length, this.length + more));
    this.bytes.copy(bytes, 0, 0, this.length);
    this.bytes = bytes;
  }
}
