import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { Chain } from '../../proxy/ledger/chain.js';
import { decodeContent, writeContent } from '../../proxy/ledger/content.js';
import { type ExchangeDetail, replayEvents, seek } from '../../proxy/ledger/index.js';
import { nonceSource } from '../../proxy/ledger/keys.js';
import type { LedgerLine } from '../../proxy/ledger/line.js';
import { LineBuffer } from '../../proxy/ledger/line-buffer.js';
import { MerkleLevels, MerkleTree, rootFromProof } from '../../proxy/ledger/merkle.js';
import { KnownPieces } from '../../proxy/ledger/pieces.js';
import { parseSearch, tagMatches } from '../../proxy/ledger/search.js';
import { titleOf } from '../../proxy/ledger/title.js';

const leaf = (i: number): Buffer => createHash('sha256').update(String(i)).digest();

test('every leaf of every small tree is proved, and no other leaf at its place', () => {
  for (let n = 1; n <= 40; n++) {
    const leaves = Array.from({ length: n }, (_, i) => leaf(i));
    const tree = new MerkleTree();
    for (const one of leaves) tree.push(one);
    const levels = new MerkleLevels(leaves);
    for (let i = 0; i < n; i++) {
      const proof = levels.proof(i);
      assert.equal(rootFromProof(leaves[i]!.toString('hex'), i, n, proof), tree.root());
      assert.notEqual(rootFromProof(leaf(n).toString('hex'), i, n, proof), tree.root());
      assert.equal(rootFromProof(leaves[i]!.toString('hex'), i, n, [...proof, leaf(0).toString('hex')]), undefined);
    }
  }
});

test('whatever is stored in pieces and references is put together byte for byte', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(fc.integer({ min: 0, max: 12 }), { minLength: 1, maxLength: 30 }), { minLength: 1, maxLength: 12 }),
      // Short contents, long ones that grow, and long ones that change somewhere.
      fc.constantFrom<'alone' | 'grows' | 'changes'>('alone', 'grows', 'changes'),
      async (given, how) => {
        const long = Array.from({ length: 60 }, (_, i) => i % 13);
        const contents =
          how === 'alone'
            ? given
            : given.map((numbers, i) =>
                how === 'grows' ? [...long, ...given.slice(0, i + 1).flat()] : [...long.slice(0, numbers[0]! * 4), ...numbers, ...long],
              );
        const key = { content: Buffer.alloc(32, 1), mask: Buffer.alloc(32, 2) };
        const known = new KnownPieces();
        const nonce = nonceSource();
        const lines: LedgerLine[] = [];
        for (const [i, numbers] of contents.entries()) {
          const parts = numbers.map((n) => `${n}`.repeat(150 + n * 20));
          const bytes = Buffer.from(parts.join(''));
          const cuts: number[] = [];
          for (let at = 0, k = 0; k < parts.length - 1; k++) cuts.push((at += parts[k]!.length));
          const out = new LineBuffer();
          writeContent(out, { name: 'request', bytes, cuts }, 's', i + 1, key, nonce, known)?.();
          const content = JSON.parse(out.since(0).toString());
          lines.push({ prev: '', seq: i + 1, at: '', mono: 0, kind: 'arrival', session: 's', meta: {}, content });
          const decoded = await decodeContent(lines[i]!, key, (seq) => lines[seq - 1]);
          assert.deepEqual(decoded, bytes);
        }
      },
    ),
    { numRuns: 60 },
  );
});

test('a crafted reference cannot send the reader in circles', async () => {
  const key = { content: Buffer.alloc(32), mask: Buffer.alloc(32) };
  const line: LedgerLine = {
    prev: '',
    seq: 5,
    at: '',
    mono: 0,
    kind: 'arrival',
    session: 's',
    meta: {},
    content: { name: 'request', bytes: 1, pieces: [[5, 0, 1]] },
  };
  assert.equal(await decodeContent(line, key, () => line), undefined);
});

test('search: what is typed is never FTS syntax, filters are told from words', () => {
  const search = parseSearch('agent:bot -model:gpt* "exact words" foo* a:b "half');
  assert.deepEqual(search.tags, [
    { kind: 'agent', pattern: 'bot', not: false },
    { kind: 'model', pattern: 'gpt*', not: true },
  ]);
  assert.equal(search.words, '"exact words" AND "foo"* AND "a:b" AND """half"');
  fc.assert(
    fc.property(fc.string(), (text) => {
      parseSearch(text);
    }),
  );
});

test('patterns of tags', () => {
  assert.ok(tagMatches('gpt-*-mini', 'GPT-5-mini') && tagMatches('*', '') && tagMatches('a*a', 'aba'));
  assert.ok(!tagMatches('a*a', 'a') && !tagMatches('gpt', 'gpt-5'));
});

test('titles of every provider form', () => {
  assert.equal(
    titleOf(
      JSON.stringify({
        messages: [
          { role: 'user', content: 'one' },
          { role: 'assistant', content: 'x' },
          { role: 'user', content: [{ type: 'text', text: ' two\n three ' }] },
        ],
      }),
    ),
    'two three',
  );
  assert.equal(titleOf(JSON.stringify({ input: 'hello' })), 'hello');
  assert.equal(titleOf(JSON.stringify({ input: [{ role: 'user', content: [{ type: 'input_text', text: 'hi' }] }] })), 'hi');
  assert.equal(titleOf('x'.repeat(200)).length, 120);
  assert.equal(titleOf('[]'), '');
});

test('replay: original times, speed, skipped idle time, seek', () => {
  const exchange = (id: string, at: string, offsets: number[]): ExchangeDetail =>
    ({
      id,
      at,
      events: offsets.map((offsetMs, i) => ({ sequence: i, at, offsetMs, kind: 'delta', meta: {}, hash: '' })),
    }) as unknown as ExchangeDetail;
  const exchanges = [exchange('b', '2026-01-01T00:01:00.000Z', [0, 500]), exchange('a', '2026-01-01T00:00:00.000Z', [0, 100])];
  const plain = replayEvents(exchanges);
  assert.deepEqual(
    plain.map(({ exchange: id, playMs }) => [id, playMs]),
    [
      ['a', 0],
      ['a', 100],
      ['b', 60_000],
      ['b', 60_500],
    ],
  );
  const fast = replayEvents(exchanges, { speed: 2, skipIdle: 1000 });
  assert.deepEqual(
    fast.map(({ playMs }) => playMs),
    [0, 50, 550, 800],
  );
  assert.equal(fast[2]!.skippedMs, 58_900);
  assert.equal(seek(fast, 51), 2);
  assert.equal(seek(fast, 9999), 4);
  assert.deepEqual(replayEvents([]), []);
});

test('what was added to a chain since its mark can be taken back: sequence, hash, tree and open exchanges', () => {
  const line = (chain: Chain, kind: string, exchange: string): string =>
    chain.add({ at: '2026-01-01T00:00:00.000Z', mono: 1, kind, session: `se_${exchange}`, exchange, meta: {} });
  const chain = new Chain('ledger');
  line(chain, 'arrival', 'a');
  line(chain, 'arrival', 'b');
  const state = (c: Chain): unknown => [c.sequence, c.hash, c.tree.count, c.tree.root(), new Set([...c.open].map(String))];
  const before = state(chain);
  chain.mark();
  line(chain, 'end', 'a');
  line(chain, 'arrival', 'c');
  line(chain, 'arrival', 'b');
  line(chain, 'end', 'c');
  assert.notDeepEqual(state(chain), before);
  chain.takeBack();
  assert.deepEqual(state(chain), before);
  assert.throws(() => chain.takeBack(), 'one mark is taken back once');
  const again = new Chain('ledger');
  line(again, 'arrival', 'a');
  line(again, 'arrival', 'b');
  line(again, 'end', 'b');
  line(chain, 'end', 'b');
  assert.deepEqual(state(chain), state(again), 'and the chain goes on as if nothing had been');
});
