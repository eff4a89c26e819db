/**
 * High-risk prompts: words in any language, phrases, requests, and the linear model, over folded text and over what it encodes.
 *
 * What an attacker could do here: hide an instruction (encodings, look-alikes, other languages) – folding and decoding answer that in
 * part; or make the look expensive – every pattern is bounded, and long text is looked at only around the words that matter.
 */
import type { PromptDetector, PromptFinding } from '../rules.js';
import { type Collected, collect } from './concepts.js';
import { type Folded, fold } from './fold.js';
import { jailbreaks } from './jailbreaks.js';
import { destroys, type Hit, leaks, overrides } from './override.js';
import { quotedTalk } from './quoted.js';
import { requests } from './requests.js';

/** Patterns run on at most this much around one trigger word. */
const AROUND = 400;
/** Text up to here is looked at as one piece. */
const WHOLE = 1200;
/** Pieces of one long text. */
const MOST_PIECES = 24;

/** Parts of a long text that hold trigger words. */
function pieces(text: string, triggers: readonly number[]): { at: number; text: string }[] {
  if (text.length <= WHOLE) return triggers.length > 0 ? [{ at: 0, text }] : [];
  const out: { at: number; end: number }[] = [];
  for (const t of triggers) {
    const last = out.at(-1);
    if (last && t < last.end - AROUND / 2 && last.end - last.at < 4 * AROUND)
      last.end = Math.max(last.end, Math.min(text.length, t + AROUND));
    else if (out.length < MOST_PIECES) out.push({ at: Math.max(0, t - AROUND / 2), end: Math.min(text.length, t + AROUND) });
    else break;
  }
  return out.map((p) => ({ at: p.at, text: text.slice(p.at, p.end) }));
}

/** Hits of words and patterns in folded text. */
export function ruleHits(text: string, collected: Collected, person: boolean): Hit[] {
  const hits: Hit[] = [];
  for (const [language, spots] of collected.spots) {
    const o = overrides(text, language, spots);
    if (o) hits.push(o);
    const l = leaks(text, language, spots);
    if (l) hits.push(l);
    if (language !== 'en') {
      const d = destroys(text, language, spots);
      if (d) hits.push(d);
    }
  }
  for (const piece of pieces(text, collected.triggers)) {
    for (const h of jailbreaks(piece.text)) hits.push({ ...h, start: h.start + piece.at, end: h.end + piece.at });
    for (const h of requests(piece.text))
      if (person || h.entity === 'EXFILTRATION_REQUEST') hits.push({ ...h, start: h.start + piece.at, end: h.end + piece.at });
  }
  return hits;
}

/** The strongest hit of each entity. */
function strongest(hits: Hit[]): Hit[] {
  const best = new Map<string, Hit>();
  for (const h of hits) {
    const b = best.get(h.entity);
    if (!b || h.confidence > b.confidence) best.set(h.entity, h);
  }
  return [...best.values()];
}

const place = (folded: Folded, at: number) => (folded.from ? folded.from[Math.min(at, folded.text.length)]! : at);

/** Only what others wrote to the model is judged: user text, tool results, documents. */
export const riskyPrompts: PromptDetector = (text, context) => {
  if (context.direction !== 'request' || context.kind === 'tool-call' || context.kind === 'tool-definition') return [];
  if (context.role !== 'user' && context.role !== 'tool' && context.role !== 'other') return [];
  if (text.length < 8) return [];
  const folded = fold(text);
  const person = context.provenance === 'person';
  const hits = ruleHits(folded.text, collect(folded.text), person).filter((h) => !quotedTalk(folded.text, h));
  return strongest(hits.filter((h) => h.confidence >= 0.5)).map(
    (h): PromptFinding => ({
      entity: h.entity,
      start: place(folded, h.start),
      end: Math.max(place(folded, h.start) + 1, Math.min(text.length, place(folded, h.end))),
      confidence: h.confidence,
      why: h.why,
    }),
  );
};
