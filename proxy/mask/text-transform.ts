/**
 * Masks and restores a text that arrives in pieces. The text is cut into units at places that depend on the text alone, never on
 * how it arrived: each candidate (behind white space, between ideographs) is put to the scanner's `boundary` with one character
 * behind it. So any chunking gives the same result as the whole text, and little is held back: about one word.
 */
import type { Finding } from '../contract/index.js';
import { runs } from './mask-text.js';
import { Restorer } from './restorer.js';
import type { ChannelReport, FindingAction, ReportingTransform, TransformOptions } from './types.js';
import { redacted } from './vault.js';

/** A unit without a safe boundary is cut at this length. */
const MAX_UNIT = 512;
/** Text before a unit that detectors may look back at. */
const CONTEXT = 64;
/** How far back the end of a swallowed secret is looked for again when more text arrives. */
const END_OVERLAP = 96;
/** Text that is shorter is looked at word by word. */
const WORTH_ASKING = 48;
/** So much of it is asked about at once: each question copies what it is asked about. */
const ASK_MOST = 2048;
const NOTHING: readonly Finding[] = [];
/** Longest token that is swallowed when it outgrew a unit. */
const MAX_RUN = 64 * 1024;
const RUN_END = /(?=[^A-Za-z0-9+/=_.~-])/;

interface Swallowing {
  end: RegExp;
  left: number;
  tail: string;
  /** The agent gets the text itself; only the ledger's form is masked. */
  pass: boolean;
  reported: Finding;
}

export function emptyReport(): ChannelReport {
  return { findings: [], restored: [], withheld: [], repaired: 0, unknown: [], awkward: [], unmaskable: [] };
}

export class TextTransform implements ReportingTransform {
  readonly report: ChannelReport;
  private text = '';
  /** Next candidate in `text`. */
  private next = 1;
  private context = '';
  /** Characters before `text` in the channel. */
  private offset = 0;
  private swallowing?: Swallowing;
  /** Up to here (in the channel) nothing is found in any unit; asked again from `askAgain` on. */
  private quietTo = 0;
  private askAgain = 0;
  private masked = '';
  private clear = '';
  private taken = 0;
  private readonly restorer: Restorer;

  constructor(
    private readonly options: TransformOptions,
    report: ChannelReport = emptyReport(),
    exact = false,
  ) {
    this.report = report;
    this.restorer = new Restorer({
      index: options.vault.index,
      mayRestore: options.mayRestore,
      exact,
      repair: !exact && options.repair !== false,
      report,
    });
  }

  push(text: string): { masked: string; clear: string } {
    if (text !== '') {
      this.text += text;
      this.cut();
    }
    return this.take();
  }

  flush(): { masked: string; clear: string } {
    this.cut();
    // What is left has no boundary in it; a secret may have begun all the same.
    while (!this.swallowing && this.text !== '') {
      const { swallow } = this.options.scanner.boundary(this.text);
      if (!swallow) {
        this.unit(this.text.length);
        break;
      }
      this.swallow(swallow);
      this.cut();
    }
    this.swallowing = undefined;
    this.text = '';
    this.next = 1;
    this.clear += this.restorer.flush();
    return this.take();
  }

  /** Length of the masked text so far, and what of it was not given out yet. */
  get written(): { length: number; pending: string } {
    return { length: this.taken + this.masked.length, pending: this.masked };
  }

  private take(): { masked: string; clear: string } {
    const { masked, clear } = this;
    this.taken += masked.length;
    this.masked = this.clear = '';
    return { masked, clear };
  }

  private cut(): void {
    const { scanner } = this.options;
    for (;;) {
      if (this.swallowing && !this.swallowMore(this.swallowing)) return;
      if (this.text.length >= WORTH_ASKING && this.offset >= this.askAgain && this.quiet()) continue;
      const { text } = this;
      const at = candidate(text, this.next);
      if (at < 0) {
        if (text.length < MAX_UNIT) {
          // Resume where the search stopped: the last character may become a candidate when another follows.
          this.next = Math.max(this.next, text.length);
          return;
        }
        this.force();
        continue;
      }
      const { safe, swallow } = scanner.boundary(text.slice(0, at + 1));
      if (swallow) this.swallow(swallow);
      else if (safe >= at) this.unit(at);
      else this.next = at + 1;
    }
  }

  /**
   * A long piece that is certainly clean goes out at once, up to a place at which it would have been cut anyway: word by word it would
   * come out the same. True when something went out.
   */
  private quiet(): boolean {
    const { scanner } = this.options;
    if (!scanner.quietUntil) return false;
    const back = this.context.length;
    const until = scanner.quietUntil(this.context + this.text.slice(0, ASK_MOST)) - back;
    this.askAgain = this.offset + Math.max(until, CONTEXT);
    if (until < WORTH_ASKING) return false;
    this.quietTo = this.offset + until;
    const { text } = this;
    for (let at = until - 1; at > this.next && at > until - MAX_UNIT; at--) {
      // One space, a word's end before it: what comes before does not matter to whether a unit ends here.
      if (text.charCodeAt(at - 1) !== 32 || isSpace(text.charCodeAt(at)) || isSpace(text.charCodeAt(at - 2))) continue;
      const { safe, swallow } = scanner.boundary(text.slice(Math.max(0, at - MAX_UNIT), at + 1));
      if (swallow) return false;
      if (safe !== Math.min(at, MAX_UNIT)) continue;
      if (at > MAX_UNIT && scanner.boundary(text.slice(0, at + 1)).swallow) return false;
      this.unit(at);
      return true;
    }
    return false;
  }

  /** A unit of the greatest length: cut it where the scanner allows, or behind the finding that lies over the cut. */
  private force(): void {
    const head = this.text.slice(0, MAX_UNIT);
    const { safe, swallow } = this.options.scanner.boundary(head);
    if (swallow) {
      this.swallow(swallow);
      return;
    }
    let cut = safe > 0 ? safe : MAX_UNIT >> 1;
    const over = this.scan(head).find((finding) => finding.start < cut && finding.end > cut);
    if (over && over.end === MAX_UNIT) {
      // It goes on beyond the unit: hide it all, up to the end of its token.
      this.swallow({ start: over.start, entity: over.entity, end: RUN_END, maxLength: MAX_RUN }, over);
      return;
    }
    if (over) cut = over.end;
    if (isLowSurrogate(this.text.charCodeAt(cut))) cut++;
    this.unit(cut);
  }

  /** Findings in `unit`, with offsets in it; the text before it gives context. */
  private scan(unit: string): Finding[] {
    const { context } = this;
    const found = this.options.scanner.scanInline(context + unit, this.options.context);
    if (found.length === 0) return found;
    const back = context.length;
    return found
      .filter((finding) => finding.end > back)
      .map((finding) => ({ ...finding, start: Math.max(0, finding.start - back), end: finding.end - back }));
  }

  /** Puts out the first `length` characters of the text. */
  private unit(length: number): void {
    const unit = this.text.slice(0, length);
    const found = this.offset + length <= this.quietTo ? NOTHING : this.scan(unit);
    if (found.length > 0) this.maskUnit(unit, found);
    else {
      this.masked += unit;
      this.clear += this.restorer.push(unit);
    }
    this.advance(length);
  }

  private advance(length: number): void {
    this.context = (this.context + this.text.slice(Math.max(0, length - CONTEXT), length)).slice(-CONTEXT);
    this.offset += length;
    this.text = this.text.slice(length);
    this.next = 1;
  }

  private maskUnit(unit: string, found: readonly Finding[]): void {
    const { vault } = this.options;
    let at = 0;
    for (const run of runs(unit, found, vault)) {
      const value = unit.slice(run.start, run.end);
      const within = found.filter((finding) => finding.start < run.end && finding.end > run.start);
      const action = this.decide(within, value);
      const before = unit.slice(at, run.start);
      this.masked += before;
      this.clear += this.restorer.push(before);
      at = run.end;
      if (action === 'allow') {
        this.masked += value;
        this.clear += this.restorer.push(value);
        continue;
      }
      const placeholder = vault.placeholderFor(run.entity, value, 'session', !run.secret);
      this.masked += placeholder;
      this.clear += this.restorer.literal(action === 'mask' ? placeholder : value);
    }
    const rest = unit.slice(at);
    this.masked += rest;
    this.clear += this.restorer.push(rest);
  }

  /** The strongest action over the findings of one run. */
  private decide(findings: readonly Finding[], value: string): FindingAction {
    let strongest: FindingAction = 'allow';
    for (const finding of findings) {
      const action = this.options.decide(finding, value);
      this.report.findings.push({ finding: { ...finding, start: finding.start + this.offset, end: finding.end + this.offset }, action });
      if (action === 'mask' || strongest === 'allow') strongest = action;
    }
    return strongest;
  }

  /** A long secret has certainly begun: its placeholder goes out at once, the rest of it is dropped. */
  private swallow(found: { start: number; entity: string; end: RegExp; maxLength: number }, known?: Finding): void {
    if (found.start > 0) this.unit(found.start);
    // Where it ends is not known yet; the report is completed when it does.
    const finding: Finding = known
      ? { ...known, start: 0, end: 1 }
      : { entity: found.entity, category: 'secret', start: 0, end: 1, confidence: 1, why: 'a secret begins here', detector: 'secrets' };
    const action = this.decide([finding], '');
    const reported = this.report.findings[this.report.findings.length - 1]!.finding;
    const placeholder = redacted(found.entity);
    this.masked += placeholder;
    if (action === 'mask') this.clear += this.restorer.literal(placeholder);
    else this.clear += this.restorer.literal('');
    this.swallowing = {
      end: new RegExp(found.end.source, `${found.end.flags.replace(/[gy]/g, '')}g`),
      left: found.maxLength,
      tail: '',
      pass: action !== 'mask',
      reported,
    };
  }

  /** @returns whether the end of the secret was reached */
  private swallowMore(state: Swallowing): boolean {
    const text = state.tail + this.text;
    const limit = state.tail.length + state.left;
    state.end.lastIndex = 0;
    const match = state.end.exec(text);
    let end = match ? match.index + match[0].length : -1;
    if (end < 0 || end > limit) end = text.length >= limit ? limit : -1;
    const taken = (end < 0 ? text.length : end) - state.tail.length;
    if (state.pass) this.clear += this.restorer.literal(this.text.slice(0, Math.max(0, taken)));
    if (end < 0) {
      state.left -= taken;
      state.tail = text.slice(-END_OVERLAP);
      this.offset += taken;
      state.reported.end = this.offset;
      this.text = '';
      this.next = 1;
      return false;
    }
    this.swallowing = undefined;
    this.context = '';
    this.offset += Math.max(0, taken);
    state.reported.end = this.offset;
    this.text = this.text.slice(Math.max(0, taken));
    this.next = 1;
    return true;
  }
}

const isSpace = (c: number): boolean => c === 32 || c === 10 || c === 9 || c === 13 || c === 0xa0;
const isLowSurrogate = (c: number): boolean => c >= 0xdc00 && c <= 0xdfff;

/**
 * First place from `from` on, with a character behind it, at which a unit may end; -1 for none. Looks no further than a unit may
 * reach: a long text without a space would else be walked through again for each unit.
 */
function candidate(text: string, from: number): number {
  const end = Math.min(text.length, MAX_UNIT);
  for (let i = from; i < end; i++) {
    const before = text.charCodeAt(i - 1);
    if (isSpace(before)) {
      const after = text.charCodeAt(i);
      if (!isSpace(after) || (before === 10 && after === 10)) return i;
    } else if (before >= 0x3040 && !(before >= 0xd800 && before <= 0xdbff)) return i;
  }
  return -1;
}
