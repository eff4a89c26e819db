import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Chain } from './chain.js';
import type { FilePort } from './file-port.js';
import { lineHash, parseLine } from './line.js';
import { listSegments, segmentName } from './paths.js';
import { scanSegment } from './scan.js';

/** What the last process left behind. */
export interface Found {
  chain: Chain;
  segment: number;
  /** Length of the segment's sound part: where the next line goes. */
  size: number;
  /** Bytes after it, moved to a file of their own. */
  torn?: { file: string; bytes: number; sha256: string };
  /** True when the last line is a seal: the process ended in order. */
  closed: boolean;
  /** Public key that the segment's lines are signed with, hex. */
  publicKey: string;
}

interface Checked {
  end: number;
  sequence: number;
}

/**
 * Reads the last segment and finds where the chain goes on. Whatever follows the last sound line is set aside, never deleted:
 * a torn line of a crash, blocks of zeros of a power cut. A line that breaks the chain but lies under a signed head
 * (`covered`) was durable once, so it is damage and not a torn end: it stays for `verify` to name, and the chain goes on after it.
 */
export async function recover(directory: string, covered: number, files: FilePort): Promise<Found | undefined> {
  const segments = listSegments(directory);
  for (let i = segments.length - 1; i >= 0; i--) {
    const found = await readSegment(directory, segments[i]!, covered);
    const torn = found.tail.length > 0 ? await setAside(directory, segments[i]!, found.sound.end, found.tail, files) : undefined;
    if (found.chain) {
      return {
        chain: found.chain,
        segment: segments[i]!,
        size: found.sound.end,
        ...(torn ? { torn } : {}),
        closed: found.closed && !torn,
        publicKey: found.publicKey,
      };
    }
    // A segment without even a header: the process died while it opened it. The chain ends in the one before.
    rmSync(join(directory, segmentName(segments[i]!)));
    if (i === 0) return undefined;
  }
  return undefined;
}

async function readSegment(directory: string, segment: number, covered: number) {
  let chain: Chain | undefined;
  let sound: Checked = { end: 0, sequence: 0 };
  let closed = false;
  let publicKey = '';
  for await (const raw of scanSegment(directory, segment)) {
    if (!raw.complete) break;
    const text = raw.bytes.toString('utf8');
    const line = parseLine(text);
    if (!chain) {
      if (line?.kind !== 'segment') break;
      chain = new Chain(String(line.meta['ledger']));
      chain.sequence = line.seq - 1;
      chain.hash = line.prev;
      chain.open = new Map(Object.entries((line.meta['open'] ?? {}) as Record<string, string>));
      publicKey = String(line.meta['publicKey']);
    }
    const follows = line !== undefined && line.prev === chain.hash && line.seq === chain.sequence + 1;
    if (!follows && chain.sequence >= covered) break;
    if (!line) {
      // Damage under a head: count it as the line that it was.
      chain.sequence++;
      chain.hash = lineHash(text);
    } else {
      chain.sequence = line.seq - 1;
      chain.take(text, line);
      closed = line.kind === 'seal';
      if (line.kind === 'key' && typeof line.meta['publicKey'] === 'string') publicKey = line.meta['publicKey'];
    }
    sound = { end: raw.offset + raw.bytes.length, sequence: chain.sequence };
  }
  const tail = readFileSync(join(directory, segmentName(segment))).subarray(sound.end);
  return { chain, sound, tail, closed, publicKey };
}

async function setAside(directory: string, segment: number, offset: number, tail: Buffer, files: FilePort) {
  const file = `torn-${String(segment).padStart(6, '0')}-${offset}.bin`;
  await files.writeWhole(join(directory, file), tail);
  return { file, bytes: tail.length, sha256: lineHash(tail) };
}
