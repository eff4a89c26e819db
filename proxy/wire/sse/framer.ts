/**
 * Cuts a byte stream into server-sent events (HTML Living Standard §9.2.6) without changing a byte: the `raw` of all frames put
 * together is the stream. Works on bytes, so that a cut inside a character, a CRLF or the byte order mark does no harm.
 */

export interface Frame {
  /** Every byte of the event, its blank line, and comments before it. */
  raw: Buffer;
  /** Field `event`, '' when absent. */
  event: string;
  /** Does it carry data? */
  hasData: boolean;
  /** Bytes that hold the data as one line, from `dataStart` to `dataEnd`: `raw` itself, or a rewritten form of a multi-line event. */
  source: Buffer;
  dataStart: number;
  dataEnd: number;
}

/** An event longer than this is refused: a provider could otherwise fill the memory. */
export const MAX_EVENT_BYTES = 32 * 1024 * 1024;

export class EventTooLong extends Error {}

const EMPTY = Buffer.alloc(0);
const LF = 10;
const CR = 13;

export class SseFramer {
  private buffer: Buffer = EMPTY;
  /** Memory that `buffer` stands in when it was put together here, and how much of it is taken. Taken bytes are never written again. */
  private room?: Buffer;
  private used = 0;
  private lineStart = 0;
  private pos = 0;
  private atStart = true;
  /** The byte before was a CR that ended a line: a LF now belongs to it. */
  private afterCr = false;
  /** Does the stream end its lines with a bare CR? Known with the first line end. */
  private bareCr?: boolean;
  private event = '';
  private data: number[] = [];

  /** Whole events in `chunk` and what was kept before it. @throws EventTooLong */
  push(chunk: Buffer): Frame[] {
    const frames: Frame[] = [];
    let buffer = this.buffer.length === 0 ? chunk : this.append(chunk);
    if (this.atStart) {
      if (buffer.length < 3 && isBomPrefix(buffer)) {
        this.buffer = buffer;
        return frames;
      }
      this.atStart = false;
      if (buffer.length >= 3 && isBomPrefix(buffer)) this.pos = this.lineStart = 3;
    }
    let eventStart = 0;
    let pos = this.pos;
    const length = buffer.length;
    let nextCr = -1;
    let nextLf = -1;
    while (pos < length) {
      const c = buffer[pos]!;
      if (this.afterCr) {
        this.afterCr = false;
        this.bareCr ??= c !== LF;
        if (c === LF) {
          pos++;
          this.lineStart = pos;
          // The CR before it ended an event that was already handed out: the LF is a frame of its own.
          if (pos - 1 === eventStart) {
            frames.push(plain(buffer.subarray(eventStart, pos)));
            eventStart = pos;
          }
          continue;
        }
      }
      if (c !== LF && c !== CR) {
        // Straight to the next line end; each kind is searched once, for most streams have only one.
        if (nextCr < pos) nextCr = found(buffer.indexOf(CR, pos), length);
        if (nextLf < pos) nextLf = found(buffer.indexOf(LF, pos), length);
        pos = Math.min(nextCr, nextLf);
        continue;
      }
      const lineEnd = pos;
      // The blank line of a CRLF stream is whole only with its LF.
      if (c === CR && pos + 1 === length && lineEnd === this.lineStart && !this.bareCr) break;
      pos++;
      if (c === CR) {
        if (pos < length) {
          const pair = buffer[pos] === LF;
          this.bareCr ??= !pair;
          if (pair) pos++;
        } else this.afterCr = true;
      } else this.bareCr ??= false;
      if (lineEnd > this.lineStart) {
        this.line(buffer, this.lineStart, lineEnd, eventStart);
      } else {
        frames.push(this.frame(buffer.subarray(eventStart, pos)));
        eventStart = pos;
      }
      this.lineStart = pos;
    }
    if (eventStart > 0) {
      buffer = eventStart === length ? EMPTY : buffer.subarray(eventStart);
      this.lineStart -= eventStart;
      pos -= eventStart;
    }
    if (buffer.length > MAX_EVENT_BYTES) throw new EventTooLong('an event of the stream is longer than 32 MiB');
    this.buffer = buffer;
    this.pos = pos;
    return frames;
  }

  /** Puts a chunk behind what is kept. Room is taken in growing steps, so that many small chunks do not copy it each time. */
  private append(chunk: Buffer): Buffer {
    const { buffer } = this;
    const length = buffer.length + chunk.length;
    const end = this.room && buffer.buffer === this.room.buffer ? buffer.byteOffset - this.room.byteOffset + buffer.length : -1;
    if (this.room && end >= 0 && end === this.used && end + chunk.length <= this.room.length) {
      chunk.copy(this.room, end);
      this.used = end + chunk.length;
      return this.room.subarray(this.used - length, this.used);
    }
    this.room = Buffer.allocUnsafeSlow(Math.max(1024, length * 2));
    buffer.copy(this.room, 0);
    chunk.copy(this.room, buffer.length);
    this.used = length;
    return this.room.subarray(0, length);
  }

  /** What is left at the end of the stream: an event without its blank line. Some clients read it, so it is read here. */
  rest(): Frame | undefined {
    if (this.buffer.length === 0) return undefined;
    const buffer = this.buffer;
    if (buffer.length > this.lineStart) this.line(buffer, this.lineStart, buffer.length, 0);
    this.buffer = EMPTY;
    this.pos = this.lineStart = 0;
    this.afterCr = false;
    return this.frame(buffer);
  }

  private line(buffer: Buffer, start: number, end: number, eventStart: number): void {
    const first = buffer[start];
    if (first === 100) {
      // data
      if (end - start < 4 || buffer[start + 1] !== 97 || buffer[start + 2] !== 116 || buffer[start + 3] !== 97) return;
      if (end - start === 4) this.data.push(end - eventStart, end - eventStart);
      else if (buffer[start + 4] === 58) {
        const from = start + (end - start > 5 && buffer[start + 5] === 32 ? 6 : 5);
        this.data.push(from - eventStart, end - eventStart);
      }
    } else if (first === 101) {
      // event
      if (buffer.toString('latin1', start, Math.min(end, start + 5)) !== 'event') return;
      if (end - start === 5) this.event = '';
      else if (buffer[start + 5] === 58) this.event = buffer.toString('utf8', start + (buffer[start + 6] === 32 ? 7 : 6), end);
    }
  }

  private frame(raw: Buffer): Frame {
    const { event, data } = this;
    this.event = '';
    if (data.length === 0) return { raw, event, hasData: false, source: raw, dataStart: 0, dataEnd: 0 };
    this.data = [];
    if (data.length === 2) return { raw, event, hasData: true, source: raw, dataStart: data[0]!, dataEnd: data[1]! };
    return oneLine(raw, event, data);
  }
}

const found = (at: number, none: number): number => (at < 0 ? none : at);

const plain = (raw: Buffer): Frame => ({ raw, event: '', hasData: false, source: raw, dataStart: 0, dataEnd: 0 });

const isBomPrefix = (buffer: Buffer): boolean =>
  buffer.length > 0 && buffer[0] === 0xef && (buffer.length < 2 || buffer[1] === 0xbb) && (buffer.length < 3 || buffer[2] === 0xbf);

/** Data over several lines is joined by LF; between JSON tokens that is white space, so one line with spaces says the same. */
function oneLine(raw: Buffer, event: string, data: number[]): Frame {
  const head = Buffer.from(event ? `event: ${event}\ndata: ` : 'data: ', 'utf8');
  const pieces: Buffer[] = [head];
  let length = head.length;
  for (let i = 0; i < data.length; i += 2) {
    const piece = raw.subarray(data[i]!, data[i + 1]!);
    if (i > 0) {
      pieces.push(Buffer.from(' '));
      length++;
    }
    pieces.push(piece);
    length += piece.length;
  }
  pieces.push(Buffer.from('\n\n'));
  return { raw, event, hasData: true, source: Buffer.concat(pieces), dataStart: head.length, dataEnd: length };
}

/** One event in the spelling that providers use. `data` is JSON text. */
export const sseEvent = (data: string, event?: string): string => `${event ? `event: ${event}\n` : ''}data: ${data}\n\n`;
