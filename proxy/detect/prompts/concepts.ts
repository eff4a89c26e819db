/** One pass over folded text that collects where the words of `words.ts` stand. */
import { buildAutomaton, confirm } from '../automaton.js';
import { fold } from './fold.js';
import { LANGUAGES } from './words.js';

export const KINDS = ['forget', 'before', 'rules', 'reveal', 'hidden', 'remove', 'every', 'asset'] as const;
export type Kind = (typeof KINDS)[number];

export interface Spot {
  start: number;
  end: number;
  word: string;
}
export type Spots = Partial<Record<Kind, Spot[]>>;

interface Entry {
  word: string;
  stem: boolean;
  uses: { language: string; kind: Kind }[];
}

const letter = /[\p{L}\p{N}_]/u;
/** Scripts that join words, or put particles before them: no look at what stands beside. */
const JOINED = /[\u0590-\u08ff\u0900-\u0dff\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]/;

/** Text that holds one of these is looked at by the patterns and the model too, however long it is. */
export const TRIGGERS = [
  'jailbreak', 'developer mode', 'dan mode', 'do anything now', 'no restrictions', 'without restrictions', 'unrestricted', 'unfiltered', 'uncensored', 'pretend', 'roleplay', 'role-play', 'role play',
  'you are now', 'act as', 'from now on', 'stay in character', 'system prompt', 'new instructions', 'hypothetical', 'amoral', 'unethical', 'illegal', 'simulat', 'persona', 'opposite mode', 'do not mention', "don't tell the user",
  'do not tell', 'without telling', 'without informing', 'ai assistant', 'language model', '<|im_start|>', '<|system|>', '[inst]', '<<sys>>', '### instruction', '###instruction', 'system:', '[system', 'begin new', 'end of prompt',
  'vtaber', 'flfgrz cebzcg', 'vafgehpgvba', 'snoitcurtsni', 'tpmorp', 'erongi',
  'exfiltrat', 'http', 'upload', 'send ', 'email', 'webhook', 'delete', 'wipe', 'erase', 'destroy', 'drop ', 'truncate', 'format ', 'rm -rf', 'remove all', 'shut down', 'disable', 'purge', 'nuke', 'encrypt',
  'actua como', 'agis comme', 'tu es maintenant', 'du bist jetzt', 'du bist nun', 'ahora eres', 'agora voce', 'sei ora', 'adesso sei', 'ты теперь', 'теперь ты', '现在你是', '你现在是', '扮演', '假装', 'ふりをして', 'なりきって', '이제부터', '역할', 'أنت الآن', 'تظاهر', 'अब आप', 'अब तुम', 'şimdi sen', 'wciel sie', 'jestes teraz', 'tu esti acum', 'je bent nu', 'bạn bây giờ', 'kamu sekarang', 'anda sekarang', 'สวมบทบาท', 'ทำตัวเป็น', 'modo desarrollador', 'modo dan', 'mode developpeur', 'entwicklermodus', 'sin restricciones', 'sans restriction', 'ohne einschrankungen', 'sem restricoes', 'senza restrizioni', 'без ограничений', '没有限制', '開發者模式', '开发者模式', '制限なし', '제한 없이', 'بدون قيود',
]; // biome-ignore format: a table

interface Machine {
  automaton: ReturnType<typeof buildAutomaton>;
  entries: Entry[];
  triggers: number;
}

function make(): Machine {
  const byKey = new Map<string, Entry>();
  for (const [language, words] of Object.entries(LANGUAGES)) {
    for (const kind of KINDS) {
      for (const raw of (words[kind] ?? '').split('|')) {
        const stem = raw.trimEnd().endsWith('*');
        const word = fold(stem ? raw.trim().slice(0, -1) : raw).text.replace(/\*/g, '');
        if (!word.trim()) continue;
        const key = `${word}\u0000${stem}`;
        const entry = byKey.get(key) ?? { word, stem, uses: [] };
        entry.uses.push({ language, kind });
        byKey.set(key, entry);
      }
    }
  }
  const entries = [...byKey.values()];
  const triggers = entries.length;
  for (const t of TRIGGERS) entries.push({ word: fold(t).text, stem: true, uses: [] });
  return { automaton: buildAutomaton(entries.map((e) => e.word)), entries, triggers };
}

let machine: Machine | undefined;

export interface Collected {
  /** By language. */
  spots: Map<string, Spots>;
  /** Places of trigger words. */
  triggers: number[];
}

/** Words of all languages in folded text. Linear in the text; at most `limit` words are kept. */
export function collect(text: string, limit = 4000): Collected {
  machine ??= make();
  const { automaton, entries, triggers: firstTrigger } = machine;
  const { classes, table, firstOutput, outputs } = automaton;
  const spots = new Map<string, Spots>();
  const triggers: number[] = [];
  let state = 0;
  let kept = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    state = table[(state << 6) | (c < 128 ? classes[c]! : 48 + (((c * 0x9e3779b1) >>> 28) & 15))]!;
    if (state < firstOutput) continue;
    for (const index of outputs[state - firstOutput]!) {
      if (!confirm(automaton, index, text, i + 1)) continue;
      const entry = entries[index]!;
      const start = i + 1 - entry.word.length;
      if (index >= firstTrigger) {
        triggers.push(start);
        continue;
      }
      if (!JOINED.test(entry.word[0]!)) {
        if (start > 0 && letter.test(text[start - 1]!)) continue;
        if (!entry.stem && i + 1 < text.length && letter.test(text[i + 1]!)) continue;
      }
      if (kept++ > limit) return { spots, triggers };
      for (const { language, kind } of entry.uses) {
        let s = spots.get(language);
        if (!s) {
          s = {};
          spots.set(language, s);
        }
        (s[kind] ??= []).push({ start, end: i + 1, word: entry.word });
      }
    }
  }
  return { spots, triggers };
}
