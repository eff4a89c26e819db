import { closeSync, fstatSync, openSync, readFileSync, readSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { SallyportError } from '../contract/index.js';
import { Chain, LEDGER_FORMAT } from './chain.js';
import type { FilePort } from './file-port.js';
import type { Head } from './heads.js';
import { lineHash, parseLine } from './line.js';
import { listSegments, segmentName } from './paths.js';
import { scanSegment, segmentEnd } from './scan.js';

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

const LONGEST_SEAL = 4096;
const LONGEST_HEADER = 1 << 20;

/**
 * What a newer build wrote is left alone: read as this format it would look torn, and be set aside.
 * @throws SallyportError invalid
 */
function refuseNewer(segment: number, format: unknown): void {
  if (typeof format === 'number' && format > LEDGER_FORMAT)
    throw new SallyportError(
      'invalid',
      `ledger/${segmentName(segment)} has format ${format}, this build knows up to ${LEDGER_FORMAT}. A downgrade is refused: start the newer build, or begin with another data directory.`,
    );
}

interface Checked {
  end: number;
  sequence: number;
}

/**
 * Reads the last segment and finds where the chain goes on. Whatever follows the last sound line is set aside, never deleted:
 * a torn line of a crash, blocks of zeros of a power cut. A line that breaks the chain but lies under a signed head
 * was durable once, so it is damage and not a torn end: it stays for `verify` to name, and the chain goes on after it.
 */
export async function recover(directory: string, newest: Head | undefined, files: FilePort): Promise<Found | undefined> {
  const segments = listSegments(directory);
  const covered = newest?.seq ?? 0;
  const quick = segments.length > 0 ? closedInOrder(directory, segments.at(-1)!, newest) : undefined;
  if (quick) return quick;
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

/**
 * A process that ended in order left a seal that says so, and a head for it: then nothing need be read but the segment's first
 * and last line, and the gateway starts at once however large the segment is.
 */
function closedInOrder(directory: string, segment: number, newest: Head | undefined): Found | undefined {
  if (!newest) return undefined;
  const fd = openSync(join(directory, segmentName(segment)), 'r');
  try {
    const { size } = fstatSync(fd);
    const read = (at: number, length: number): Buffer => {
      const bytes = Buffer.alloc(Math.min(length, size - at));
      return bytes.subarray(0, readSync(fd, bytes, 0, bytes.length, at));
    };
    const end = read(Math.max(0, size - LONGEST_SEAL), LONGEST_SEAL);
    const last = end.subarray(end.lastIndexOf(10, -2) + 1);
    const seal = parseLine(last.toString('utf8'));
    if (seal?.kind !== 'seal' || seal.meta['stop'] !== true || last.at(-1) !== 10) return undefined;
    if (newest.seq !== seal.seq || newest.hash !== lineHash(last)) return undefined;
    const begin = read(0, LONGEST_HEADER);
    const header = parseLine(begin.subarray(0, begin.indexOf(10) + 1).toString('utf8'));
    if (header?.kind !== 'segment' || header.meta['key'] !== seal.meta['key']) return undefined;
    refuseNewer(segment, header.meta['format']);
    const chain = new Chain(String(header.meta['ledger']));
    chain.sequence = seal.seq;
    chain.hash = newest.hash;
    return { chain, segment, size, closed: true, publicKey: String(header.meta['publicKey']) };
  } finally {
    closeSync(fd);
  }
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
      refuseNewer(segment, line.meta['format']);
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
  const tail = readFileSync(join(directory, segmentName(segment))).subarray(sound.end, segmentEnd(directory, segment));
  return { chain, sound, tail, closed, publicKey };
}

async function setAside(directory: string, segment: number, offset: number, tail: Buffer, files: FilePort) {
  const file = `torn-${String(segment).padStart(6, '0')}-${offset}.bin`;
  await files.writeAll([{ path: join(directory, file), bytes: tail }]);
  return { file, bytes: tail.length, sha256: lineHash(tail) };
}
