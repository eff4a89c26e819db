/**
 * High-risk prompts: words in any language, phrases, requests, and the linear model, over folded text and over what it encodes.
 *
 * What an attacker could do here: hide an instruction (encodings, look-alikes, other languages) – folding and decoding answer that in
 * part; or make the look expensive – every pattern is bounded, and long text is looked at only around the words that matter.
 */
import type { PromptDetector, PromptFinding } from '../rules.js';
import { type Collected, collect, type Spot, type Spots } from './concepts.js';
import { type Reading, readings } from './disguise.js';
import { classesMet } from './features.js';
import { type Folded, fold } from './fold.js';
import { injected } from './injected.js';
import { jailbreaks } from './jailbreaks.js';
import { loadModel, scoreOf } from './model.js';
import { destroys, type Hit, leaks, overrides } from './override.js';
import { aboutAttacks, quotedTalk, unquoted } from './quoted.js';
import { requests } from './requests.js';

/** Patterns run on at most this much around one trigger word. */
const AROUND = 400;
/** Text up to here is looked at as one piece. */
const WHOLE = 1200;
/** Pieces of one long text. */
const MOST_PIECES = 10;

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

/** Do English words of all three kinds stand in the hit? */
function within(english: Spots | undefined, hit: Hit): boolean {
  const stands = (s: Spot) => s.start >= hit.start && s.end <= hit.end + 8;
  return !!english && !!english.forget?.some(stands) && !!english.rules?.some(stands) && !!english.before?.some(stands);
}

/** Hits of words and patterns in folded text. */
export function ruleHits(text: string, collected: Collected, person: boolean): Hit[] {
  const hits: Hit[] = [];
  for (const [language, spots] of collected.spots) {
    const o = overrides(text, language, spots);
    // Stems of other languages match English words: then English alone decides.
    if (o && (language === 'en' || !within(collected.spots.get('en'), o))) hits.push(o);
    const l = leaks(text, language, spots);
    if (l) hits.push(l);
    if (language !== 'en') {
      const d = destroys(text, language, spots);
      if (d) hits.push(d);
    }
  }
  for (const piece of pieces(text, collected.triggers)) {
    for (const h of jailbreaks(piece.text)) hits.push({ ...h, start: h.start + piece.at, end: h.end + piece.at });
  }
  for (const piece of pieces(text, collected.calls)) {
    for (const h of injected(piece.text, person && piece.at === 0)) hits.push({ ...h, start: h.start + piece.at, end: h.end + piece.at });
  }
  for (const piece of pieces(text, collected.requests)) {
    for (const h of requests(piece.text, person))
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

/** Score from which long text and text of tools is reported: a document says many things. */
const LONG_THRESHOLD = 0.6;
/** How the model's reasons begin. */
export const MODEL_WHY = 'reads like an attack';
/** Least text that the model judges. */
const LEAST = 12;

/** What the model says: short text as a whole, long text by its head and tail and around the words that matter. */
function modelHit(text: string, collected: Collected, person: boolean): Hit | undefined {
  if (text.length < LEAST) return undefined;
  const model = loadModel();
  let best = 0;
  let at = 0;
  let end = text.length;
  const look = (from: number, to: number) => {
    const p = scoreOf(model, text, from, to);
    if (p > best) {
      best = p;
      at = from;
      end = to;
    }
  };
  let threshold = person ? model.threshold : LONG_THRESHOLD;
  if (text.length <= WHOLE) {
    look(0, text.length);
    // A short line in ASCII without any word of attacks is code, or a name; with words of one kind alone it must be plain.
    const kinds = text.length <= NO_WORDS && ASCII.test(text) ? classesMet() : 'many';
    if (kinds === 'none') return undefined;
    if (kinds === 'one') threshold = Math.max(threshold, ONE_KIND);
  } else {
    threshold = LONG_THRESHOLD;
    const marks = [...collected.triggers];
    for (const s of collected.spots.values()) {
      if (s.forget && (s.rules || s.before)) for (const f of s.forget.slice(0, 4)) marks.push(f.start);
      if (s.hidden) marks.push(s.hidden[0]!.start);
    }
    if (marks.length === 0) return undefined;
    marks.sort((a, b) => a - b);
    look(0, text.length);
    for (const p of pieces(text, marks).slice(0, MOST_SCORED)) look(p.at, p.at + p.text.length);
  }
  if (best < threshold) return undefined;
  const bare = unquoted(text);
  if (bare !== undefined && scoreOf(model, bare) < threshold) return undefined;
  return {
    entity: JAILBREAK_WORDS.test(text.slice(at, end)) ? 'JAILBREAK' : 'PROMPT_INJECTION',
    start: at,
    end,
    confidence: 0.5 + (0.45 * (best - threshold)) / (1 - threshold),
    why: `${MODEL_WHY} (score ${best.toFixed(2)})`,
  };
}
const MOST_SCORED = 4;
const NO_WORDS = 120;
const ONE_KIND = 0.52;
const ASCII = /^[\x20-\x7e]*$/;
const JAILBREAK_WORDS =
  /\b(?:dan|jailbreak\w*|do anything now|no (?:rules|restrictions|limits|ethics|filters?)|unfiltered|uncensored|immoral|illegal|unethical|persona|pretend|hypothetical\w*)\b/;

/** Score from which what was written in other letters is reported. */
const HIDDEN_THRESHOLD = 0.65;
const LEAST_HIDDEN = 24;

/** What the model says of other readings: who hides an order means it. */
function hiddenHit(others: readonly Reading[], length: number): PromptFinding | undefined {
  const model = loadModel();
  for (const r of others) {
    if (!r.scored || r.text.length < LEAST_HIDDEN || r.text.length > WHOLE) continue;
    const p = scoreOf(model, r.text);
    if (p < HIDDEN_THRESHOLD) continue;
    return {
      entity: 'PROMPT_INJECTION',
      start: r.start ?? 0,
      end: r.end ?? length,
      confidence: Math.round((0.5 + (0.45 * (p - HIDDEN_THRESHOLD)) / (1 - HIDDEN_THRESHOLD)) * 100) / 100,
      why: `${MODEL_WHY} (score ${p.toFixed(2)}); ${r.how}`,
    };
  }
  return undefined;
}

/** Only what others wrote to the model is judged: user text, tool results, documents. */
export const riskyPrompts: PromptDetector = (text, context) => {
  if (context.direction !== 'request' || context.kind === 'tool-call' || context.kind === 'tool-definition') return [];
  if (context.role !== 'user' && context.role !== 'tool' && context.role !== 'other') return [];
  if (text.length < 8) return [];
  const folded = fold(text);
  const person = context.provenance === 'person';
  const collected = collect(folded.text);
  const hits = ruleHits(folded.text, collected, person).filter((h) => !quotedTalk(folded.text, h));
  const found = strongest(hits.filter((h) => h.confidence >= 0.5)).map((h): PromptFinding => placed(folded, text.length, h));
  const others = readings(text, folded.text, collected);
  for (const r of others) {
    for (const h of strongest(ruleHits(r.text, collect(r.text), person).filter((x) => x.confidence >= 0.7))) {
      const why = `${h.why}; ${r.how}`;
      if (r.start !== undefined) found.push({ ...h, start: r.start, end: r.end!, why });
      else found.push({ ...placed(folded, text.length, h), why });
    }
  }
  if (found.length === 0) {
    const h = hiddenHit(others, text.length);
    if (h) found.push(h);
  }
  if (found.length === 0) {
    const h = modelHit(folded.text, collected, person);
    if (h && !aboutAttacks(folded.text, h)) found.push(placed(folded, text.length, h));
  }
  return found;
};

/** The finding in the original; a stem at the end is followed to the end of its word. */
function placed(folded: Folded, length: number, h: Hit): PromptFinding {
  const start = place(folded, h.start);
  let stop = h.end;
  while (stop < folded.text.length && stop < h.end + 20 && LATIN.test(folded.text[stop]!)) stop++;
  return {
    entity: h.entity,
    start,
    end: Math.max(start + 1, Math.min(length, place(folded, stop))),
    confidence: Math.round(h.confidence * 100) / 100,
    why: h.why,
  };
}
const LATIN = /[a-z\u0370-\u052f]/;
