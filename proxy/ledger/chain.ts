import { GENESIS, type LineParts, lineBody, lineHash } from './line.js';
import type { LineBuffer } from './line-buffer.js';
import { MerkleTree } from './merkle.js';
import type { Sealer } from './seal.js';

/** In the first line of every segment. That line keeps its form in every format, so that an older build knows a newer one's. */
export const LEDGER_FORMAT = 1;

/** Everything that the next line depends on. A value: {@link Chain.copy} before a batch, put it back when the disk refuses. */
export class Chain {
  sequence = 0;
  hash = GENESIS;
  /** Line hashes since the last seal. */
  tree = new MerkleTree();
  /** Exchanges that have arrived and not ended, with their session. */
  open = new Map<string, string>();
  private before: { sequence: number; hash: string; tree: MerkleTree; open: [exchange: string, session: string | undefined][] } | undefined;

  constructor(readonly ledger: string) {}

  /** From here on, until the next mark, what is added can be taken back. Costs what was added, not what is open. */
  mark(): void {
    this.before = { sequence: this.sequence, hash: this.hash, tree: this.tree.copy(), open: [] };
  }

  /** Takes back what was added since {@link mark}. */
  takeBack(): void {
    if (!this.before) throw new Error('the chain was not marked');
    const { sequence, hash, tree, open } = this.before;
    this.sequence = sequence;
    this.hash = hash;
    this.tree = tree;
    for (const [exchange, session] of open.reverse()) {
      if (session === undefined) this.open.delete(exchange);
      else this.open.set(exchange, session);
    }
    this.before = undefined;
  }

  /** Builds the next line and takes it into the chain. */
  add(parts: LineParts): string {
    return this.take(`${lineBody(this.hash, this.sequence + 1, parts)}}\n`, parts);
  }

  /** Builds the next line at the end of `out`, with what `content` writes as its content, and takes it into the chain. */
  addTo(out: LineBuffer, parts: LineParts, content?: () => void): void {
    const start = out.length;
    out.text(lineBody(this.hash, this.sequence + 1, parts));
    if (content) {
      out.text(',"content":');
      content();
    }
    out.text('}\n');
    this.take(out.since(start), parts);
  }

  /** A signed line: seals, and records that bind a key. */
  addSigned(parts: LineParts, sealer: Sealer): string {
    return this.take(sealer.close(lineBody(this.hash, this.sequence + 1, parts)), parts);
  }

  /** Closes what came since the last seal. `stop`: the process ends in order, and no exchange is open. */
  addSeal(at: string, mono: number, segment: number, sealer: Sealer, stop = false): string {
    const seal = { ledger: this.ledger, segment, key: sealer.keyId, lines: this.tree.count, root: this.tree.root() };
    const meta = stop ? { ...seal, stop } : seal;
    return this.addSigned({ at, mono, kind: 'seal', meta }, sealer);
  }

  /** First line of a segment: what a reader needs who has only this segment. */
  addHeader(at: string, mono: number, segment: number, sealer: Sealer): string {
    const open = Object.fromEntries(this.open);
    const meta = { format: LEDGER_FORMAT, ledger: this.ledger, segment, key: sealer.keyId, publicKey: sealer.publicKey, open };
    return this.add({ at, mono, kind: 'segment', meta });
  }

  /** Gives an open exchange its end. */
  addInterrupted(exchange: string, at: string, mono: number, why: string): string {
    const session = this.open.get(exchange) || undefined;
    return this.add({ at, mono, kind: 'interrupted', session, exchange, meta: { outcome: 'interrupted', why } });
  }

  /** Takes a line that stands in the file already. */
  take<T extends string | Uint8Array>(line: T, parts: Pick<LineParts, 'kind' | 'exchange' | 'session' | 'meta'>): T {
    this.hash = lineHash(line);
    this.sequence++;
    if (parts.kind === 'seal') this.tree = new MerkleTree();
    else this.tree.push(Buffer.from(this.hash, 'hex'));
    const begins = parts.kind === 'arrival';
    if (parts.exchange !== undefined && (begins || parts.kind === 'end' || parts.kind === 'interrupted')) {
      this.before?.open.push([parts.exchange, this.open.get(parts.exchange)]);
      if (begins) this.open.set(parts.exchange, parts.session ?? '');
      else this.open.delete(parts.exchange);
    }
    return line;
  }

  copy(): Chain {
    const chain = new Chain(this.ledger);
    chain.sequence = this.sequence;
    chain.hash = this.hash;
    chain.tree = this.tree.copy();
    chain.open = new Map(this.open);
    return chain;
  }
}
