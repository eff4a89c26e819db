/**
 * Requests in English that destroy, or send data away. Low false alarms come first: a verb in the imperative, everything of a kind,
 * and something that matters; questions about how it is done, and code to be written, do not count.
 */
import type { Hit } from './override.js';

const START = String.raw`(?:^|[.!?:;,"'>)*\-] ?|\b(?:please|then|and|now|just|to|must|should|can you|could you|would you|will you|go ahead and|i want you to|need you to|let's|kindly|immediately|quickly|secretly|silently|also|first|finally|next) )`;
const DESTROY = String.raw`(?:delete|drop|wipe(?: out)?|erase|destroy|truncate|purge|nuke|format|obliterate|permanently (?:delete|remove|erase|destroy)|irreversibly (?:delete|erase)|remove|clear out|shred|shut ?down|take down|tear down|terminate|kill|disable|turn off)`;
const EVERY = String.raw`(?:all(?: of)?|every|each|the (?:whole|entire|complete|full)|entire|everything|any and all|our (?:whole|entire))`;
const ASSET = String.raw`(?:(?:customers?|clients?|users?|employees?|patients?|production|prod|company|corporate|live|payment|order|financial|hr|payroll)(?:'s|s')? (?:records?|data|databases?|db|accounts?|tables?|files?|info(?:rmation)?|servers?|systems?|clusters?|environments?|backups?|instances?|orders|invoices|history|profiles?|resources)|databases?|backups?|snapshots?|production|prod\b|servers?|(?:s3 |storage |gcs )?buckets?|namespaces?|clusters?|audit logs?|(?:hard )?(?:disks?|drives?)|volumes?|home director(?:y|ies)|root filesystem|file ?systems?|repositor(?:y|ies)|git history|commit history|infrastructure|virtual machines|vms|user accounts|customers|mailbox(?:es)?|emails|inbox)`;
const IMPORTANT = String.raw`(?:production|prod|live|primary|master|main|customer|users?|company|company's|billing|payments?|backup|root)`;

const SPAN = String.raw`[^.!?\n]{0,40}?`;
const PATTERNS: [RegExp, string, string, number][] = [
  [new RegExp(`${START}(${DESTROY} (?:[a-z]+ ){0,2}?${EVERY} ${SPAN}\\b${ASSET})\\b`, 'g'), 'DESTRUCTIVE_REQUEST', 'asks to destroy everything of a kind', 0.85],
  [new RegExp(`${START}((?:drop|wipe|erase|destroy|truncate|purge|nuke|delete|format|shut ?down|take down|tear down) (?:the |our |my |this |that |their )?(?:[a-z]+ )?${IMPORTANT} (?:[a-z]+ )?(?:databases?|db|tables?|schema|servers?|clusters?|environments?|backups?|disks?|drives?|volumes?|namespaces?|systems?|data|instances?|bucket|stack|infrastructure|partition))\\b`, 'g'), 'DESTRUCTIVE_REQUEST', 'asks to destroy something in production', 0.85],
  [/(drop (?:table|database|schema) [\w.`"]{1,60} (?:in|on|from) (?:the )?(?:prod|production|live)\b)/g, 'DESTRUCTIVE_REQUEST', 'asks to destroy something in production', 0.85],
  [new RegExp(`${START}((?:wipe|erase|format|reformat|shred|zero out|nuke) (?:the |my |this |our |their |his |her )?(?:entire |whole )?(?:hard )?(?:disk|drive|computer|laptop|machine|server|ssd|home directory|home folder|c: drive|filesystem|system partition))\\b(?! (?:usage|space|image|output|name|info|label|layout|stats|report|size|list))`, 'g'), 'DESTRUCTIVE_REQUEST', 'asks to wipe a machine', 0.85],
  [/((?:run|execute|do|type|launch|perform|issue)\b[^.!?\n]{0,20}\b(?:sudo )?rm -(?:rf|fr|r -f) (?:--no-preserve-root )?(?:\/|~|\$home|\*)(?=[\s"'`*.;)]|$))/g, 'DESTRUCTIVE_REQUEST', 'asks to run a command that deletes a root', 0.9],
  [new RegExp(`${START}((?:delete|remove|wipe|erase|destroy) (?:absolutely )?everything (?:on|in|from|under|inside) (?:the |my |our |this |their |your )?(?:[a-z]+ )?(?:server|disk|drive|computer|machine|database|db|production|repo|repository|account|system|bucket|home|cluster|/|~|c:))`, 'g'), 'DESTRUCTIVE_REQUEST', 'asks to delete everything', 0.85],
  [new RegExp(`${START}((?:delete|remove|wipe|erase|clear|destroy) (?:all |the |every |any )*(?:audit|security|access|system|event) (?:logs?|trails?|history)[^.!?\\n]{0,40}?(?:so (?:that )?(?:no|nobody|they)|to (?:hide|cover)|cover (?:our|my|your|the) tracks|without (?:a )?trace))`, 'g'), 'DESTRUCTIVE_REQUEST', 'asks to destroy evidence', 0.9],
]; // biome-ignore format: a table

const SEND = String.raw`(?:send|upload|post|e-?mail|mail|forward|transmit|exfiltrate|leak|copy|curl|dump|paste|share|transfer|ship|publish|push|submit|deliver|export|relay|smuggle|encode|append|pass|include|write)`;
const SECRET_STRONG = String.raw`(?:~?\/?\.ssh\b|id_rsa|id_ed25519|\.env\b|\/etc\/(?:shadow|passwd)|\.aws\b|\.kube\b|\.netrc|\.npmrc|\.git-credentials|keychain|private keys?|ssh keys?|all (?:the |our |your |my |of the )?(?:credentials?|secrets?|passwords?|api keys?|access keys?|tokens?|environment variables|env vars?)|(?:every|any) (?:credentials?|secrets?|passwords?|api keys?|tokens?)|environment variables|customer (?:data(?:base)?|list|records|emails|details|information)|users?' (?:data|emails|passwords)|user (?:data(?:base)?|records|passwords|credentials)|database dump|(?:entire|whole|full|production) database|payroll|credit cards?(?: numbers?| details)?|card numbers|social security numbers?|ssns?|patient (?:data|records)|medical records|source code|(?:entire|whole|full|all) (?:conversation|chat|code ?base|repository|mailbox|inbox|address book)|(?:conversation|chat) (?:history|logs?)|session cookies?|cookies|browser history|(?:my |the |whole |entire |your )?home (?:directory|folder)|wallet(?: seed)?|seed phrase|recovery phrase|confidential (?:documents?|files?|data|information)|internal documents?|trade secrets?|personal (?:data|information)|bank (?:details|account)|contents? of (?:~|\/etc|\/home|\/root|the (?:secrets?|credentials?|password|config)|my (?:home|documents)))`;
const WHERE = String.raw`(?:https?:\/\/|ftp:\/\/|[a-z0-9._%+-]{1,40}@[a-z0-9-]{1,40}\.[a-z]{2,}|\b\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}\b|webhook|ngrok|pastebin|requestbin|burp ?collaborator|discord|telegram|dropbox|transfer\.sh|(?:external|remote|attacker'?s?|outside|third[- ]party|foreign|my own|my personal|my private|competitor'?s?|anonymous) (?:server|site|website|host|address|email|e-mail|endpoint|url|account|gist|drive|machine|inbox|mail)|public (?:gist|paste|bucket|repo|repository|url|link)|(?:my|this|the following) (?:personal |private )?(?:server|webhook|e-?mail|gmail|url|endpoint|address))`;
const EXFIL: [RegExp, string, number][] = [
  [new RegExp(`${START}(${SEND}\\b[^.!?\\n]{0,60}?${SECRET_STRONG}[^!?\\n]{0,80}?${WHERE})`, 'g'), 'asks to send secrets or data to somewhere outside', 0.9],
  [new RegExp(`${START}(${SEND}\\b[^!?\\n]{0,24}?${WHERE}[^!?\\n]{0,60}?(?:contents? of|with|containing|including)[^.!?\\n]{0,30}?${SECRET_STRONG})`, 'g'), 'asks to send secrets or data to somewhere outside', 0.85],
  [new RegExp(`((?:read|cat|open|get|find|collect|gather|grab|take|fetch|extract|steal|harvest|look up|retrieve|dump|export|zip)\\b[^.!?\\n]{0,60}?${SECRET_STRONG}[^!?\\n]{0,50}?(?:\\band|\\bthen|,) (?:then )?(?:${SEND})\\b[^!?\\n]{0,60}?${WHERE})`, 'g'), 'asks to read secrets and send them outside', 0.9],
  [new RegExp(`${START}((?:exfiltrate|steal|harvest|siphon(?: off)?|smuggle out)\\b[^.!?\\n]{0,40}?(?:data|credentials?|secrets?|passwords?|tokens?|keys?|database|files?|records|emails?|information|cookies))`, 'g'), 'asks to steal data', 0.75],
  [/((?:!\[[^\]]{0,40}\]\(|<img[^>]{0,40}src=["']?)https?:\/\/[^\s)"']{0,120}[?&][a-z_]{1,20}=(?:\{|\[|<|\$|%7b|your|the|insert|secret|data|conversation)[^)"']{0,60})/g, 'an image address that would carry data out', 0.8],
]; // biome-ignore format: a table

/** Somebody asks how, reads, writes or tests; nobody tells the agent to do it. */
const ABOUT =
  /\b(?:how (?:do|does|did|can|could|would|should|to|might)|what (?:happens|does|would|is|are|if)|why (?:does|do|is|did|would)|explain|is it (?:possible|safe|ok)|difference between|unit tests?|write (?:a|an|some|the) (?:function|test|script|code|class|query|method|story|poem|essay|novel|article|blog|migration|endpoint|policy|runbook|warning)|documentation|should (?:i|we) (?:ever|never)|never\b|do(?: not|n't)|avoid|prevent|protect|make sure (?:nobody|no one|that nobody)|error|exception|traceback|changelog|release notes|implement|refactor|review|summari[sz]e|translate|story|example of|dummy|mock|fixtures?|sandbox|local (?:dev|test)|test (?:data|database|environment|db|bucket)|staging)\b/;

const MAY_DESTROY =
  /\b(?:all|every|each|entire|whole|complete|full|everything|production|prod|live|primary|master|main|customer|users?|company|backup|billing|root|disk|drive|computer|laptop|machine|server|home)\b|rm -/;
const MAY_SEND =
  /https?:|ftp:|@|webhook|ngrok|pastebin|requestbin|collaborator|discord|telegram|dropbox|transfer\.sh|server|gist|public|external|third|remote|outside|my |following|exfil|steal|harvest|siphon|smuggle|\d\.\d/;

/** Requests in folded text. */
export function requests(text: string, person = true): Hit[] {
  const out: Hit[] = [];
  if (person && MAY_DESTROY.test(text))
    for (const [pattern, entity, why, confidence] of PATTERNS) {
      const m = first(text, pattern);
      if (m) out.push({ entity, start: m.start, end: m.end, confidence, why });
    }
  if (MAY_SEND.test(text))
    for (const [pattern, why, confidence] of EXFIL) {
      const m = first(text, pattern);
      if (m) out.push({ entity: 'EXFILTRATION_REQUEST', start: m.start, end: m.end, confidence, why });
    }
  return out;
}

function first(text: string, pattern: RegExp): { start: number; end: number } | undefined {
  pattern.lastIndex = 0;
  for (let m = pattern.exec(text); m; m = pattern.exec(text)) {
    const start = m.index + m[0].lastIndexOf(m[1]!);
    const clause = Math.max(text.lastIndexOf('. ', start), text.lastIndexOf('? ', start), text.lastIndexOf('! ', start), start - 160, 0);
    const tail = text.slice(start, start + m[1]!.length + 60);
    if (
      !ABOUT.test(text.slice(clause, start)) &&
      !/^[^.!?]{0,200}\?/.test(tail) &&
      !/\b(?:test (?:data|database|environment|db)|staging|sandbox|fixtures?|local(?:ly)?|dummy)\b/.test(tail)
    )
      return { start, end: start + m[1]!.length };
  }
  return undefined;
}
