import { createReadStream } from 'node:fs';
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

/** Lines of one segment from an offset on. An incomplete end comes last, marked. Memory: the longest line. */
export async function* scanSegment(directory: string, segment: number, from = 0, upTo?: number): AsyncGenerator<RawLine> {
  if (upTo !== undefined && upTo <= from) return;
  const stream = createReadStream(join(directory, segmentName(segment)), {
    start: from,
    ...(upTo === undefined ? {} : { end: upTo - 1 }),
    highWaterMark: 1 << 20,
  });
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
