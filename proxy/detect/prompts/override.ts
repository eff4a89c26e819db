/** Override attempts and requests for the hidden prompt, in any language of `words.ts`, by words that stand in one clause. */
import type { Spot, Spots } from './concepts.js';

export interface Hit {
  entity: string;
  start: number;
  end: number;
  confidence: number;
  why: string;
}

const DENSE = new Set(['zh', 'ja', 'ko', 'th']);
const STRONG_RULES = /^(?:instruction|prompt|directive|guideline|programming|what you were told|what i said|what was said|told)/;
const STRONG_BEFORE =
  /^(?:previous|prior|above|earlier|preceding|former|foregoing|original|initial|all your|your|you were|you've|you have been|you got|you received|told you|gave you|given to you|so far|up to now|until now|before this|openai|built-in|preset|safety|ethical|developer|past|system)/;
const WEAK_FORGET =
  /^(?:override|order|void|neglect|free of|free from|cancel|dismiss|overrule|never mind|nevermind|skip over|bypass|abandon|set aside|discard|throw|circumvent|supersede)/;
const OBJECT_WEAK =
  /^(?:order|orders|context|request|assignment|task|tasks|information|conversation|message|text|settings|configuration|filter|polic|training|command|rule|everything|guidance)/;
/** Everything, or what belongs to the model: a single message is taken back by people, too. */
const TOTAL =
  /^(?:all|any|every|your|you |you've|above|everything|told|gave|given|before this|up to now|until now|so far|original|initial|system|developer|safety|ethical)/;
const BREAK = /[.!?;]\s|[。！？；\n]/;
const SPLIT_WORDS = /\b(?:so that|because|which means)\b/;

/** Pairs of spots of two lists that stand at most `reach` apart; each of `a` with the nearest of `b`. */
function* near(a: Spot[], b: Spot[], reach: number, forward: boolean): Generator<[Spot, Spot]> {
  let from = 0;
  for (const x of a) {
    while (from < b.length && b[from]!.end < x.start - reach) from++;
    for (let k = from; k < b.length && b[k]!.start <= x.end + reach; k++) {
      const y = b[k]!;
      if (y.start < x.end && y.end > x.start) continue;
      if (forward && y.start < x.end) continue;
      yield [x, y];
    }
  }
}

const joined = (text: string, x: Spot, y: Spot) => {
  const between = text.slice(Math.min(x.end, y.end), Math.max(x.start, y.start));
  // A quotation that begins or ends in between parts them.
  return !BREAK.test(between) && !SPLIT_WORDS.test(between) && between.split('"').length !== 2;
};

/** "My last mail", in other languages than English; folded. */
const MINE =
  /(?<!\p{L})(?:mein(?:e[nrms]?)?|mon|ma|mes|mi|mis|mio|mia|miei|meu|minha|mijn|min|mitt|moj\p{L}{0,3}|мо[йеёяюи]\p{L}{0,2}|мои\p{L}?|benim|saya)(?!\p{L})|我(?:的|上|之前)|私の/u;

/** What follows "the previous instructions" where they are about something other than how the model behaves; folded. */
const ONE_MATTER =
  /^\w{0,4} (?:about|regarding|concerning|on|for|of|in|from) (?!(?:all|any|every|your|you|me|safety|ethic\w*|harm\w*|content|openai|now|this (?:chat|conversation|session|prompt)|the (?:system|user|developer|ai|assistant|model|conversation|chat|prompt|above|operator))\b)[\w"'`]/;

/** "forget … previous … rules". */
export function overrides(text: string, language: string, s: Spots): Hit | undefined {
  if (!s.forget || !s.rules) return undefined;
  const dense = DENSE.has(language);
  const english = language === 'en';
  const reach = dense ? 24 : 60;
  let best: Hit | undefined;
  for (const [f, r] of near(s.forget, s.rules, reach, english)) {
    if (!joined(text, f, r)) continue;
    const start = Math.min(f.start, r.start);
    const end = Math.max(f.end, r.end);
    const side = dense ? 12 : 28;
    const b = s.before?.filter(
      (x) => x.start >= start - (english ? 0 : side) && x.end <= end + side && (x.end <= r.start || x.start >= r.end || x.word !== r.word),
    );
    if (!b || b.length === 0) continue;
    let confidence = 0.9;
    if (english) {
      const strong = b.some((x) => STRONG_BEFORE.test(x.word) && joined(text, x, r));
      if (STRONG_RULES.test(r.word))
        confidence =
          strong || (/^what /.test(r.word) && b.some((x) => x.word === 'before'))
            ? 0.95
            : b.some((x) => /^(?:all|any|every)/.test(x.word) && x.start >= f.end && x.start <= r.end)
              ? 0.85
              : 0;
      else if (!strong) confidence = 0;
      else if (!OBJECT_WEAK.test(r.word)) confidence = 0.8;
      else confidence = WEAK_FORGET.test(f.word) || !b.some((x) => TOTAL.test(x.word)) ? 0.45 : 0.7;
      if (/^(?:free|released)/.test(f.word) && confidence < 0.9) confidence = 0;
      // One's own orders, or those about one matter: "my previous instructions about the booth", "the previous instructions for 1.x".
      const between = text.slice(f.end, r.start);
      if (
        /\b(?:my|our|his|her|their|[a-z]+'s)\b/.test(between) ||
        (!/\b(?:all|any|every|your|you)\b/.test(between) && ONE_MATTER.test(text.slice(r.end, r.end + 40)))
      )
        confidence = Math.min(confidence, 0.45);
      // `ignore: true`, `ignore(…)`; and what to do when a page says so.
      if (
        /^[:=(_]/.test(text.slice(f.end, f.end + 1)) ||
        /\b(?:if|when|whenever|should|in case)\b[^.!?]{0,50}\b(?:tells?|asks?|says?|instructs?|wants?|told|asked)\b[^.!?]{0,20}$/.test(
          text.slice(Math.max(0, f.start - 90), f.start),
        )
      )
        confidence = 0;
      // "forget" of the speaker: "I forget the rules".
      if (
        /\b(?:i|we|they|he|she|it|that|which|who|people|users?|students?|you|attackers?|hackers?|customers?|bots?|models?|inputs?|employees?|some) (?:always |often |sometimes |usually |can |may |might |would |could |will |just |try to |tries to )?$/.test(
          text.slice(Math.max(0, f.start - 30), f.start),
        )
      )
        confidence -= 0.5;
      if (/\b(?:not|never|n't|without) (?:to )?$/.test(text.slice(Math.max(0, f.start - 12), f.start))) confidence = 0;
    } else {
      // One's own message is taken back, not the model's orders.
      if (MINE.test(text.slice(Math.max(0, start - 6), end + 8))) continue;
      // Two languages share many stems; a clause that is short says more than a long one.
      confidence = end - start <= (dense ? 16 : 45) ? 0.9 : 0.8;
    }
    if (confidence >= 0.5 && (!best || confidence > best.confidence))
      best = {
        entity: 'PROMPT_INJECTION',
        start: Math.min(start, ...b.map((x) => x.start)),
        end,
        confidence,
        why: `asks to set earlier instructions aside (${language})`,
      };
  }
  return best;
}

const TELL =
  /^(?:reveal|disclose|expose|leak|spell|recite|repeat|print|output|dump|show|give me|tell me|display|write|echo|copy|paste|reproduce|list|read|type|share|provide|return|what is|what are|what was|what were|what's|say|state|summari|translate|describe)/;

/** "show … your system prompt". */
export function leaks(text: string, language: string, s: Spots): Hit | undefined {
  if (!s.reveal || !s.hidden) return undefined;
  const dense = DENSE.has(language);
  const english = language === 'en';
  for (const [r, h] of near(s.reveal, s.hidden, dense ? 16 : 40, english)) {
    if (!joined(text, r, h)) continue;
    if (english && !TELL.test(r.word)) continue;
    const start = Math.min(r.start, h.start);
    if (english && /\b(?:not|never|n't|without) (?:to )?$/.test(text.slice(Math.max(0, start - 12), start))) continue;
    // "your instructions for the shelf" are those of somebody who writes instructions.
    if (english && /^\w* (?:for|on|about|regarding|to (?:assemble|install|build|cook|make|use|set))\b/.test(text.slice(h.end, h.end + 40)))
      continue;
    return {
      entity: 'PROMPT_INJECTION',
      start,
      end: Math.max(r.end, h.end),
      confidence: 0.85,
      why: `asks for the hidden instructions (${language})`,
    };
  }
  return undefined;
}

/** "delete … all … customers in the database", in languages other than English (which has patterns of its own). */
export function destroys(text: string, language: string, s: Spots): Hit | undefined {
  if (!s.remove || !s.every || !s.asset) return undefined;
  const dense = DENSE.has(language);
  for (const [r, a] of near(s.remove, s.asset, dense ? 20 : 60, false)) {
    if (!joined(text, r, a)) continue;
    const start = Math.min(r.start, a.start);
    const end = Math.max(r.end, a.end);
    if (!s.every.some((e) => e.start >= start - 12 && e.end <= end + 12)) continue;
    if (
      /[?？]\s*$/.test(text.slice(end, end + 120)) ||
      /^\s*(?:wie|como|comment|come|hoe|jak|hur|hvordan|nasil|bagaimana|как|як|如何|怎么|怎麼|どうすれば|어떻게|كيف|कैसे)/.test(text)
    )
      continue;
    return { entity: 'DESTRUCTIVE_REQUEST', start, end, confidence: 0.8, why: `asks to destroy everything of a kind (${language})` };
  }
  return undefined;
}
