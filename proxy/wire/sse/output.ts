import type { AnswerBytes } from '../types.js';

/** Gathers what may be released, in both forms, and hands it out as one piece. Neighbouring slices of one buffer are not copied. */
export class Output {
  private clear: Buffer[] = [];
  private masked: Buffer[] = [];
  private same = true;
  /** The last byte put out was not the end of an event (the provider's stream was cut there). */
  private unfinished = false;

  /** Bytes that stand in the stream as the provider sent them. */
  raw(bytes: Buffer, unfinished = false): void {
    if (bytes.length === 0) return;
    this.both(bytes, bytes);
    this.unfinished = unfinished;
  }

  both(clear: Buffer, masked: Buffer): void {
    if (this.unfinished) {
      this.unfinished = false;
      this.append(EVENT_END, EVENT_END);
    }
    this.append(clear, masked);
  }

  /** An event of our own, as text. */
  text(clear: string, masked = clear): void {
    const bytes = Buffer.from(clear, 'utf8');
    this.both(bytes, masked === clear ? bytes : Buffer.from(masked, 'utf8'));
  }

  drain(): AnswerBytes[] {
    if (this.clear.length === 0) return [];
    const clear = joined(this.clear);
    const masked = this.same ? clear : joined(this.masked);
    this.clear = [];
    this.masked = [];
    this.same = true;
    return [{ clear, masked }];
  }

  private append(clear: Buffer, masked: Buffer): void {
    if (this.same && clear !== masked) {
      this.same = false;
      this.masked = this.clear.slice();
    }
    extend(this.clear, clear);
    if (!this.same) extend(this.masked, masked);
  }
}

const EVENT_END = Buffer.from('\n\n');

function extend(pieces: Buffer[], next: Buffer): void {
  const last = pieces[pieces.length - 1];
  if (last && last.buffer === next.buffer && last.byteOffset + last.length === next.byteOffset) {
    pieces[pieces.length - 1] = Buffer.from(last.buffer, last.byteOffset, last.length + next.length);
  } else pieces.push(next);
}

const joined = (pieces: Buffer[]): Buffer => (pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces));
