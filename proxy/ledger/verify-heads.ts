import { type Head, headHolds } from './heads.js';
import type { Gap, Tombstone } from './verify-chain.js';
import { type KeyState, problemOf } from './verify-line.js';
import type { Problem, VerifyReport } from './verify-types.js';

/** Holes must be exactly what signed tombstones say was removed. Returns what was removed rightly. */
export function explainGaps(
  gaps: readonly Gap[],
  tombstones: readonly Tombstone[],
  add: (problem: Problem) => void,
): VerifyReport['removed'] {
  const removed: VerifyReport['removed'] = [];
  for (const gap of gaps) {
    let { prev, sequence } = gap;
    for (const segment of gap.missing) {
      const stone = tombstones.find((t) => t.segment === segment);
      if (!stone || stone.firstPrev !== prev || stone.firstSequence !== sequence + 1) {
        add({
          ...problemOf(gap.next, 'segment', stone ? `a segment that follows ${prev}` : `segment ${segment}`, 'none', ''),
          sequence: sequence + 1,
          sentence: `Segment ${segment} is missing, and no signed tombstone says that it was removed.`,
        });
        break;
      }
      removed.push({ segment, firstSequence: stone.firstSequence, lastSequence: stone.lastSequence });
      prev = stone.lastHash;
      sequence = stone.lastSequence;
      if (segment !== gap.missing.at(-1)) continue;
      const { line } = gap.next;
      if (line!.prev !== prev || line!.seq !== sequence + 1) {
        add(problemOf(gap.next, 'prev', prev, line!.prev, `The first record after removed segment ${segment} does not follow it.`));
      }
    }
  }
  return removed;
}

/** Compares the signed heads with the chain. Returns the newest one that agrees. */
export function checkHeads(
  heads: readonly { head: Head; line: string }[],
  state: KeyState,
  hashAt: ReadonlyMap<number, string>,
  visited: { first: number; last: number; segment: number; toEnd: boolean; whole: boolean },
  removed: VerifyReport['removed'],
  add: (problem: Problem) => void,
): Head | undefined {
  let newest: Head | undefined;
  let cut: Head | undefined;
  const bad = (head: Head, expected: string, found: string, sentence: string) =>
    add({ segment: visited.segment, line: 0, sequence: head.seq, field: 'head', expected, found, sentence });
  for (const entry of heads) {
    const { head } = entry;
    if (state.ledger !== '' && head.ledger !== state.ledger) continue;
    // Of a part of the ledger, only heads that speak of the part can be judged.
    if (!visited.whole && (head.seq < visited.first || (head.seq > visited.last && !visited.toEnd))) continue;
    // With nothing of the ledger left there is no public key to check with; the head still says that there was something.
    if (state.keys.size > 0 && !headHolds(entry, state.keys)) {
      bad(
        head,
        `a signature of key ${head.key}`,
        'none that holds',
        `The head kept for record ${head.seq} is not signed by the ledger's key.`,
      );
      continue;
    }
    if (head.seq > visited.last) {
      if (visited.toEnd && (!cut || head.seq > cut.seq)) cut = head;
      continue;
    }
    if (head.seq < visited.first || removed.some((r) => head.seq >= r.firstSequence && head.seq <= r.lastSequence)) continue;
    const found = hashAt.get(head.seq);
    if (found !== head.hash) {
      bad(head, head.hash, found ?? 'no such record', `Record ${head.seq} is not the one that the head of ${head.at} was signed for.`);
    } else if (!newest || head.seq > newest.seq) newest = head;
  }
  if (cut) {
    const sentence = `Records ${visited.last + 1} to ${cut.seq} are missing: the end was cut, and a head of ${cut.at} shows it.`;
    add({
      segment: visited.segment,
      line: 0,
      sequence: visited.last + 1,
      field: 'head',
      expected: `record ${cut.seq}`,
      found: `record ${visited.last}`,
      sentence,
    });
  }
  return newest;
}
