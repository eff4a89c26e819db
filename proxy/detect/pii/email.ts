import type { Candidate, InlineRule, TextView } from '../rules.js';

const isWord = (c: number) => (c >= 97 && c <= 122) || (c >= 65 && c <= 90) || (c >= 48 && c <= 57);
/** Local part: RFC 5322 atoms, and letters beyond ASCII (RFC 6531). `/`, `=`, quotes and the like only where they cannot be a path or an assignment. */
const isLocal = (c: number) =>
  isWord(c) ||
  c === 46 ||
  c === 95 ||
  c === 43 ||
  c === 45 ||
  c === 37 ||
  c === 39 ||
  c === 38 ||
  c === 33 ||
  c === 35 ||
  c === 126 ||
  isWideLetter(c);
const isWideLetter = (c: number) =>
  c >= 0xc0 && c !== 0xd7 && c !== 0xf7 && !(c >= 0x2000 && c <= 0x2e7f) && !(c >= 0x3000 && c <= 0x303f) && !(c >= 0xff00 && c <= 0xff65);

const EASTERN = 0x2e80;

const EXAMPLE =
  /(?:^|[.@])(?:example\.(?:com|org|net|edu)|[a-z0-9-]+\.(?:example|test|invalid|localhost)|example|test|invalid|localhost)$/i;
/** Endings that look like a domain's but are of files: `icon@2x.png`. */
const FILE = /\.(?:png|jpe?g|gif|svg|webp|ico|css|scss|js|mjs|cjs|ts|tsx|jsx|json|map|md|html?|xml|ya?ml|txt|pdf|zip|gz|tgz|lock|d)$/i;
const NOT_PEOPLE = /^(?:git|hg|svn|npm|noreply|no-reply|root)$/i;

function find(view: TextView, at: number, _end: number, emit: (c: Candidate) => void): void {
  const { text } = view;
  let start = at;
  const floor = Math.max(0, at - 64);
  // Chinese, Japanese and Korean write no space before an address: `にtanaka@…`. Letters of theirs belong only to an address of theirs.
  const eastern = text.charCodeAt(at - 1) >= EASTERN;
  while (start > floor && isLocal(text.charCodeAt(start - 1)) && (eastern || text.charCodeAt(start - 1) < EASTERN)) start--;
  // Quotes, dots and other marks do not begin an address; a leading letter of an escape (`\nbob@…`) does not either.
  while (start < at && !isWord(text.charCodeAt(start)) && !isWideLetter(text.charCodeAt(start)) && text[start] !== '_') start++;
  if (start > 0 && text[start - 1] === '\\' && /[nrt]/.test(text[start]!)) start++;
  if (start >= at || text[at - 1] === '.' || text[at - 1] === "'") return;
  let end = at + 1;
  const limit = Math.min(text.length, at + 255);
  let dot = -1;
  while (end < limit) {
    const c = text.charCodeAt(end);
    if (c === 46) {
      if (end === at + 1 || text.charCodeAt(end - 1) === 46) break;
      dot = end;
    } else if (!(isWord(c) || c === 45 || isWideLetter(c)) || (c >= EASTERN && text.charCodeAt(at + 1) < EASTERN)) break;
    end++;
  }
  while (end > at + 1 && (text[end - 1] === '.' || text[end - 1] === '-')) end--;
  if (dot >= end) dot = end - 1 - [...text.slice(at, end)].reverse().indexOf('.');
  if (dot <= at + 1) return;
  let top = text.slice(dot + 1, end);
  // `a@b.com.Next sentence` and `a@b.comThe`: the ending is letters of one case.
  const glued = /^([a-z]{2,6})(?=[A-Z][a-z])/.exec(top);
  if (glued) {
    end = dot + 1 + glued[1]!.length;
    top = glued[1]!;
  }
  if (!/^(?:[A-Za-z]{2,24}|xn--[A-Za-z0-9-]{2,59}|[^\x00-\x7f]{1,24})$/.test(top)) return;
  const domain = text.slice(at + 1, end);
  if (FILE.test(domain) || domain.includes('--.') || text[end] === '(') return;
  const before = text[start - 1] ?? ' ';
  const local = text.slice(start, at);
  // `https://user:pass@host` and `ssh://git@host` are URLs; `git@host:path` is a remote.
  if (before === ':' && /:\/\/[^\s/@]{0,64}:$/.test(text.slice(Math.max(0, start - 72), start))) return;
  if (before === '/' && text[start - 2] === '/') return;
  if (local === 'git' && (text[end] === ':' || text[end] === '/')) return;
  const testValue = EXAMPLE.test(domain) || NOT_PEOPLE.test(local);
  emit({
    start,
    end,
    confidence: 0.95,
    why: testValue ? 'address shape; reserved example domain or service name' : 'address shape with a top-level domain',
    testValue,
  });
}

export const email: InlineRule = { entity: 'EMAIL_ADDRESS', category: 'contact', literals: ['@'], find };
