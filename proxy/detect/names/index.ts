import type { Finding, ScanContext } from '../../contract/index.js';
import { loadModel, type NameSpan, NamesTagger } from './model.js';
import { proseRanges } from './prose.js';

let tagger: NamesTagger | undefined;
function theTagger(): NamesTagger {
  tagger ??= new NamesTagger(loadModel());
  return tagger;
}

const CATEGORY: Record<string, Finding['category']> = {
  PERSON: 'person',
  LOCATION: 'location',
  ORGANIZATION: 'other-pii',
  STREET_ADDRESS: 'contact',
  TITLE: 'other-pii',
  NRP: 'other-pii',
};
/** Margin at which the tagger is right about four times of five on text like its training text. */
const HALF = 60;

/** Persons, places, organisations, street addresses, titles and nationalities in running text. */
export function scanNames(text: string, _context: ScanContext): Finding[] {
  const spans: NameSpan[] = [];
  for (const range of proseRanges(text)) theTagger().tag(text, range.start, range.end, spans);
  const found: Finding[] = [];
  for (const s of spans) {
    const confidence = Math.round((0.5 + 0.48 * (s.margin / (s.margin + HALF))) * 100) / 100;
    found.push({
      entity: s.label,
      category: CATEGORY[s.label]!,
      start: s.start,
      end: s.end,
      confidence,
      why: 'words and what stands around them',
      detector: 'names',
    });
  }
  return found;
}

/** Loads the weights now instead of at the first text. */
export function warmNames(): void {
  theTagger();
}
