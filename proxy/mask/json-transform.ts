/**
 * The same for JSON text (arguments of tool calls), in fragments cut anywhere: inside an escape, a surrogate pair, a number.
 * A string value is handled when its closing quote has come: decoded, scanned, restored, and spelled as JSON again only where
 * something changed. So no value crosses a quote, and the text parses as it did. Keys are looked at and never rewritten.
 */
import type { Finding } from '../contract/index.js';
import { decodeString, escapeJson } from './json-strings.js';
import { runs } from './mask-text.js';
import { Restorer } from './restorer.js';
import { emptyReport } from './text-transform.js';
import type { ChannelReport, FindingAction, ReportingTransform, TransformOptions } from './types.js';

/** Scanners take less than 64 K units at a time. */
const BLOCK = 32 * 1024;

type Piece = { text: string } | { start: number; end: number; placeholder: string; action: FindingAction };

export class JsonTransform implements ReportingTransform {
  readonly report: ChannelReport = emptyReport();
  private masked = '';
  private clear = '';
  /** A string or number that is not whole yet, raw. */
  private token = '';
  private mode: 'outside' | 'string' | 'escape' | 'number' = 'outside';
  private offset = 0;
  /** Stack of containers, and whether the next string is a key. */
  private readonly stack: ('{' | '[')[] = [];
  private expectKey = false;
  private key = '';

  constructor(private readonly options: TransformOptions) {}

  push(text: string): { masked: string; clear: string } {
    let from = 0;
    for (let i = 0; i < text.length; i++) {
      const c = text.charCodeAt(i);
      if (this.mode === 'string') {
        if (c === 92) this.mode = 'escape';
        else if (c === 34) {
          this.token += text.slice(from, i + 1);
          from = i + 1;
          this.endString();
        }
        continue;
      }
      if (this.mode === 'escape') {
        this.mode = 'string';
        continue;
      }
      if (this.mode === 'number') {
        if (isNumberChar(c)) continue;
        this.token += text.slice(from, i);
        from = i;
        this.endNumber();
      }
      if (c === 34) {
        this.both(text.slice(from, i));
        from = i;
        this.mode = 'string';
      } else if (c === 45 || (c >= 48 && c <= 57)) {
        this.both(text.slice(from, i));
        from = i;
        this.mode = 'number';
      } else this.structure(c);
    }
    const rest = text.slice(from);
    if (this.mode === 'outside') this.both(rest);
    else this.token += rest;
    return this.take();
  }

  flush(): { masked: string; clear: string } {
    if (this.mode === 'number') this.endNumber();
    else if (this.mode !== 'outside') this.broken();
    this.token = '';
    this.mode = 'outside';
    return this.take();
  }

  private take(): { masked: string; clear: string } {
    const { masked, clear } = this;
    this.masked = this.clear = '';
    return { masked, clear };
  }

  private both(text: string): void {
    if (text === '') return;
    this.masked += text;
    this.clear += text;
    this.offset += text.length;
  }

  private structure(c: number): void {
    if (c === 123) {
      this.stack.push('{');
      this.expectKey = true;
    } else if (c === 91) {
      this.stack.push('[');
      this.expectKey = false;
    } else if (c === 125 || c === 93) {
      this.stack.pop();
      this.expectKey = false;
    } else if (c === 44) this.expectKey = this.stack[this.stack.length - 1] === '{';
    else if (c === 58) this.expectKey = false;
  }

  private endString(): void {
    const raw = this.token;
    this.token = '';
    this.mode = 'outside';
    const { value, map } = decodeString(raw);
    if (this.expectKey) {
      this.key = value;
      for (const finding of this.scan(value)) {
        const action = this.options.decide(finding, value.slice(finding.start, finding.end));
        this.report.findings.push({ finding: this.shifted(finding), action });
        if (action !== 'allow') this.report.unmaskable.push(this.shifted(finding));
      }
      this.both(raw);
      return;
    }
    const pieces = this.pieces(value);
    let masked = '';
    let clear = '';
    const restorer = new Restorer({
      index: this.options.vault.index,
      mayRestore: this.options.mayRestore,
      exact: true,
      repair: false,
      report: this.report,
    });
    let changed = false;
    for (const piece of pieces) {
      if ('text' in piece) {
        masked += piece.text;
        clear += restorer.push(piece.text);
      } else {
        changed = true;
        masked += piece.placeholder;
        clear += restorer.literal(piece.action === 'mask' ? piece.placeholder : value.slice(piece.start, piece.end));
      }
    }
    clear += restorer.flush();
    if (!changed && clear === value) {
      this.both(raw);
      return;
    }
    this.masked += masked === value ? raw : respell(raw, value, map, masked);
    this.clear += clear === value ? raw : respell(raw, value, map, clear);
    this.offset += raw.length;
  }

  /** A number that is a value to hide (a card number) becomes a string: other readers of the record must not see it. */
  private endNumber(): void {
    const raw = this.token;
    this.token = '';
    this.mode = 'outside';
    if (raw.length < 9) {
      this.both(raw);
      return;
    }
    const found = this.scan(raw);
    const piece = found.length > 0 ? this.act(raw, found).find((one) => !('text' in one)) : undefined;
    if (!piece || 'text' in piece) {
      this.both(raw);
      return;
    }
    const hidden = `"${this.options.vault.placeholderFor(found[0]!.entity, raw, 'session', !found.some((finding) => finding.category === 'secret'))}"`;
    this.masked += hidden;
    this.clear += piece.action === 'mask' ? hidden : raw;
    this.offset += raw.length;
  }

  /** A string without its end: the model was cut off. It is no JSON; the ledger still may not see a value. */
  private broken(): void {
    const raw = this.token;
    const { value } = decodeString(`${closed(raw)}"`);
    let masked = '"';
    let clean = true;
    for (const piece of this.pieces(value)) {
      if (!('text' in piece)) clean = false;
      masked += escapeJson('text' in piece ? piece.text : piece.placeholder);
    }
    this.masked += clean ? raw : masked;
    this.clear += raw;
    this.offset += raw.length;
  }

  private scan(text: string): Finding[] {
    if (text.length === 0) return [];
    const context = this.key ? { ...this.options.context, key: this.key } : this.options.context;
    if (text.length <= BLOCK) return this.options.scanner.scanInline(text, context);
    const found: Finding[] = [];
    for (let at = 0; at < text.length; ) {
      const block = text.slice(at, at + BLOCK);
      const last = at + block.length >= text.length;
      const safe = last ? block.length : this.options.scanner.boundary(block).safe || block.length;
      const within = this.options.scanner.scanInline(block, context);
      for (const finding of within)
        if (last || finding.start < safe) found.push({ ...finding, start: finding.start + at, end: finding.end + at });
      at += safe;
    }
    return found;
  }

  private pieces(value: string): Piece[] {
    const found = this.scan(value);
    return found.length === 0 ? [{ text: value }] : this.act(value, found);
  }

  private act(value: string, found: readonly Finding[]): Piece[] {
    const pieces: Piece[] = [];
    let at = 0;
    for (const run of runs(value, found, this.options.vault)) {
      let action: FindingAction = 'allow';
      for (const finding of found) {
        if (finding.start >= run.end || finding.end <= run.start) continue;
        const one = this.options.decide(finding, value.slice(run.start, run.end));
        this.report.findings.push({ finding: this.shifted(finding), action: one });
        if (one === 'mask' || action === 'allow') action = one;
      }
      if (action === 'allow') continue;
      pieces.push({ text: value.slice(at, run.start) });
      const placeholder = this.options.vault.placeholderFor(run.entity, value.slice(run.start, run.end), 'session', !run.secret);
      pieces.push({ start: run.start, end: run.end, placeholder, action });
      at = run.end;
    }
    pieces.push({ text: value.slice(at) });
    return pieces;
  }

  private shifted(finding: Finding): Finding {
    return { ...finding, start: finding.start + this.offset, end: finding.end + this.offset };
  }
}

const isHigh = (c: number): boolean => c >= 0xd800 && c <= 0xdbff;
const isLow = (c: number): boolean => c >= 0xdc00 && c <= 0xdfff;
const isNumberChar = (c: number): boolean => (c >= 48 && c <= 57) || c === 43 || c === 45 || c === 46 || c === 69 || c === 101;

/** Takes a half escape off the end, so that a quote behind it closes the string. */
const closed = (raw: string): string => raw.replace(/(?<=(?:^|[^\\])(?:\\\\)*)\\(?:u[0-9a-fA-F]{0,3})?$/, '');

/** Spells `value` anew, keeping the raw spelling of what it has in common with the old one at both ends. */
function respell(raw: string, old: string, map: Int32Array | undefined, value: string): string {
  const place = (i: number): number => (map ? map[i]! : i + 1);
  let head = 0;
  const limit = Math.min(old.length, value.length);
  while (head < limit && old[head] === value[head]) head++;
  // A pair of surrogates stays together: half of it cannot be spelled in UTF-8.
  if (head > 0 && isHigh(old.charCodeAt(head - 1))) head--;
  let tail = 0;
  while (tail < limit - head && old[old.length - 1 - tail] === value[value.length - 1 - tail]) tail++;
  if (tail > 0 && isLow(old.charCodeAt(old.length - tail))) tail--;
  return raw.slice(0, place(head)) + escapeJson(value.slice(head, value.length - tail)) + raw.slice(place(old.length - tail));
}
