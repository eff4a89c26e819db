import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { codeOf, patternProblem, patternTest } from '../../proxy/approvals/index.js';
import { narrowest } from '../../proxy/approvals/pattern.js';

const FORBIDDEN = [...'"\'`\\\n\r;&|$()<>{}'];

test('a star never covers a quote, a line end or an operator of a shell', () => {
  const covers = patternTest('{"command":"git push origin *"}');
  assert.ok(covers('{"command":"git push origin main"}'));
  assert.ok(covers('{"command":"git push origin "}'));
  for (const c of FORBIDDEN) assert.equal(covers(`{"command":"git push origin a${c}b"}`), false, c);
  assert.equal(covers('{"command":"git push origin a","cwd":"/"}'), false);
});

test('several stars: what lies between stays literal', () => {
  const covers = patternTest('cp */in/* /out/*.txt');
  assert.ok(covers('cp a/in/b /out/c.txt'));
  assert.equal(covers('cp a/IN/b /out/c.txt'), false);
  assert.equal(covers('cp a/in/b;/out/c.txt'), false);
  assert.equal(covers('cp a/in/b; rm /out/c.txt'), false);
});

test('patterns that cover nearly everything are refused', () => {
  for (const p of ['', '*', '**', 'a*', '{"command":"*"}'.replace('command', 'c'), '*'.repeat(9)]) assert.ok(patternProblem(p), p);
  assert.equal(patternProblem('ls *'), 'The pattern covers nearly everything: keep more of the text');
  assert.equal(patternProblem('{"command":"npm test *"}'), undefined);
});

test('the narrowest pattern covers all that it was made from, and nothing with an operator in place of a star', () => {
  const word = fc.stringMatching(/^[a-z0-9-]{1,8}$/);
  fc.assert(
    fc.property(
      fc.array(word, { minLength: 1, maxLength: 4 }),
      fc.array(fc.tuple(word, word), { minLength: 2, maxLength: 4 }),
      (fixed, varying) => {
        const texts = varying.map(([a, b]) => `{"command":"run-the-tool ${fixed.join(' ')} --name ${a} --to ${b} --quietly"}`);
        const pattern = narrowest(texts);
        if (pattern === undefined) return;
        const covers = patternTest(pattern);
        for (const t of texts) assert.ok(covers(t));
        const star = pattern.indexOf('*');
        if (star >= 0) for (const c of FORBIDDEN) assert.equal(covers(pattern.replaceAll('*', `x${c}`)), false);
      },
    ),
    { numRuns: 300 },
  );
});

test('texts that share little give no pattern', () => {
  assert.equal(narrowest(['rm -r a', 'git status', 'ls']), undefined);
  assert.equal(narrowest(['echo "a"', "echo 'b c'"]), undefined);
});

test('matching stays fast on hostile text', () => {
  const covers = patternTest('{"command":"aaaa *b*b*b*b*b*b c"}');
  assert.equal(covers(`{"command":"aaaa ${'b'.repeat(19_000)}"}`), false);
});

test('the short code is base32 of the first bits of the digest', () => {
  assert.equal(codeOf('0'.repeat(64)), 'AAAAAA');
  assert.equal(codeOf('f'.repeat(64)), '777777');
  assert.equal(codeOf(`${Buffer.from('foob').toString('hex')}00`), 'MZXW6Y');
});
