import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { Finding } from '../../proxy/contract/index.js';
import { createDetector } from '../../proxy/detect/index.js';
import { createChannelTransform, createVault, maskJsonText, maskText, restoreText, type Vault } from '../../proxy/mask/index.js';
import { dialects, patch } from '../../proxy/wire/index.js';
import { near, runs, TIMES } from '../support/near.js';
import { watched } from '../support/watched.js';

const detector = createDetector({ names: false, workers: 0 });
const context = { direction: 'response', role: 'assistant', kind: 'text', provenance: 'model' } as const;
const makeVault = (): Vault => createVault({ sessionKey: Buffer.alloc(32, 7), agentKey: Buffer.alloc(32, 8) });

/** Findings anywhere: overlapping, empty, out of bounds, of all kinds. */
const findings = fc
  .array(
    fc.record({
      start: fc.integer({ min: -3, max: 90 }),
      length: fc.integer({ min: -2, max: 40 }),
      entity: fc.constantFrom('EMAIL_ADDRESS', 'PERSON', 'US_SSN', 'OPENAI_API_KEY'),
      category: fc.constantFrom('contact', 'person', 'identity', 'secret'),
      confidence: fc.double({ min: 0, max: 1, noNaN: true }),
    }),
    { maxLength: 8 },
  )
  .map((list) => list.map(({ length, ...f }) => ({ ...f, end: f.start + length, why: 'fuzz', detector: 'fuzz' })) as unknown as Finding[]);
const TOKEN = /[A-Z][A-Z_]*_[a-z2-7]{8,}/;
const prose = fc.oneof(fc.string({ unit: 'binary', maxLength: 90 }), fc.string({ unit: 'grapheme', maxLength: 60 }));
const jsonOf = fc.jsonValue({ maxDepth: 3 }).map((value) => JSON.stringify(value, null, 1));
const cutsOf = fc.array(fc.nat(40), { maxLength: 12 });
const pieces = (text: string, cuts: number[]): string[] => {
  const out: string[] = [];
  let at = 0;
  for (const cut of cuts) {
    out.push(text.slice(at, at + cut));
    at = Math.min(text.length, at + cut);
  }
  return [...out, text.slice(at)];
};
const parses = (text: string): boolean => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

describe(`fuzz of maskers and restorers: ${14_000 * TIMES} executions, no crash, what is masked comes back, JSON stays JSON`, {
  timeout: 180_000 * Math.max(1, TIMES),
}, () => {
  it(`texts and findings, ${5000 * TIMES}: masked twice alike; nothing of a hidden span stays; what may come back is what it was`, () => {
    fc.assert(
      fc.property(
        prose,
        findings,
        watched((text, found) => {
          fc.pre(!TOKEN.test(text));
          const vault = makeVault();
          const masked = maskText(text, found, vault, 'session');
          assert.deepEqual(maskText(text, found, makeVault(), 'session'), masked);
          // What stands between the placeholders is what stood between the spans.
          let at = 0;
          let out = 0;
          for (const one of masked.replaced) {
            const between = text.slice(at, one.start);
            assert.equal(masked.text.slice(out, out + between.length), between);
            out += between.length;
            assert.equal(masked.text.slice(out, out + one.placeholder.length), one.placeholder);
            out += one.placeholder.length;
            at = one.end;
          }
          assert.equal(masked.text.slice(out), text.slice(at));
          const covered = (i: number) => masked.replaced.some((r) => r.start <= i && i < r.end);
          for (const f of found.filter((f) => f.start >= 0 && f.end <= text.length && f.end > f.start))
            for (let i = f.start; i < f.end; i++) assert.ok(covered(i), `character ${i} of a finding stays`);
          const secret = masked.replaced.some((r) => r.placeholder.startsWith('[REDACTED'));
          // Placeholders that touch words or each other are kept apart by their code; only secrets have no way back.
          if (!secret) assert.equal(restoreText(masked.text, vault, () => true, true).text, text);
        }),
      ),
      runs(5000),
    );
  });

  it(`JSON texts and findings, ${3000 * TIMES}: they stay JSON`, () => {
    fc.assert(
      fc.property(
        jsonOf,
        findings,
        watched((text, found) => {
          const { text: masked } = maskJsonText(text, found, makeVault(), 'session');
          assert.ok(parses(masked), masked);
        }),
      ),
      runs(3000),
    );
  });

  it(`channels of text, ${3000 * TIMES}: any cuts give what the whole gives`, () => {
    const vault = makeVault();
    const known = vault.placeholderFor('EMAIL_ADDRESS', 'ann@known.example', 'session', true);
    const run = (list: string[]) => {
      const channel = createChannelTransform({ scanner: detector, vault, context, mayRestore: () => true, decide: () => 'record' }, 'text');
      const all = [...list.map((p) => channel.push(p)), channel.flush()];
      return { clear: all.map((a) => a.clear).join(''), masked: all.map((a) => a.masked).join('') };
    };
    fc.assert(
      fc.property(
        fc.oneof(prose, near(`Write to ${known}, or bob@new.example; ${known.slice(0, -2)} is none.`)),
        cutsOf,
        watched((text, cuts) => {
          assert.deepEqual(run(pieces(text, cuts)), run([text]));
        }),
      ),
      runs(3000),
    );
  });

  it(`arguments of tools, ${2000 * TIMES}: any cuts give what the whole gives, and what parsed parses`, () => {
    const vault = makeVault();
    const known = vault.placeholderFor('PERSON', 'Ann O\'Neil "Q" \\ 🙂', 'session', true);
    const run = (list: string[]) => {
      const channel = createChannelTransform({ scanner: detector, vault, context, mayRestore: () => true, decide: () => 'record' }, 'json');
      const all = [...list.map((p) => channel.push(p)), channel.flush()];
      return { clear: all.map((a) => a.clear).join(''), masked: all.map((a) => a.masked).join('') };
    };
    const calls = near(`{"to":"${known}","n":[1,2.5e3,"\\u0041\\n"],"mail":"bob@new.example","x":{"y":null}}`);
    fc.assert(
      fc.property(
        fc.oneof(calls, jsonOf),
        cutsOf,
        watched((text, cuts) => {
          const whole = run([text]);
          assert.deepEqual(run(pieces(text, cuts)), whole);
          if (parses(text)) for (const form of [whole.clear, whole.masked]) assert.ok(parses(form), form);
        }),
      ),
      runs(2000),
    );
  });

  it(`edits of bodies, ${1000 * TIMES}: the texts that were put in are read back, every other byte stays`, () => {
    const bodies = near(
      '{"model":"m","messages":[{"role":"user","content":"hello \\u00e9 \\n"},{"role":"user","content":[{"type":"text","text":"x"}]}]}',
    );
    fc.assert(
      fc.property(
        bodies,
        fc.array(fc.string({ unit: 'binary', maxLength: 12 }), { minLength: 1, maxLength: 4 }),
        watched((text, replacements) => {
          const body = Buffer.from(text);
          let parts: { span: { start: number; end: number } }[];
          try {
            parts = dialects.openai.readRequest('chat', body).parts.filter((p) => body[p.span.start] === 34 && body[p.span.end - 1] === 34);
          } catch {
            return;
          }
          const edits = parts.slice(0, replacements.length).map((p, i) => ({ span: p.span, text: replacements[i]! }));
          const overlap = edits.some((a, i) => edits.some((b, k) => k > i && a.span.start < b.span.end && b.span.start < a.span.end));
          fc.pre(!overlap);
          const patched = patch(body, edits);
          let shift = 0;
          let at = 0;
          for (const { span, text: wanted } of [...edits].sort((a, b) => a.span.start - b.span.start)) {
            assert.deepEqual(patched.subarray(at + shift, span.start + shift), body.subarray(at, span.start));
            const raw =
              JSON.parse(body.toString('utf8', span.start, span.end)) === wanted
                ? body.toString('utf8', span.start, span.end)
                : JSON.stringify(wanted);
            const length = Buffer.byteLength(raw);
            assert.equal(JSON.parse(patched.toString('utf8', span.start + shift, span.start + shift + length)), JSON.parse(raw));
            shift += length - (span.end - span.start);
            at = span.end;
          }
          assert.deepEqual(patched.subarray(at + shift), body.subarray(at));
        }),
      ),
      runs(1000),
    );
  });
});
