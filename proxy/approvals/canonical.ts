/**
 * The bytes of a JSON text in canonical order: members of objects sorted by key, white space outside strings dropped, everything
 * else as it is spelt. Works on slices of the text, so that megabytes of messages cost no parsing. Undefined when it is no JSON text.
 */
export function canonicalJson(text: Buffer, skip: ReadonlySet<string>): Buffer | undefined {
  try {
    const scan = new Scan(text, skip);
    const slices = scan.document();
    return slices && gather(text, slices);
  } catch (e) {
    // nested deeper than the stack
    if (e instanceof RangeError) return undefined;
    throw e;
  }
}

/** Pairs of start and end. */
type Slices = number[];

const [QUOTE, BACKSLASH, COMMA, COLON] = [0x22, 0x5c, 0x2c, 0x3a];
const [OPEN_LIST, CLOSE_LIST, OPEN_MAP, CLOSE_MAP] = [0x5b, 0x5d, 0x7b, 0x7d];
const isSpace = (c: number | undefined) => c === 0x20 || c === 0x0a || c === 0x0d || c === 0x09;

function push(slices: Slices, start: number, end: number): void {
  if (slices[slices.length - 1] === start) slices[slices.length - 1] = end;
  else slices.push(start, end);
}

function append(slices: Slices, more: Slices): void {
  for (let i = 0; i < more.length; i += 2) push(slices, more[i]!, more[i + 1]!);
}

function gather(text: Buffer, slices: Slices): Buffer {
  if (slices.length === 2) return text.subarray(slices[0], slices[1]);
  const parts: Buffer[] = [];
  for (let i = 0; i < slices.length; i += 2) parts.push(text.subarray(slices[i], slices[i + 1]));
  return Buffer.concat(parts);
}

interface Member {
  key: string;
  slices: Slices;
}

class Scan {
  #at = 0;
  constructor(
    private readonly text: Buffer,
    private readonly skip: ReadonlySet<string>,
  ) {}

  document(): Slices | undefined {
    const out: Slices = [];
    if (!this.#value(out, true)) return undefined;
    this.#space();
    return this.#at === this.text.length ? out : undefined;
  }

  #space(): void {
    while (isSpace(this.text[this.#at])) this.#at++;
  }

  #value(out: Slices, top = false): boolean {
    this.#space();
    const c = this.text[this.#at];
    if (c === QUOTE) return this.#string(out);
    if (c === OPEN_MAP) return this.#map(out, top);
    if (c === OPEN_LIST) return this.#list(out);
    const start = this.#at;
    while (this.#at < this.text.length) {
      const d = this.text[this.#at]!;
      if (d === COMMA || d === CLOSE_LIST || d === CLOSE_MAP || isSpace(d)) break;
      if (d === QUOTE || d === COLON || d === OPEN_MAP || d === OPEN_LIST) return false;
      this.#at++;
    }
    if (this.#at === start) return false;
    push(out, start, this.#at);
    return true;
  }

  #string(out: Slices): boolean {
    const start = this.#at;
    let end = start + 1;
    for (;;) {
      end = this.text.indexOf(QUOTE, end);
      if (end < 0) return false;
      let slashes = 0;
      while (this.text[end - 1 - slashes] === BACKSLASH) slashes++;
      end++;
      if (slashes % 2 === 0) break;
    }
    this.#at = end;
    push(out, start, end);
    return true;
  }

  #list(out: Slices): boolean {
    push(out, this.#at, this.#at + 1);
    this.#at++;
    this.#space();
    if (this.text[this.#at] !== CLOSE_LIST)
      for (;;) {
        if (!this.#value(out)) return false;
        this.#space();
        if (this.text[this.#at] !== COMMA) break;
        push(out, this.#at, this.#at + 1);
        this.#at++;
      }
    if (this.text[this.#at] !== CLOSE_LIST) return false;
    push(out, this.#at, this.#at + 1);
    this.#at++;
    return true;
  }

  #map(out: Slices, top: boolean): boolean {
    push(out, this.#at, this.#at + 1);
    this.#at++;
    const members: Member[] = [];
    const commas: number[] = [];
    this.#space();
    if (this.text[this.#at] !== CLOSE_MAP)
      for (;;) {
        const member = this.#member();
        if (!member) return false;
        members.push(member);
        this.#space();
        if (this.text[this.#at] !== COMMA) break;
        commas.push(this.#at++);
      }
    if (this.text[this.#at] !== CLOSE_MAP) return false;
    const kept = top ? members.filter((m) => !this.skip.has(m.key)) : members;
    if (kept.some((m, i) => i > 0 && m.key < kept[i - 1]!.key)) kept.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
    for (const [i, m] of kept.entries()) {
      // any comma of this map will do: they are all alike
      if (i > 0) push(out, commas[i - 1]!, commas[i - 1]! + 1);
      append(out, m.slices);
    }
    push(out, this.#at, this.#at + 1);
    this.#at++;
    return true;
  }

  #member(): Member | undefined {
    const slices: Slices = [];
    this.#space();
    const start = this.#at;
    if (this.text[start] !== QUOTE || !this.#string(slices)) return undefined;
    const key = this.text.toString('utf8', start + 1, this.#at - 1);
    this.#space();
    if (this.text[this.#at] !== COLON) return undefined;
    push(slices, this.#at, this.#at + 1);
    this.#at++;
    return this.#value(slices) ? { key, slices } : undefined;
  }
}
