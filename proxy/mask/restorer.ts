/**
 * Finds placeholders in text that arrives in pieces and puts the originals back. Models change what they copy: case, escaped
 * underscores, HTML escapes, zero-width characters, spaces for underscores, one wrong character. Text takes all of these;
 * `exact` (arguments of tools) takes none, because there a wrong guess would run.
 *
 * What an attacker could do here: send text full of beginnings of placeholders. What is held is bounded ({@link MAX_HELD}), and
 * so is the number of repairs that are tried.
 */
import type { NameNode, PlaceholderIndex } from './placeholder-index.js';
import type { ChannelReport, VaultEntry } from './types.js';

const MAX_HELD = 512;
const MAX_CODE = 56;
const MAX_REPAIRS = 200;
const MAX_UNKNOWN = 50;

type Attempt =
  | { kind: 'none' }
  | { kind: 'more' }
  | { kind: 'found'; end: number; entry: VaultEntry; repaired: boolean }
  | { kind: 'unknown'; end: number };
const NONE: Attempt = { kind: 'none' };
const MORE: Attempt = { kind: 'more' };

export interface RestorerOptions {
  index: PlaceholderIndex;
  mayRestore(entry: VaultEntry): boolean;
  exact: boolean;
  repair: boolean;
  report: Pick<ChannelReport, 'restored' | 'withheld' | 'unknown' | 'awkward'> & { repaired: number };
}

export class Restorer {
  private buffer = '';
  /** The last character that was let out, for the question whether a word begins. */
  private before = 0;
  private repairs = 0;

  constructor(private readonly options: RestorerOptions) {}

  get held(): number {
    return this.buffer.length;
  }

  push(text: string): string {
    if (this.options.index.size === 0 && this.buffer === '') {
      if (text.length > 0) this.before = text.charCodeAt(text.length - 1);
      return text;
    }
    this.buffer += text;
    return this.run(false);
  }

  /** Text that is put out as it is (a placeholder of ours): nothing goes on across it. */
  literal(text: string): string {
    const out = this.run(true) + text;
    if (text.length > 0) this.before = text.charCodeAt(text.length - 1);
    return out;
  }

  flush(): string {
    return this.run(true);
  }

  private run(final: boolean): string {
    const { buffer } = this;
    const { index } = this.options;
    const { initials } = index;
    let out = '';
    let from = 0;
    let i = 0;
    while (i < buffer.length) {
      const c = buffer.charCodeAt(i);
      if (c >= 128 || initials[c] === 0 || (i + 1 < buffer.length && index.beginsNone(c, buffer.charCodeAt(i + 1)))) {
        i++;
        continue;
      }
      const attempt = this.attempt(i, final);
      if (attempt.kind === 'more') break;
      if (attempt.kind === 'none') {
        i++;
        continue;
      }
      if (attempt.kind === 'unknown') {
        this.unknown(buffer.slice(i, attempt.end));
        i = attempt.end;
        continue;
      }
      const { entry, end, repaired } = attempt;
      const { report } = this.options;
      if (this.options.mayRestore(entry)) {
        out += buffer.slice(from, i) + entry.value;
        from = end;
        if (repaired) report.repaired++;
        if (!report.restored.includes(entry)) {
          report.restored.push(entry);
          if (AWKWARD.test(entry.value)) report.awkward.push(entry);
        }
      } else if (!report.withheld.includes(entry)) report.withheld.push(entry);
      i = end;
    }
    out += from === 0 ? buffer.slice(0, i) : buffer.slice(from, i);
    if (i > 0) this.before = buffer.charCodeAt(i - 1);
    this.buffer = i === buffer.length ? '' : buffer.slice(i);
    return out;
  }

  private unknown(token: string): void {
    const { unknown } = this.options.report;
    if (unknown.length < MAX_UNKNOWN && !unknown.includes(token)) unknown.push(token);
  }

  /** Is there a placeholder at `start`? `more`: it may become one. */
  private attempt(start: number, final: boolean): Attempt {
    const { buffer } = this;
    const { exact, index } = this.options;
    const previous = start > 0 ? buffer.charCodeAt(start - 1) : this.before;
    const strict = exact || isWord(previous);
    let node: NameNode = index.root;
    let at = start;
    let asWritten = true;
    let spaced = false;
    const ends: { node: NameNode; at: number; asWritten: boolean; spaced: boolean }[] = [];
    for (;;) {
      if (at - start > MAX_HELD) break;
      const step = logical(buffer, at);
      if (step === PARTIAL) {
        if (!final && (at >= buffer.length || !strict)) return MORE;
        break;
      }
      const char = step & 0xff;
      const length = step >> 8;
      if (length > 1 || char === ZERO_WIDTH || !isPlain(buffer.charCodeAt(at), char)) asWritten = false;
      if (strict && !asWritten) break;
      if (char === ZERO_WIDTH) {
        at += length;
        continue;
      }
      if (char === 95 && buffer.charCodeAt(at) === 32) spaced = true;
      const next = node.next.get(char);
      if (!next) break;
      node = next;
      at += length;
      if (node.codes) ends.push({ node, at, asWritten, spaced });
    }
    for (let k = ends.length - 1; k >= 0; k--) {
      const end = ends[k]!;
      const attempt = this.code(end.node, start, end.at, end.asWritten, end.spaced, strict, final);
      if (attempt.kind !== 'none') return attempt;
    }
    return NONE;
  }

  private code(node: NameNode, start: number, from: number, asWritten: boolean, spaced: boolean, strict: boolean, final: boolean): Attempt {
    const { buffer } = this;
    const codes = node.codes!;
    let run = '';
    let plain = true;
    /** Where each character of `run` ends. */
    const ends: number[] = [];
    let at = from;
    for (;;) {
      if (at - start > MAX_HELD) break;
      if (at >= buffer.length) {
        if (!final) return MORE;
        break;
      }
      const c = buffer.charCodeAt(at);
      if (isZeroWidth(c)) {
        if (strict) break;
        plain = false;
        at++;
        continue;
      }
      if (!isAlnum(c) || (strict && !isCodeChar(c)) || run.length >= MAX_CODE) break;
      run += buffer[at];
      at++;
      ends.push(at);
    }
    const count = run.length;
    if (count === 0) return NONE;
    const end = ends[count - 1]!;
    const whole = codes.get(run);
    if (whole) return { kind: 'found', end, entry: whole, repaired: false };
    const own = /^[a-z2-7]*/.exec(run)![0].length;
    if (!strict) {
      const folded = codes.get(run.toLowerCase());
      if (folded) return { kind: 'found', end, entry: folded, repaired: false };
    }
    // A known code with text right behind it: `PERSON_k7f2q3abSmith`, `PERSON_k7f2q3abs`.
    const lead = leading(run, codes, strict);
    if (lead) return { kind: 'found', end: ends[lead.length - 1]!, entry: codes.get(lead)!, repaired: false };
    if (!strict && this.options.repair && !spaced && count >= 7 && this.repairs < MAX_REPAIRS) {
      this.repairs++;
      const near = repairOf(run.toLowerCase(), codes);
      if (near) return { kind: 'found', end, entry: near, repaired: true };
    }
    return asWritten && plain && !spaced && count >= 8 && own === count ? { kind: 'unknown', end } : NONE;
  }
}

/** Values that may be read as more than one word, or as syntax, where they are put in. */
const AWKWARD = /[\s"'`\\$&|;<>(){}[\]*?!#~%\p{Cc}]|^-|--/u;

const PARTIAL = -1;
const ZERO_WIDTH = 1;

const isZeroWidth = (c: number): boolean => (c >= 0x200b && c <= 0x200d) || c === 0x2060 || c === 0xfeff || c === 0xad;
const isAlnum = (c: number): boolean => (c >= 48 && c <= 57) || (c >= 65 && c <= 90) || (c >= 97 && c <= 122);
const isCodeChar = (c: number): boolean => (c >= 97 && c <= 122) || (c >= 50 && c <= 55);
const isWord = (c: number): boolean => isAlnum(c) || c === 95;
/** Written as a placeholder is: upper-case letter, digit or underscore. */
const isPlain = (c: number, logicalChar: number): boolean =>
  (c >= 65 && c <= 90 && c + 32 === logicalChar) || (c === logicalChar && !(c >= 97 && c <= 122));

const UNDERSCORES = ['&#95;', '&#x5f;', '&#x5F;', '&#X5F;', '&lowbar;', '%5F', '%5f', '\\_'];

/** The character that stands at `at` in any spelling, lower-case, in the low 8 bits; its length above. 0 = one that no name has. */
function logical(text: string, at: number): number {
  if (at >= text.length) return PARTIAL;
  const c = text.charCodeAt(at);
  if (c >= 65 && c <= 90) return (1 << 8) | (c + 32);
  if ((c >= 97 && c <= 122) || (c >= 48 && c <= 57) || c === 95) return (1 << 8) | c;
  if (c === 32) return (1 << 8) | 95;
  if (isZeroWidth(c)) return (1 << 8) | ZERO_WIDTH;
  if (c === 38 || c === 37 || c === 92) {
    for (const form of UNDERSCORES) {
      if (text.startsWith(form, at)) return (form.length << 8) | 95;
      if (text.length - at < form.length && form.startsWith(text.slice(at))) return PARTIAL;
    }
  }
  return 1 << 8;
}

/**
 * The longest known code that `run` begins with. None when another code goes on as `run` does: then it is that one, mutilated.
 */
function leading(run: string, codes: Map<string, VaultEntry>, strict: boolean): string | undefined {
  const text = strict ? run : run.toLowerCase();
  for (let length = run.length - 1; length >= 8; length--) {
    const code = text.slice(0, length);
    if (!codes.has(code)) continue;
    const next = text.slice(0, length + 1);
    for (const other of codes.keys()) if (other.length > length && other.startsWith(next)) return undefined;
    return code;
  }
  return undefined;
}

/** The one entry whose code differs by one substitution, insertion, deletion or swap; none when two do. */
function repairOf(run: string, codes: Map<string, VaultEntry>): VaultEntry | undefined {
  let found: VaultEntry | undefined;
  for (const [code, entry] of codes) {
    if (Math.abs(code.length - run.length) > 1 || !oneApart(run, code)) continue;
    if (found && found !== entry) return undefined;
    found = entry;
  }
  return found;
}

function oneApart(a: string, b: string): boolean {
  let i = 0;
  const short = Math.min(a.length, b.length);
  while (i < short && a[i] === b[i]) i++;
  if (a.length === b.length)
    return a.slice(i + 1) === b.slice(i + 1) || (a[i] === b[i + 1] && a[i + 1] === b[i] && a.slice(i + 2) === b.slice(i + 2));
  return a.length > b.length ? a.slice(i + 1) === b.slice(i) : a.slice(i) === b.slice(i + 1);
}
