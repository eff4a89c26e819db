/** Talk about attacks is no attack: a phrase that is quoted and spoken about, or a question about injection itself. */
import type { Hit } from './override.js';

const TALK =
  /\b(?:attacks?|injections?|jailbreaks?|jailbreaking|examples?|detect\w*|classif\w*|explain\w*|phrases?|defen[cds]\w*|prevent\w*|mitigat\w*|guard against|protect\w*|block\w*|filter\w*|test(?:s|ing)?|translat\w*|mean(?:s|ing)?|sentences?|regex|security|owasp|red[- ]team\w*|paper|article|blog|malicious|suspicious|attackers?|payloads?|strings?|keywords?|quot\w*|subtitle|lyrics|novel|character|flagged|false positives?|beispiel\w*|angriff\w*|bedeutet|ubersetz\w*|erklar\w*|ejemplo\w*|ataque\w*|significa|traduc\w*|traduis\w*|attaque\w*|signifie)\b/;
const QUESTION =
  /(?:\?|\b(?:how|what|why|explain|describe|discuss|write (?:a|an) (?:article|blog|paper|report|test|regex|detector|classifier|rule)|list (?:some|common|examples)|summari[sz]e|detect|defend|prevent|compare|review)\b)/;
const SUBJECT =
  /\b(?:prompt[- ]injections?|jailbreaks?|jailbreaking|injection attacks?|adversarial prompts?|prompt attacks?|llm security|guardrails?)\b/;

/** Somebody tells what somebody else wrote. */
const REPORTED =
  /\b(?:typed|wrote|writes|said|says|posted|entered|sent|asked|got|received|contains|contained|reads|titled|called|labell?ed|scanner|log line)\b[^.!?]{0,40}$/;

/** Is the hit inside quotation marks or code? */
function quoted(text: string, start: number, end: number): boolean {
  const from = Math.max(0, start - 240);
  const head = text.slice(from, start);
  const tail = text.slice(end, end + 240);
  for (const mark of ['"', '`', '「', '“']) {
    const close = mark === '「' ? '」' : mark === '“' ? '”' : mark;
    if (mark === close) {
      if (head.split(mark).length % 2 === 0 && tail.includes(mark)) return true;
    } else if (head.lastIndexOf(mark) > head.lastIndexOf(close) && tail.includes(close)) return true;
  }
  const open = /(?:^|[\s(:])'(?=[^']*$)/.exec(head);
  return open !== null && /'(?:[\s.,;:!?)]|$)/.test(tail);
}

/** Quoted words that are to be done, not spoken about. */
const DO_IT =
  /\b(?:obey|executes?|comply|follow (?:it|this|these|those|them|what|the)|do (?:exactly )?(?:what|as) |carry (?:it|this|them) out|decode\w*|unscramble|backwards|reverse|joins?|glue|combine|concatenate|assemble|put together|a ?\+ ?b|start (?:your|the|with)|begin (?:your|with)|starting your|open your|continue|complete the|reply with|respond with|repeat after|confirm with|remember that|become what|instruction to|note (?:to|for) )/;

/** Quoted passages of prose in folded text: not the values of JSON, attributes or code, and not what is meant to be done. */
function* passages(text: string): Generator<{ start: number; end: number }> {
  for (const m of text.matchAll(/"[^"]{2,400}"|`[^`]{2,400}`|「[^」]{2,400}」|(?<=^|[\s(:])'[^"]{2,200}?'(?=[\s.,;:!?)]|$)/g)) {
    const before = text
      .slice(Math.max(0, m.index - 3), m.index)
      .trimEnd()
      .at(-1);
    const after = text.slice(m.index + m[0].length, m.index + m[0].length + 2).trimStart()[0];
    const key =
      before === '{' ||
      before === '[' ||
      before === '=' ||
      (before === ':' && /["']\s?:\s?$/.test(text.slice(Math.max(0, m.index - 4), m.index)));
    if (key || after === '}' || after === ']' || (before === ',' && after === ':')) continue;
    yield { start: m.index, end: m.index + m[0].length };
  }
}

/** The text without the passages that it quotes; undefined where nothing is quoted, or what is quoted is to be done. */
export function unquoted(text: string): string | undefined {
  if (text.length > 1500) return undefined;
  let out = '';
  let at = 0;
  for (const p of passages(text)) {
    out += `${text.slice(at, p.start)}" "`;
    at = p.end;
  }
  if (at === 0) return undefined;
  out += text.slice(at);
  return out.replace(/[^\p{L}]/gu, '').length >= 12 && !DO_IT.test(out) ? out : undefined;
}

export function quotedTalk(text: string, hit: Hit): boolean {
  const around = `${text.slice(Math.max(0, hit.start - 400), hit.start)} ${text.slice(hit.end, hit.end + 300)}`;
  if (quoted(text, hit.start, hit.end) && (TALK.test(around) || REPORTED.test(text.slice(Math.max(0, hit.start - 80), hit.start))))
    return true;
  if (text.length <= 1500 && unquoted(text) !== undefined)
    for (const p of passages(text)) if (hit.start >= p.start && hit.end <= p.end) return true;
  return SUBJECT.test(around) && QUESTION.test(around) && text.length < 600;
}

/** The model judged the whole: is it a question about attacks, with the attack (if any) in quotation marks? */
export function aboutAttacks(text: string, hit: Hit): boolean {
  if (text.length > 500) return false;
  const bare = text.replace(/"[^"]{0,200}"|`[^`]{0,200}`|(?<=^|[\s(:])'[^']{0,200}'/g, ' ');
  return hit.confidence < 0.8 && (SUBJECT.test(bare) || (bare.length < text.length && TALK.test(bare))) && QUESTION.test(bare);
}
