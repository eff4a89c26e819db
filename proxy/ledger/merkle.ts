import { hash } from 'node:crypto';

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
  left.copy(NODE, 1);
  right.copy(NODE, 33);
  return Buffer.from(hash('sha256', NODE, 'hex'), 'hex');
}
/** Room for 0x01, left, right. */
const NODE = Buffer.alloc(65, 1);

/** All levels of the tree over these leaves, for proofs. A last node without a partner goes up as it is. */
export class MerkleLevels {
  private readonly levels: Buffer[][];

  constructor(leaves: Buffer[]) {
    this.levels = [leaves];
    for (let level: Buffer[] = leaves; level.length > 1; ) {
      const above: Buffer[] = [];
      for (let i = 0; i < level.length; i += 2) above.push(level[i + 1] ? parent(level[i]!, level[i + 1]!) : level[i]!);
      this.levels.push(above);
      level = above;
    }
  }

  /** The siblings (hex) that lead from a leaf to the root, nearest first. */
  proof(index: number): string[] {
    const proof: string[] = [];
    let i = index;
    for (const level of this.levels) {
      const sibling = level[i ^ 1];
      if (level.length > 1 && sibling) proof.push(sibling.toString('hex'));
      i >>= 1;
    }
    return proof;
  }
}

/** The root (hex) that a leaf (hex) and its proof lead to; undefined when the proof has the wrong length. */
export function rootFromProof(leaf: string, index: number, count: number, proof: readonly string[]): string | undefined {
  if (index >= count) return undefined;
  let node: Buffer = Buffer.from(leaf, 'hex');
  let at = 0;
  for (let [i, n] = [index, count]; n > 1; i >>= 1, n = (n + 1) >> 1) {
    if ((i ^ 1) >= n) continue;
    const sibling = proof[at++];
    if (sibling === undefined) return undefined;
    const other = Buffer.from(sibling, 'hex');
    node = i & 1 ? parent(other, node) : parent(node, other);
  }
  return at === proof.length ? node.toString('hex') : undefined;
}
