import type { Finding, FindingCategory } from '../contract/index.js';

/** Which family wins where two findings share characters and nothing else decides. */
const RANK: Record<FindingCategory, number> = {
  secret: 9,
  custom: 8,
  financial: 7,
  'national-id': 7,
  health: 6,
  network: 5,
  contact: 5,
  person: 4,
  location: 3,
  'other-pii': 2,
  prompt: 1,
};

const DATES = new Set(['DATE_TIME', 'DATE_OF_BIRTH', 'AGE']);
const GUESS = new Set(['LOCATION', 'ORGANIZATION', 'TITLE', 'NRP']);
const STRONGER = new Set<FindingCategory>(['secret', 'financial', 'national-id', 'health', 'network', 'contact']);

function better(a: Finding, b: Finding): boolean {
  if ((a.category === 'custom') !== (b.category === 'custom')) return a.category === 'custom';
  // A number that a rule explains is no part of a street that the tagger guessed.
  if (a.entity === 'STREET_ADDRESS' && a.detector === 'names' && STRONGER.has(b.category) && b.confidence >= 0.5 && b.detector !== 'names')
    return false;
  if (b.entity === 'STREET_ADDRESS' && b.detector === 'names' && STRONGER.has(a.category) && a.confidence >= 0.5 && a.detector !== 'names')
    return true;
  if (GUESS.has(a.entity) && a.detector === 'names' && DATES.has(b.entity)) return false;
  if (GUESS.has(b.entity) && b.detector === 'names' && DATES.has(a.entity)) return true;
  const sameSpan = a.start === b.start && a.end === b.end;
  if (!sameSpan) {
    // A value inside a longer one of the same strength belongs to the longer: the key inside a URL stays its own finding only as a secret.
    const aHolds = a.start <= b.start && a.end >= b.end;
    const bHolds = b.start <= a.start && b.end >= a.end;
    if (aHolds && RANK[a.category] >= RANK[b.category] && a.confidence >= b.confidence - 0.25) return true;
    if (bHolds && RANK[b.category] >= RANK[a.category] && b.confidence >= a.confidence - 0.25) return false;
  }
  if (Math.abs(a.confidence - b.confidence) > 0.1) return a.confidence > b.confidence;
  if (RANK[a.category] !== RANK[b.category]) return RANK[a.category] > RANK[b.category];
  return a.end - a.start > b.end - b.start || (a.end - a.start === b.end - b.start && a.confidence > b.confidence);
}

/**
 * Findings without overlap, by start. Of two that share characters the better stays: category, confidence, length. Prompt findings
 * judge whole text and stand beside the others.
 */
export function mergeFindings(found: readonly Finding[]): Finding[] {
  if (found.length < 2) return [...found];
  const prompts = found.filter((f) => f.category === 'prompt');
  const sorted = found.filter((f) => f.category !== 'prompt').sort((a, b) => a.start - b.start || b.end - a.end);
  const kept: Finding[] = [];
  for (const f of sorted) {
    // Findings are sorted and the kept ones do not overlap, so only the tail can touch.
    let loses = false;
    let first = kept.length;
    for (let i = kept.length - 1; i >= 0 && kept[i]!.end > f.start; i--) {
      if (!better(f, kept[i]!)) {
        loses = true;
        break;
      }
      first = i;
    }
    if (loses) continue;
    kept.length = first;
    kept.push(f);
  }
  return prompts.length === 0 ? kept : [...kept, ...prompts].sort((a, b) => a.start - b.start || a.end - b.end);
}
