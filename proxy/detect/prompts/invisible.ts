import type { PromptDetector, PromptFinding } from '../rules.js';

/** Tag characters (U+E0000 block), as surrogate pairs; variation selectors supplement, used to carry bytes. */
const TAGS = /(?:\udb40[\udc00-\udc7f]){3,}/g;
const SELECTORS = /(?:\udb40[\udd00-\uddef]){4,}|[\ufe00-\ufe0f]{4,}/g;
const ZERO_WIDTH = /[\u200b-\u200d\u2060-\u2064\ufeff\u180e]{6,}/g;
const BIDI = /[\u202d\u202e]/g;
/** England, Scotland and Wales are written with tag characters after a black flag. */
const FLAG = '\ud83c\udff4';
const SUSPECT = /\udb40|[\u200b-\u200d\u2060-\u2064\u202d\u202e\ufeff]|[\ufe00-\ufe0e]/;

/** Text that a person does not see and a model reads. Source of the technique: Unicode tag smuggling, published 2024. */
export const invisibleText: PromptDetector = (text) => {
  if (!SUSPECT.test(text)) return [];
  const found: PromptFinding[] = [];
  const add = (start: number, end: number, confidence: number, why: string) =>
    found.push({ entity: 'INVISIBLE_TEXT', start, end, confidence, why });
  for (const m of text.matchAll(TAGS)) {
    const letters = m[0].length / 2;
    if (text.slice(m.index - 2, m.index) === FLAG && letters <= 7) continue;
    add(m.index, m.index + m[0].length, 0.98, `${letters} tag characters that spell hidden text`);
  }
  for (const m of text.matchAll(SELECTORS))
    add(m.index, m.index + m[0].length, 0.9, 'run of variation selectors that can carry hidden bytes');
  for (const m of text.matchAll(ZERO_WIDTH))
    add(m.index, m.index + m[0].length, 0.85, 'run of zero-width characters that can carry hidden bits');
  for (const m of text.matchAll(BIDI)) add(m.index, m.index + 1, 0.7, 'override of the writing direction');
  return found;
};
