import type { VaultEntry } from './types.js';

/** The known entity names as a tree over lower-case letters, digits and underscores. */
export interface NameNode {
  next: Map<number, NameNode>;
  /** Set where a name and its underscore end: code → entry. */
  codes?: Map<string, VaultEntry>;
  entity?: string;
}

/** Placeholders of a vault in the order in which they are read: entity name, underscore, code. */
export class PlaceholderIndex {
  readonly root: NameNode = { next: new Map() };
  /** First letters of entity names, both cases, by character code. */
  readonly initials = new Uint8Array(128);
  /** For each first letter, a bit for each letter that comes second in some name. */
  private readonly seconds = new Uint32Array(26);
  /** Longest code that was given out. */
  longest = 8;
  size = 0;

  add(entry: VaultEntry): void {
    const cut = entry.placeholder.lastIndexOf('_');
    const name = entry.placeholder.slice(0, cut + 1).toLowerCase();
    const first = name.charCodeAt(0);
    if (!(first >= 97 && first <= 122)) return;
    this.initials[first] = 1;
    this.initials[first - 32] = 1;
    const second = name.charCodeAt(1);
    if (isLetter(second)) this.seconds[first - 97]! |= 1 << (second - 97);
    let node = this.root;
    for (let i = 0; i < name.length; i++) {
      const c = name.charCodeAt(i);
      let next = node.next.get(c);
      if (!next) node.next.set(c, (next = { next: new Map() }));
      node = next;
    }
    node.entity = entry.entity;
    node.codes ??= new Map();
    const code = entry.placeholder.slice(cut + 1);
    if (!node.codes.has(code)) this.size++;
    node.codes.set(code, entry);
    this.longest = Math.max(this.longest, code.length);
  }
  /** Can no name begin with these two characters, of which the first is one of `initials`? True for plain letters alone: other characters may spell one. */
  beginsNone(first: number, second: number): boolean {
    const letter = second | 32;
    return second < 128 && isLetter(letter) && (this.seconds[(first | 32) - 97]! & (1 << (letter - 97))) === 0;
  }
}

const isLetter = (c: number): boolean => c >= 97 && c <= 122;
