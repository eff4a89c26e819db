import type { Finding, ScanContext } from '../contract/index.js';
import { boundaryOf } from './boundary.js';
import { mergeFindings } from './merge.js';
import { numbers, piiDetector } from './pii/index.js';
import { placeholders, touches } from './placeholder.js';
import { promptDetector } from './prompts/index.js';
import { InlineScanner } from './scan.js';
import { secretDetector } from './secrets/index.js';

const swallows = [...(secretDetector.swallow ?? []), ...(piiDetector.swallow ?? [])];

/** Where a swallowed secret may begin: first two characters of each rule's start. */
function triggersOf(): RegExp {
  const heads = swallows.map((s) => s.start.source.slice(0, 3).replace(/[^A-Za-z-]/g, '')).filter((h) => h.length >= 2);
  return new RegExp([...new Set(heads)].map((h) => h.replace(/-/g, '\\-')).join('|') || '(?!)', 'g');
}

let scanner: InlineScanner | undefined;
/** The scanner is the same for every detector: built once, at first use (about 20 ms). */
export function inlineScanner(): InlineScanner {
  scanner ??= new InlineScanner([secretDetector, piiDetector], numbers, []);
  return scanner;
}

export const boundary = boundaryOf(swallows, triggersOf());

/** Drops what touches placeholders and settles overlaps. */
export function settle(text: string, found: Finding[]): Finding[] {
  if (found.length === 0) return found;
  const reserved = placeholders(text);
  return mergeFindings(reserved.length === 0 ? found : found.filter((f) => !touches(reserved, f.start, f.end)));
}

/** Structured personal data and secrets. */
export function scanStructured(text: string, context: ScanContext): Finding[] {
  return inlineScanner().scan(text, context).findings;
}

/** Prompt findings in the contract's form. */
export function scanPrompts(text: string, context: ScanContext): Finding[] {
  return promptDetector(text, context).map((p) => ({ ...p, category: 'prompt', detector: 'prompts' }));
}
