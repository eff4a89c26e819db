import { rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../contract/index.js';
import { type FilePort, realFiles } from './file-port.js';
import { forgetSession } from './forget.js';
import { lineHash, parseLine } from './line.js';
import { ledgerPaths, listSegments, segmentName } from './paths.js';
import { neededBy, refsOf } from './retention-needed.js';
import { scanSegment } from './scan.js';
import { shredSessionKey } from './slot-file.js';
import type { LedgerReader, LedgerWriter, Originals } from './types.js';
import type { Tombstone } from './verify-chain.js';

export interface RetentionPolicy {
  /** Segments whose last record is older are removed, unless a session in them has gone on since. */
  days?: number;
  /** The oldest segments are removed until the rest is not larger. */
  bytes?: number;
  /** Sessions of an agent (by name) older than so many days are forgotten: their key is shredded, segments are shared. */
  agents?: Record<string, number>;
}

export interface RetentionPlan {
  segments: number;
  bytes: number;
  /** Sessions that will be gone, and those of agents that will be forgotten. */
  sessions: number;
  forgotten: string[];
  /** Time of the last record that goes. */
  until?: string;
  /** Why older segments stay. */
  kept: {
    segment: number;
    why: 'legal hold' | 'a session went on' | 'an open exchange' | 'a kept session refers to it';
    session: string;
  }[];
  removed: Tombstone[];
}

interface Surveyed extends Tombstone {
  bytes: number;
  lastAt: string;
  sessions: Set<string>;
  refs: Set<number>;
}

/**
 * Removes whole segments from the old end, with a signed tombstone first, so that the chain stays provable.
 * With `dryRun` nothing is touched and the plan is returned.
 */
export async function applyRetention(options: {
  directory: string;
  writer: LedgerWriter;
  reader: LedgerReader;
  originals?: Originals;
  policy: RetentionPolicy;
  clock: Clock;
  person: string;
  dryRun?: boolean;
  file?: FilePort;
}): Promise<RetentionPlan> {
  const { directory, writer, reader, policy, clock } = options;
  const paths = ledgerPaths(directory);
  const all = listSegments(paths.segments);
  // The newest segment is being written.
  const old = all.slice(0, -1);
  const size = (n: number): number => statSync(join(paths.segments, segmentName(n))).size;
  let total = all.reduce((sum, n) => sum + size(n), 0);
  const oldest = policy.days === undefined ? undefined : new Date(clock.now() - policy.days * 86_400_000).toISOString();
  const plan: RetentionPlan = { segments: 0, bytes: 0, sessions: 0, forgotten: [], kept: [], removed: [] };
  const due: Surveyed[] = [];
  const gone: Surveyed[] = [];
  const removing = new Set<number>();
  for (const segment of old) {
    const tooLarge = policy.bytes !== undefined && total > policy.bytes;
    if (!tooLarge && oldest === undefined) break;
    const surveyed = await survey(paths.segments, segment);
    const tooOld = oldest !== undefined && surveyed.lastAt < oldest;
    // Segments follow one another in time: none after this one is older.
    if (!tooLarge && !tooOld) break;
    const why = await reasonToKeep(surveyed, reader, tooLarge ? undefined : oldest);
    if (why) {
      plan.kept.push({ segment, ...why });
      continue;
    }
    due.push(surveyed);
    total -= surveyed.bytes;
  }
  if (!options.dryRun) await referToNothing(due, writer);
  const leaving = new Set(due.map(({ segment }) => segment));
  const staying = listSegments(paths.segments).filter((segment) => !leaving.has(segment));
  const needed = await neededBy(paths.segments, due, staying, reader);
  for (const surveyed of due) {
    const session = needed.get(surveyed.segment);
    if (session !== undefined) {
      plan.kept.push({ segment: surveyed.segment, why: 'a kept session refers to it', session });
      continue;
    }
    removing.add(surveyed.segment);
    gone.push(surveyed);
    plan.segments++;
    plan.bytes += surveyed.bytes;
    plan.until = surveyed.lastAt;
  }
  plan.removed = gone.map(({ segment, firstSequence, lastSequence, firstPrev, lastHash }) => ({
    segment,
    firstSequence,
    lastSequence,
    firstPrev,
    lastHash,
  }));
  const vanished = await sessionsOnlyIn(gone, removing, reader);
  plan.sessions = vanished.length;
  plan.forgotten = await dueByAgent(policy, reader, clock);
  if (options.dryRun) return plan;
  for (const session of plan.forgotten) await forgetSession({ ...options, session, reason: 'retention' });
  if (gone.length === 0) return plan;
  const meta = { person: options.person, policy, removed: plan.removed, bytes: plan.bytes };
  await writer.record([{ kind: 'retention', meta: meta as unknown as Record<string, unknown> }], 'synced');
  for (const segment of removing) rmSync(join(paths.segments, segmentName(segment)), { force: true });
  await (options.file ?? realFiles).syncDirectory(paths.segments);
  for (const session of vanished) {
    writer.forgetKeys(session);
    shredSessionKey(paths.keys, session);
    await options.originals?.purge(session);
  }
  return plan;
}

/** Reads one segment for what its tombstone must say. */
async function survey(directory: string, segment: number): Promise<Surveyed> {
  const found: Surveyed = {
    segment,
    firstSequence: 0,
    lastSequence: 0,
    firstPrev: '',
    lastHash: '',
    bytes: 0,
    lastAt: '',
    sessions: new Set(),
    refs: new Set(),
  };
  for await (const raw of scanSegment(directory, segment)) {
    const line = parseLine(raw.bytes.toString('utf8'));
    found.bytes += raw.bytes.length;
    if (!line) continue;
    if (found.firstSequence === 0) Object.assign(found, { firstSequence: line.seq, firstPrev: line.prev });
    Object.assign(found, { lastSequence: line.seq, lastHash: lineHash(raw.bytes), lastAt: line.at });
    if (line.session !== undefined) found.sessions.add(line.session);
    for (const sequence of refsOf(line)) if (sequence < found.firstSequence) found.refs.add(sequence);
  }
  return found;
}

/**
 * From here on, nothing new refers to records of these segments: the writer forgets what it knows of their sessions. What it was
 * writing meanwhile is in the file after the seal, where the search for references sees it.
 */
async function referToNothing(due: readonly Surveyed[], writer: LedgerWriter): Promise<void> {
  if (due.length === 0) return;
  const sessions = new Set(due.flatMap((surveyed) => [...surveyed.sessions]));
  for (const session of sessions) writer.forgetKeys(session);
  await writer.seal();
  for (const session of sessions) writer.forgetKeys(session);
}

async function reasonToKeep(surveyed: Surveyed, reader: LedgerReader, oldest: string | undefined) {
  for (const session of surveyed.sessions) {
    const detail = await reader.session(session);
    if (detail?.legalHold) return { why: 'legal hold' as const, session };
    if (detail?.open) return { why: 'an open exchange' as const, session };
    if (oldest !== undefined && detail && detail.lastAt >= oldest) return { why: 'a session went on' as const, session };
  }
  return undefined;
}

async function sessionsOnlyIn(gone: readonly Surveyed[], removing: ReadonlySet<number>, reader: LedgerReader): Promise<string[]> {
  const candidates = new Set(gone.flatMap(({ sessions }) => [...sessions]));
  const vanished: string[] = [];
  for (const session of candidates) {
    const range = await reader.segments?.(session);
    if (!range) continue;
    let whole = true;
    for (let n = range[0]; n <= range[1]; n++) if (!removing.has(n)) whole = false;
    if (whole) vanished.push(session);
  }
  return vanished;
}

async function dueByAgent(policy: RetentionPolicy, reader: LedgerReader, clock: Clock): Promise<string[]> {
  const due: string[] = [];
  for (const [agent, days] of Object.entries(policy.agents ?? {})) {
    const before = new Date(clock.now() - days * 86_400_000).toISOString();
    let cursor: string | undefined;
    do {
      const page = await reader.sessions({ search: `agent:"${agent}"`, limit: 200, ...(cursor ? { cursor } : {}) });
      for (const row of page.sessions) {
        if (row.lastAt < before && !row.forgotten && !row.legalHold && !row.open) due.push(row.id);
      }
      cursor = page.nextCursor;
    } while (cursor);
  }
  return due;
}
