import { closeSync, createReadStream, fstatSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { segmentName } from './paths.js';

/** One line as it stands in its file. */
export interface RawLine {
  segment: number;
  /** Bytes from the start of the segment. */
  offset: number;
  /** Newline included, where it has one. */
  bytes: Buffer;
  /** False for what stands after the last newline. */
  complete: boolean;
}

const BLOCK = 64 << 10;
const ROOM = Buffer.alloc(BLOCK, 10);

/** Where a segment's last record ends, in bytes. Behind it the newest segment may hold newlines: room that the writer took ahead. */
export function segmentEnd(directory: string, segment: number): number {
  const fd = openSync(join(directory, segmentName(segment)), 'r');
  try {
    return recordsEnd(fd);
  } finally {
    closeSync(fd);
  }
}

/** {@link segmentEnd} of an open file. */
export function recordsEnd(fd: number): number {
  const { size } = fstatSync(fd);
  const block = Buffer.allocUnsafe(Math.min(BLOCK, size));
  for (let end = size; end > 0; end -= block.length) {
    const start = Math.max(0, end - block.length);
    let last = readSync(fd, block, 0, end - start, start) - 1;
    // There may be a megabyte of room, and the index looks behind it again and again.
    if (last === BLOCK - 1 && block.equals(ROOM)) continue;
    while (last >= 0 && block[last] === 10) last--;
    // With its own newline, where it has one.
    if (last >= 0) return Math.min(size, start + last + 2);
  }
  return 0;
}

/** Lines of one segment from an offset on. An incomplete end comes last, marked. Memory: the longest line. */
export async function* scanSegment(directory: string, segment: number, from = 0, upTo?: number): AsyncGenerator<RawLine> {
  const stop = upTo ?? segmentEnd(directory, segment);
  if (stop <= from) return;
  const stream = createReadStream(join(directory, segmentName(segment)), { start: from, end: stop - 1, highWaterMark: 1 << 20 });
  let rest: Buffer[] = [];
  let offset = from;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    let start = 0;
    for (let end = chunk.indexOf(10); end !== -1; end = chunk.indexOf(10, start)) {
      const part = chunk.subarray(start, end + 1);
      const bytes = rest.length > 0 ? Buffer.concat([...rest, part]) : part;
      rest = [];
      yield { segment, offset, bytes, complete: true };
      offset += bytes.length;
      start = end + 1;
    }
    if (start < chunk.length) rest.push(chunk.subarray(start));
  }
  if (rest.length > 0) yield { segment, offset, bytes: Buffer.concat(rest), complete: false };
}
