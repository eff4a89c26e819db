import type { Finding, ScanContext } from '../contract/index.js';
import { boundaryOf } from './boundary.js';
import { mergeFindings } from './merge.js';
import { changedParts, decodedRuns, ESCAPE_LITERALS, type Shadow, shadowOf, worthShadow } from './normalize/index.js';
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
  scanner ??= new InlineScanner([secretDetector, piiDetector], numbers, ESCAPE_LITERALS);
  return scanner;
}

export const boundary = boundaryOf(swallows, triggersOf());

/** Drops what touches placeholders and settles overlaps. */
export function settle(text: string, found: Finding[]): Finding[] {
  if (found.length === 0) return found;
  const reserved = placeholders(text);
  return mergeFindings(reserved.length === 0 ? found : found.filter((f) => !touches(reserved, f.start, f.end)));
}

/** Structured personal data and secrets, in the text, in its shadow and in what it encodes. */
export function scanStructured(text: string, context: ScanContext): Finding[] {
  const findings: Finding[] = [];
  scanLevel(text, context, 0, findings);
  return findings;
}

/** Length of the beginning of `text` in no part of which {@link scanStructured} finds anything. */
export function quietUntil(text: string): number {
  return inlineScanner().quietUntil(text);
}

function scanLevel(text: string, context: ScanContext, depth: number, findings: Finding[]): void {
  const theScanner = inlineScanner();
  theScanner.scan(text, context, findings);
  const { wide, escaped } = theScanner.hints;
  if (escaped || (wide && worthShadow(text))) {
    const shadow = shadowOf(text);
    if (shadow) scanShadow(shadow, text, context, findings);
  }
  if (depth >= 2 || text.length < 20) return;
  for (const run of decodedRuns(text)) {
    let best: Finding | undefined;
    const inside: Finding[] = [];
    scanLevel(run.text, context, depth + 1, inside);
    for (const f of inside) {
      if (f.category !== 'other-pii' && !f.testValue && (!best || f.confidence > best.confidence)) best = f;
    }
    if (best) findings.push({ ...best, start: run.start, end: run.end, why: `${best.why}; inside ${run.how}`, encoded: true });
  }
}

function scanShadow(shadow: Shadow, text: string, context: ScanContext, findings: Finding[]): void {
  const parts = changedParts(shadow, text);
  for (let k = 0; k < parts.length; k += 2) {
    const at = parts[k]!;
    const found: Finding[] = [];
    inlineScanner().scan(shadow.text.slice(at, parts[k + 1]!), context, found);
    for (const f of found) {
      if (f.category === 'other-pii') continue;
      const start = shadow.from[at + f.start]!;
      const end = shadow.to[at + f.end - 1]!;
      if (end - start === f.end - f.start && text.startsWith(shadow.text.slice(at + f.start, at + f.end), start)) continue;
      findings.push({ ...f, start, end, why: `${f.why}; in normalised text`, encoded: true });
    }
  }
}

/** Prompt findings in the contract's form. */
export function scanPrompts(text: string, context: ScanContext): Finding[] {
  return promptDetector(text, context).map((p) => ({ ...p, category: 'prompt', detector: 'prompts' }));
}
