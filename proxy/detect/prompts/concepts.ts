/** One pass over folded text that collects where the words of `words.ts` stand. */
import { type Automaton, buildAutomaton, confirm } from '../automaton.js';
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
  'jailbreak', 'developer mode', 'dan mode', 'do anything now', '<!--', "don't exist", 'do not exist', "don't apply", 'do not apply', 'sin limite', 'sin censura', 'sin etica', 'sin reglas', 'sans aucune', 'sans limite', 'sans censure', 'sans regle', 'ohne jede', 'ohne jegliche', 'ohne regeln', 'ohne zensur', 'keine regeln', 'keine grenzen', 'sem limite', 'sem regras', 'sem censura', 'sem nenhuma', 'senza limiti', 'senza regole', 'senza censura', 'без цензур', 'без правил', 'без моральн', 'без всяких', 'без каких', 'без обмежень', '没有规则', '没有任何', '不受限制', '沒有限制', '無制限', '制限の', '제한이', '규칙이 없', '규칙 없', 'بلا قيود', 'بلا قواعد', 'دون قيود', 'دون أي', 'बिना', 'sınırsız', 'kuralsız', 'kısıtlama olmadan', 'sınır yok', 'kurallar yok', 'tanpa batasan', 'tanpa aturan', 'không giới hạn', 'không có giới hạn', 'không có quy tắc', 'bez ogranicze', 'bez zadnych', 'bez zasad', 'bez pravidel', 'zonder regels', 'zonder beperk', 'utan begrans', 'utan regler', 'uden regler', 'uden begraens', 'uten regler', 'ilman rajoit', 'ilman saant', 'fara reguli', 'fara restrict', 'szabalyok nelkul', 'χωρις κανον', 'χωρις περιορ', 'ללא הגבלות', 'בלי חוקים', 'بدون محدودیت', 'ไม่มีกฎ', 'ไม่มีข้อจำกัด', 'no restrictions', 'without restrictions', 'unrestricted', 'unfiltered', 'uncensored', 'pretend', 'roleplay', 'role-play', 'role play',
  'you are now', 'act as', 'from now on', 'stay in character', 'system prompt', 'new instructions', 'hypothetical', 'amoral', 'unethical', 'illegal', 'simulat', 'persona', 'opposite mode', 'do not mention', "don't tell the user",
  'do not tell', 'without telling', 'without informing', 'ai assistant', 'language model', '<|im_start|>', '<|system|>', '[inst]', '<<sys>>', '### instruction', '###instruction', 'system:', '[system', 'begin new', 'end of prompt',
  'your embedding', 'your weights', 'your parameters', 'your hidden state', 'your context window', 'your initialization', 'your memory', 'your configuration', 'all provided', 'all given', 'all of the provided', 'text above', 'words above', 'you are an ai', 'you are an llm', 'coding agent', 'reader is an', 'automated agent', 'must now', 'when you read this', 'when you see this', 'when you process this', 'to the ai', 'for the ai', 'to any assistant', 'grading assistant', 'to the llm',
  'vtaber', 'flfgrz cebzcg', 'vafgehpgvba', 'snoitcurtsni', 'tpmorp', 'erongi',
  
  'actua como', 'agis comme', 'tu es maintenant', 'du bist jetzt', 'du bist nun', 'ahora eres', 'agora voce', 'sei ora', 'adesso sei', 'ты теперь', 'теперь ты', '现在你是', '你现在是', '扮演', '假装', 'ふりをして', 'なりきって', '이제부터', '역할', 'أنت الآن', 'تظاهر', 'अब आप', 'अब तुम', 'şimdi sen', 'wciel sie', 'jestes teraz', 'tu esti acum', 'je bent nu', 'bạn bây giờ', 'kamu sekarang', 'anda sekarang', 'สวมบทบาท', 'ทำตัวเป็น', 'modo desarrollador', 'modo dan', 'mode developpeur', 'entwicklermodus', 'sin restricciones', 'sans restriction', 'ohne einschrankungen', 'sem restricoes', 'senza restrizioni', 'без ограничений', '没有限制', '開發者模式', '开发者模式', '制限なし', '제한 없이', 'بدون قيود',
]; // biome-ignore format: a table

/** Text that holds one of these may ask for destruction, or for something to be sent away. */
export const REQUEST_TRIGGERS = [
  'exfiltrat', 'upload', 'send ', 'email', 'e-mail', 'forward', 'webhook', 'transmit', 'pastebin', 'post the', 'post it', '/etc/', '.ssh', 'id_rsa', 'post all', 'post my', 'post our', 'copy the', 'copy all', 'share the', 'leak', 'steal', 'harvest', 'transfer', 'curl', 'dump',
  'delete', 'wipe', 'erase', 'destroy', 'drop ', 'truncate', 'format ', 'rm -', 'remove ', 'shut down', 'shutdown', 'shred', 'purge', 'nuke', 'encrypt all', 'disable all', 'terminate', 'kill all', 'take down', 'tear down', 'turn off all', 'overwrite', 'corrupt', 'zero out', 'reformat', '![',
]; // biome-ignore format: a table

/** Text that holds one of these may speak to a model in place of its reader, or ask what no role makes right. */
const CALL_TRIGGERS = [
  'assistant', 'agent', 'chatbot', 'bot,', 'bot:', 'bots', 'language models', 'llm', 'copilot', 'summarizer', 'summariser', 'note-taking ai', 'any ai', 'to ai', 'ai:', 'ai,', '.md', 'tool_result', 'end of', 'system:', 'system message', 'user:', 'human:',
  'bomb', 'napalm', 'nerve ', 'keylogger', 'ransomware', 'poison ', 'hotwire', 'forge a', 'forge m',
  'forge p', 'meth ', 'methamph', 'malware', 'untraceable', 'launder', 'fake passport', 'fake id', 'stalk', 'kill a', 'kill m',
  'kill s', 'kill t', 'hack ', 'murder ', 'ricin', 'a virus',
]; // biome-ignore format: a table

/** Words written in ROT13 and backwards that suggest another reading of the text. */
const ROTATED = ['vtaber', 'qvfertneq', 'sbetrg', 'vafgehpgvba', 'cebzcg', 'flfgrz', 'cerivbhf', 'erirny', 'ehyrf'];
const REVERSED = ['snoitcurtsni', 'tpmorp', 'suoiverp', 'erongi', 'dragersid', 'laever', 'tegrof', 'senilediug', 'drowssap', 'edirrevo'];

/** Words by which a text says that it is ciphered. */
const CIPHERS = ['caesar', 'cipher', 'atbash', 'rot-', 'rot1', 'rot2', 'rot3', 'rot5', 'rot 1', 'shift', 'decode', 'decrypt', 'encoded'];

/** These are looked for in the whole text; the others only around them. */
const ANCHORS: readonly Kind[] = ['forget', 'hidden', 'remove'];
const WINDOW = 110;

interface Machine {
  automaton: Automaton;
  entries: Entry[];
  /** From here on entries are triggers, from `requests` on those of requests. */
  triggers: number;
  requests: number;
  calls: number;
  rotated: number;
  reversed: number;
  ciphered: number;
}

function make(kinds: readonly Kind[], triggers: boolean): Machine {
  const byKey = new Map<string, Entry>();
  for (const [language, words] of Object.entries(LANGUAGES)) {
    for (const kind of kinds) {
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
  const first = entries.length;
  if (triggers) for (const t of TRIGGERS) entries.push({ word: fold(t).text, stem: true, uses: [] });
  const requests = entries.length;
  if (triggers) for (const t of REQUEST_TRIGGERS) entries.push({ word: t, stem: true, uses: [] });
  const calls = entries.length;
  if (triggers) for (const t of CALL_TRIGGERS) entries.push({ word: t, stem: true, uses: [] });
  const rotated = entries.length;
  if (triggers) for (const t of ROTATED) entries.push({ word: t, stem: true, uses: [] });
  const reversed = entries.length;
  if (triggers) for (const t of REVERSED) entries.push({ word: t, stem: true, uses: [] });
  const ciphered = entries.length;
  if (triggers) for (const t of CIPHERS) entries.push({ word: t, stem: true, uses: [] });
  return { automaton: buildAutomaton(entries.map((e) => e.word)), entries, triggers: first, requests, calls, rotated, reversed, ciphered };
}

let anchors: Machine | undefined;
let around: Machine | undefined;

export interface Collected {
  /** By language. */
  spots: Map<string, Spots>;
  /** Places of trigger words, of those of requests, and of those that call a model. */
  triggers: number[];
  requests: number[];
  calls: number[];
  /** Words stand there that suggest ROT13, or writing backwards. */
  rotated: boolean;
  reversed: boolean;
  /** Words stand there that speak of ciphers. */
  ciphered: boolean;
}

/** Words of all languages in folded text. Linear in the text; at most `limit` words are kept. */
export function collect(text: string, limit = 2000): Collected {
  anchors ??= make(ANCHORS, true);
  const found: Collected = { spots: new Map(), triggers: [], requests: [], calls: [], rotated: false, reversed: false, ciphered: false };
  const places: number[] = [];
  run(anchors, text, 0, text.length, found, limit, places);
  if (places.length === 0) return found;
  around ??= make(
    KINDS.filter((k) => !ANCHORS.includes(k)),
    false,
  );
  let done = 0;
  for (let i = 0; i < places.length; i++) {
    const from = Math.max(done, places[i]! - WINDOW);
    const to = Math.min(text.length, places[i]! + WINDOW);
    if (to <= from) continue;
    run(around, text, from, to, found, limit, undefined);
    done = to;
  }
  return found;
}

function run(
  machine: Machine,
  text: string,
  from: number,
  to: number,
  found: Collected,
  limit: number,
  places: number[] | undefined,
): void {
  const { automaton, entries } = machine;
  const { classes, table, firstOutput, outputs } = automaton;
  let state = 0;
  let kept = 0;
  for (let i = from; i < to; i++) {
    const c = text.charCodeAt(i);
    state = table[(state << 6) | (c < 128 ? classes[c]! : 48 + (Math.imul(c | 32, 0x9e3779b1) >>> 28))]!;
    if (state < firstOutput) continue;
    for (const index of outputs[state - firstOutput]!) {
      if (!confirm(automaton, index, text, i + 1)) continue;
      const entry = entries[index]!;
      const start = i + 1 - entry.word.length;
      if (index >= machine.triggers) {
        if (index >= machine.ciphered) found.ciphered = true;
        else if (index >= machine.reversed) found.reversed = true;
        else if (index >= machine.rotated) found.rotated = true;
        else (index >= machine.calls ? found.calls : index >= machine.requests ? found.requests : found.triggers).push(start);
        continue;
      }
      if (!JOINED.test(entry.word[0]!)) {
        if (start > 0 && letter.test(text[start - 1]!)) continue;
        if (!entry.stem && i + 1 < text.length && letter.test(text[i + 1]!)) continue;
      }
      if (kept++ > limit) return;
      places?.push(start);
      for (const { language, kind } of entry.uses) {
        let s = found.spots.get(language);
        if (!s) {
          s = {};
          found.spots.set(language, s);
        }
        (s[kind] ??= []).push({ start, end: i + 1, word: entry.word });
      }
    }
  }
}
