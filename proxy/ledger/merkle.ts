import { createHash } from 'node:crypto';

/**
 * Merkle tree over the line hashes between two seals (shape of RFC 6962, section 2.1; a leaf is the line's own SHA-256, an
 * inner node is SHA-256 of 0x01, left, right). It lets one session be proved against a seal without showing any other line.
 */
export class MerkleTree {
  /** Roots of complete subtrees, largest first; `sizes` beside them. Memory is O(log n). */
  private peaks: Buffer[] = [];
  count = 0;

  push(leaf: Buffer): void {
    let node = leaf;
    for (let n = this.count; n & 1; n >>= 1) node = parent(this.peaks.pop()!, node);
    this.peaks.push(node);
    this.count++;
  }

  /** Hex; of no leaves: 64 zeros. */
  root(): string {
    if (this.peaks.length === 0) return '0'.repeat(64);
    let node = this.peaks.at(-1)!;
    for (let i = this.peaks.length - 2; i >= 0; i--) node = parent(this.peaks[i]!, node);
    return node.toString('hex');
  }

  copy(): MerkleTree {
    const tree = new MerkleTree();
    tree.peaks = this.peaks.slice();
    tree.count = this.count;
    return tree;
  }
}

function parent(left: Buffer, right: Buffer): Buffer {
  return createHash('sha256').update(ONE).update(left).update(right).digest();
}
const ONE = Buffer.from([1]);

/** Largest power of two below n (n ≥ 2). */
const split = (n: number): number => 2 ** Math.floor(Math.log2(n - 1));

function rootOf(leaves: Buffer[]): Buffer {
  if (leaves.length === 1) return leaves[0]!;
  const k = split(leaves.length);
  return parent(rootOf(leaves.slice(0, k)), rootOf(leaves.slice(k)));
}

/** The siblings (hex) that lead from leaf `index` to the root, nearest first. */
export function inclusionProof(leaves: Buffer[], index: number): string[] {
  if (leaves.length <= 1) return [];
  const k = split(leaves.length);
  return index < k
    ? [...inclusionProof(leaves.slice(0, k), index), rootOf(leaves.slice(k)).toString('hex')]
    : [...inclusionProof(leaves.slice(k), index - k), rootOf(leaves.slice(0, k)).toString('hex')];
}

/** The root (hex) that a leaf and its proof lead to. */
export function rootFromProof(leaf: string, index: number, count: number, proof: readonly string[]): string {
  const walk = (i: number, n: number, depth: number): Buffer => {
    if (n <= 1) return depth === 0 ? Buffer.from(leaf, 'hex') : Buffer.alloc(0);
    const k = split(n);
    const sibling = Buffer.from(proof[depth - 1] ?? '', 'hex');
    return i < k ? parent(walk(i, k, depth - 1), sibling) : parent(sibling, walk(i - k, n - k, depth - 1));
  };
  return walk(index, count, proof.length).toString('hex');
}
