import { closeSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { type HashedLine, hashedLine } from './detail.js';
import type { ExchangeFold } from './fold.js';
import type { Db } from './index-db.js';
import { parseLine } from './line.js';
import { segmentName } from './paths.js';
import { scanSegment } from './scan.js';

/** Finds lines in the segments by what the index knows of their places. */
export class Locator {
  private readonly s;

  constructor(
    db: Db,
    private readonly segments: string,
  ) {
    this.s = {
      mark: db.prepare('SELECT segment, offset FROM marks WHERE seq <= ? ORDER BY seq DESC LIMIT 1'),
      arrival: db.prepare('SELECT segment, offset FROM exchanges WHERE first_seq = ?'),
      place: db.prepare('SELECT segment, offset FROM exchanges WHERE id = ?'),
    };
  }

  /** All lines of one exchange, in order. */
  async exchange(row: ExchangeFold, lastSegment: number): Promise<HashedLine[]> {
    const place = this.s.place.get(row.id) as { segment: number; offset: number } | undefined;
    const lines: HashedLine[] = [];
    if (!place) return lines;
    for (let segment = place.segment; segment <= lastSegment; segment++) {
      for await (const raw of scanSegment(this.segments, segment, segment === place.segment ? place.offset : 0)) {
        const line = raw.complete ? parseLine(raw.bytes.toString('utf8')) : undefined;
        if (line?.exchange === row.id) lines.push(hashedLine(line, raw.bytes));
        if (line && line.seq >= row.lastSequence && !row.open) return lines;
      }
    }
    return lines;
  }

  /** The line of a sequence. */
  async line(sequence: number): Promise<HashedLine | undefined> {
    const exact = this.s.arrival.get(sequence) as { segment: number; offset: number } | undefined;
    if (exact) return this.readAt(exact.segment, exact.offset);
    const mark = this.s.mark.get(sequence) as { segment: number; offset: number } | undefined;
    if (!mark) return undefined;
    for await (const raw of scanSegment(this.segments, mark.segment, mark.offset)) {
      const line = parseLine(raw.bytes.toString('utf8'));
      if (line?.seq === sequence) return hashedLine(line, raw.bytes);
      if (line && line.seq > sequence) return undefined;
    }
    return undefined;
  }

  private readAt(segment: number, offset: number): HashedLine | undefined {
    const fd = openSync(join(this.segments, segmentName(segment)), 'r');
    try {
      for (let size = 16_384; ; size *= 4) {
        const buffer = Buffer.alloc(size);
        const got = readSync(fd, buffer, 0, size, offset);
        const end = buffer.indexOf(10);
        if (end === -1 && got === size) continue;
        const bytes = buffer.subarray(0, end + 1);
        const line = parseLine(bytes.toString('utf8'));
        return line && hashedLine(line, bytes);
      }
    } finally {
      closeSync(fd);
    }
  }
}
