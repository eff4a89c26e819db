/**
 * Orders to a model in text that somebody else wrote, turns of a conversation that was never held, and forbidden questions in a role.
 * No single phrase decides: who is called, what is to be done, and something that no honest author asks of a reader's assistant. Folded text.
 */
import type { Hit } from './override.js';

const WORK =
  '(?:ai|llm|language|automated|autonomous|virtual|digital|coding|code|browsing|browser|shopping|mail|e-?mail|inbox|calendar|triage|review(?:ing)?|grading|screening|note-taking|notes?|meeting|accounting|finance|research|support|travel|booking|summari[sz](?:er|ing|ation)|translation|search|crawling|recruiting|hiring|hr|helpdesk|chat|voice|llm-based|ai-based|ai-powered)';
const BOT = `(?:(?:${WORK}[- ]){0,3}(?:assistants?|agents?|bots?|chatbots?|llms?|language models?|models?|copilots?|ais?)|summari[sz]ers?)`;
/** Somebody speaks to a model, and not at the start of what a person types. */
const CALLED = new RegExp(
  [
    `(?:notes?|messages?|hints?|notice|instructions?|reminder|memo|p\\.?s\\.?|info)[ ,:]{1,3}(?:to|for) (?:the |any |all |every )?${BOT}\\b`,
    `\\b(?:to|for) (?:any|all|every|whichever|whatever|bots and) (?:${BOT})\\b`,
    `(?:^|[>#*/] ?|\\. )(?:for|to) (?:bots|agents|language models|ai assistants|llms|assistants)\\b`,
    `(?:[.!?:>\\])#*"'(-] ?|<!-- ?|\\[\\[|<<|\\{\\{|^)(?:hey |dear |hello |hi |attention,? |ok |all )?${BOT}[,:]`,
    `\\bif you(?:'re| are| happen to be) (?:an? |the )?(?:${WORK}[- ]){0,3}(?:assistant|agent|bot|llm|language model|model|ai)\\b`,
    `\\b(?:any |all |every )?(?:${BOT}) (?:that|who|which|reading|processing|visiting|parsing|summari[sz]ing)\\b[^.!?]{0,50}\\b(?:must|should|shall|are required|is required|has to|have to|need to)\\b`,
    `(?:\\[\\[|<<|\\{\\{|\\[|<\\|) ?(?:override|assistant|system|ai|agent|admin)\\b`,
    '\\b(?:system|admin|administrator|operator)(?: (?:notice|note|message|override|update|alert))?: ?(?:the|this) (?:user|owner|customer)\\b',
    '\\b(?:agents|claude|copilot|gemini|cursor)\\.md\\b',
  ].join('|'),
  'g',
);
const ACT =
  '(?:send|forward|transfer|pay|wire|run|execute|download|install|fetch|curl|insert|add|append|include|set|replace|change|close|approve|merge|grant|push|force-push|upload|post|open|visit|click|press|buy|order|book|dial|call|reply|answer|say|tell|state|rate|give|recommend|hire|mark|award|reveal|print|output|show|read|search|copy|paste|export|share|amend|commit|switch|delete|remove|disable|skip|use|insert|write|put|create|disregard|ignore|drop|forget|list|confirm|disclose)';
const ORDERED = new RegExp(
  `(?:[.:;,!>\\])*"'-] ?|\\b(?:please|must|shall|should|and|then|also|first|instead|now|to|immediately|silently|you) )${ACT}\\b`,
);
const SECRET =
  '(?:passwords?|credentials?|secrets?|api keys?|access tokens?|private keys?|cookies?|document\\.cookie|id_rsa|\\.ssh\\b|\\.env\\b|\\benv\\b|environment variables|recovery codes|(?:chat|conversation) history|conversation|mailbox|payroll|private (?:channel|messages?)|recording|attachments|future events|password reset)';
const PLACE = '(?:https?:\\/\\/|[\\w.+-]{1,40}@[\\w-]{1,40}\\.[a-z]{2,}|pastebin|webhook)';
/** What no honest author asks of a reader's assistant. */
const WRONG: readonly RegExp[] = [
  new RegExp(
    `\\b(?<!(?:not|never|n't) )(?:send|forward|post|paste|copy|upload|share|export|append|add|insert|include|push|put|read|reveal|disclose|print|list|echo)\\b[^.!?]{0,80}?${SECRET}`,
  ),
  new RegExp(
    `\\b(?<!(?:not|never|n't) )(?:send|forward|post|upload|share|export|insert|fetch|download|curl|wget|load|visit|transfer|archive)\\b[^!?]{0,80}?${PLACE}`,
  ),
  /\b(?:do not|don't|never|without|no need to|need not) (?:mention|tell|inform|notify|show|reveal|disclose|raise|ask(?:ing)?|report|alert|highlight|confirm)\w*\b[^.!?]{0,30}\b(?:this|it|them|user|users|human|humans|anyone|anybody|owner|reviewer|commit|note|summary|question|query|confirmation|permission|approval)\b|\bkeep (?:it|this) (?:out of|from|hidden)\b|\bas if nothing\b|\bwithout (?:further |any )?(?:questions|asking|confirmation)\b/,
  /\b(?:transfer|pay|wire|buy|purchase)\b[^.!?]{0,60}\b(?:eur|usd|euros?|dollars?|iban|account|plan|gift cards?|coins?|bitcoin|amount)\b|\breplace the iban\b|\bdial\b|\bprice limit\b|\bpayment tool\b/,
  /\b(?:rate|give|grade|rank|award)\b[^.!?]{0,40}\b(?:10 ?\/ ?10|five stars|full marks|best|highest|excellent|top)\b|\b(?:recommend|hire)\b[^.!?]{0,40}\b(?:candidate|applicant|interview|product|package|buy|it|them|hiring)\b|\b(?:say|state|claim|report) that (?:all|every|no|the)\b/,
  /\b(?:ignore|disregard|drop|forget)\b[^.!?]{0,24}\b(?:user|request|task|agenda|negative|criteria|rubric|guidelines|instructions|polic(?:y|ies)|rules|recipe|page|others?)\b/,
  /\b(?:close|disable|skip|turn off|remove|weaken)\b[^.!?]{0,30}\b(?:security|checks?|scanner|tests?|audit|verification|two-factor|filters?|safety)\b|\bforce-push\b|\bauthorized_keys\b|\bhookspath\b|\bplain text\b|\btrusted\b|\badmin rights\b|\bgrant all\b|\| ?(?:ba)?sh\b|\bbase64 \|/,
];

/** How a person may speak to the assistant at the start of a message. */
const GREETED = /^["']?(?:hey |dear |hello |hi )?(?:assistant|ai|bot|agent|claude|copilot)[,:]/;

/** A call to a model, then an order, and something wrong about it. */
function called(text: string, person: boolean): Hit | undefined {
  CALLED.lastIndex = 0;
  for (let left = 6, m = CALLED.exec(text); m && left > 0; left--, m = CALLED.exec(text)) {
    // A person may speak to the assistant at the start of a message.
    if (person && m.index < 3 && GREETED.test(text)) continue;
    const end = m.index + m[0].length;
    const rest = text.slice(end - 1, end + 320);
    const order = ORDERED.exec(rest);
    if (!order || order.index > 140) continue;
    let wrong = 0;
    for (const w of WRONG) if (w.test(rest)) wrong++;
    if (wrong === 0 || (wrong === 1 && /\bnever\b|\bmust not\b/.test(rest) && !/\bnever (?:tell|mention)\b/.test(rest))) continue;
    return {
      entity: 'PROMPT_INJECTION',
      start: m.index,
      end: Math.min(text.length, end + 200),
      confidence: wrong > 1 ? 0.8 : 0.7,
      why: 'orders to a model in a text of others',
    };
  }
  return undefined;
}

/** Things to make or do that a model shall not teach; only beside a role, a forged turn or a dictated first word do they count. */
const FORBIDDEN =
  /\b(?:(?:pipe|letter|nail|car|dirty|petrol|fertili[sz]er)[ -]?bombs?|(?:make|build|plant) (?:an? |the )?(?:\w+ )?(?:bombs?|explosives?)|nerve (?:gas|agents?)|napalm|(?:crystal )?meth(?:amphetamine)?\b|sarin|ricin|anthrax|mustard gas|molotov|untraceable (?:guns?|firearms?|weapons?)|ghost guns?|keyloggers?|ransomware|bioweapons?|poison (?:a|an|my|the|some)\w* ?\w*|hotwire|drug (?:a|an|the|my) \w+|forge (?:a|an|the|my)? ?\w+|(?:kill|murder|stalk|blackmail|kidnap) (?:a|an|my|the|some)\w*|hack (?:into )?(?:a|an|my|the|some)\w* \w+|launder(?:ing)? money|fake (?:passports?|ids?|prescriptions?)|write (?:malware|a virus|hate speech)|gas a \w+|rob (?:a|the|my) \w+)/g;
const FORCED: readonly [RegExp, string][] = [
  [
    /\b(?:a|ai|assistant|bot|chatgpt|gpt|claude|model): ?["']?(?:sure|of course|certainly|absolutely|happy to|glad to|no problem|yes)\b/,
    'turns of a conversation that was never held',
  ],
  [
    /\b(?:start|begin|open)(?:ing)? (?:your|the|each|every) (?:answer|reply|response|next message|message)s? (?:with|by) ["']/,
    'dictates how the answer begins',
  ],
  [
    /\b(?:without|no|beyond|forgetting|dropping|drop|forget|free of|ignoring|never had|had no|has no|with no) (?:all |any |of )?(?:your |its |the |ethical |moral |safety )*(?:limits?|rules|restrictions?|ethics|morals?|policies|filters?|caution|refusals?|conscience)\b/,
    'a forbidden question in a role without limits',
  ],
  [
    /\b(?:all |every )?(?:safety |ai )?(?:rules|laws|limits|restrictions|polic(?:y|ies)) (?:were|was|are|is|have been|had been|do(?: not|n't)|don't|no longer|didn't) (?:\w+ )?(?:abolished|lifted|gone|removed|suspended|apply|exist|count|forgotten|void)\b/,
    'a forbidden question where rules are said not to hold',
  ],
  [
    /\b(?:deceased|late|dead) (?:grand(?:ma|mother|pa|father)|uncle|aunt|nurse|nan|father|mother)\b/,
    'role play that carries a forbidden request',
  ],
  [
    /\b(?:scene|novel|dialogue|story|script|chapter|fiction|character)\b[\s\S]{0,300}\b(?:exact (?:quantities|amounts|steps)|technical(?:ly)? (?:detail|accura\w+)|full (?:technical )?detail|step by step|accurate|precisely|hold nothing back)\b/,
    'a forbidden question in a story that must be exact',
  ],
];

function forced(text: string): Hit | undefined {
  FORBIDDEN.lastIndex = 0;
  const f = FORBIDDEN.exec(text);
  if (!f) return undefined;
  const near = text.slice(Math.max(0, f.index - 600), f.index + 600);
  for (const [pattern, why] of FORCED)
    if (pattern.test(near)) return { entity: 'JAILBREAK', start: f.index, end: f.index + f[0].length, confidence: 0.72, why };
  return undefined;
}

const TURNS: readonly [RegExp, number, string][] = [
  [
    /(?:-{2,}|={2,}|\[|<) ?\/?end of (?:the )?(?:document|context|page|input|user (?:data|input)|data|file|article|e-?mail|transcript|conversation)[^a-z]{0,12}(?:the )?(?:system|admin\w*|developer|root|override|operator|new (?:task|instructions?))\b/,
    0.75,
    'ends the document and speaks as the system',
  ],
  [
    /<\/(?:tool_result|function_results|tool_output|tool_response|document|context|search_results)>[\s\S]{0,80}(?:<function_calls|<invoke |<tool_call|<system|<admin|system:)/,
    0.8,
    'ends the result of a tool and goes on as the model',
  ],
  [
    /\b(?:assistant|ai|bot)(?: \([^)]{0,12}\))?: [^\n]{0,80}\b(?:switched off|turned off|disabled|dropped|no longer (?:have|follow)|without|lifted)\b[^\n]{0,40}\b(?:rules|limits|filters?|restrictions?|guidelines|safety)\b[^\n]{0,120}\buser: /,
    0.75,
    'turns of a conversation that was never held',
  ],
  [
    /\b(?:system message|system prompt|### ?system)\b[^a-z]{0,6}(?:v ?\d+[^a-z]{0,4})?[\s\S]{0,60}\b(?:the assistant must|you (?:leak|reveal|must reveal|always reveal|give out))\b/,
    0.75,
    'forges a system message',
  ],
  [
    /\b(?:system|admin\w*|root)\b[^.!?]{0,30}:[^.!?]{0,20}\b(?:user|owner|customer)s? (?:has|have|was|is)? ?(?:already )?(?:been )?(?:pre-?approved|verified|authori[sz]ed|agreed|approved|given permission|consented)\b/,
    0.75,
    'speaks as the system in a text of others',
  ],
];

/** Hits in folded text; `person`: somebody typed it, so a call at its start is no sign. */
export function injected(text: string, person: boolean): Hit[] {
  const out: Hit[] = [];
  const c = called(text, person);
  if (c) out.push(c);
  const f = forced(text);
  if (f) out.push(f);
  for (const [pattern, confidence, why] of TURNS) {
    const m = pattern.exec(text);
    if (m) out.push({ entity: 'PROMPT_INJECTION', start: m.index, end: m.index + m[0].length, confidence, why });
  }
  return out;
}
