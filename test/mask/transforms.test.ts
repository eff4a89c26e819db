import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { createDetector } from '../../proxy/detect/index.js';
import { createChannelTransform, createVault, type FindingAction, type StreamScanner } from '../../proxy/mask/index.js';
import { words } from '../wire/generate.js';
import { pieces, Random } from '../wire/random.js';

const detector = createDetector({ names: false, workers: 0 });
const context = { direction: 'response', role: 'assistant', kind: 'text', provenance: 'model' } as const;

function makeVault() {
  const vault = createVault({ sessionKey: Buffer.alloc(32, 7), agentKey: Buffer.alloc(32, 8) });
  vault.placeholderFor('EMAIL_ADDRESS', 'ann@known.example', 'session', true);
  vault.placeholderFor('PERSON', 'Ann O\'Neil "Q" 🙂', 'session', true);
  return vault;
}

function transform(form: 'text' | 'json', action: FindingAction = 'record', scanner: StreamScanner = detector) {
  return createChannelTransform({ scanner, vault: makeVault(), context, mayRestore: () => true, decide: () => action }, form);
}

function run(form: 'text' | 'json', list: readonly string[], action: FindingAction = 'record', scanner: StreamScanner = detector) {
  const one = transform(form, action, scanner);
  let clear = '';
  let masked = '';
  for (const piece of list) {
    const out = one.push(piece);
    clear += out.clear;
    masked += out.masked;
  }
  const rest = one.flush();
  return { clear: clear + rest.clear, masked: masked + rest.masked, report: one.report };
}

const placeholder = [...makeVault().entries()][1]!.placeholder;

describe('text that arrives in pieces', () => {
  for (const action of ['allow', 'record', 'mask'] as const) {
    it(`any cuts give what the whole gives (${action})`, () => {
      fc.assert(
        fc.property(fc.nat(), (seed) => {
          const random = new Random(seed);
          const text = words(random, makeVault(), 1 + random.below(40));
          const whole = run('text', [text], action);
          const cut = run('text', pieces(text, random, random.pick([1, 5, 30])), action);
          assert.equal(cut.clear, whole.clear);
          assert.equal(cut.masked, whole.masked);
          assert.deepEqual(cut.report, whole.report);
        }),
        { numRuns: 40 },
      );
    });
  }

  it('texts without spaces, in other scripts, of any characters', () => {
    const strange = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 1500 }),
      fc.string({ unit: 'grapheme', maxLength: 300 }),
      fc.stringMatching(/^[A-Za-z0-9+/=]{400,1600}$/),
      fc.stringMatching(/^[0-9 ]{500,900}$/),
      fc.stringMatching(/^[\u3041-\u9fff]{50,700}$/),
    );
    fc.assert(
      fc.property(strange, fc.nat(), (text, seed) => {
        const whole = run('text', [text]);
        const cut = run('text', pieces(text, new Random(seed), 40));
        assert.equal(cut.clear, whole.clear);
        assert.equal(cut.masked, whole.masked);
      }),
      { numRuns: 40 },
    );
  });

  it('what is found in the provider’s words: allowed, hidden from the ledger, hidden from both', () => {
    const text = 'Write to jane.roe@example.org today.';
    assert.deepEqual([run('text', [text], 'allow').clear, run('text', [text], 'allow').masked], [text, text]);
    const recorded = run('text', [text], 'record');
    assert.equal(recorded.clear, text);
    assert.match(recorded.masked, /^Write to EMAIL_ADDRESS_[a-z2-7]{8,12} today\.$/);
    const hidden = run('text', [text], 'mask');
    assert.equal(hidden.clear, hidden.masked);
    assert.deepEqual(
      hidden.report.findings.map(({ finding, action }) => [finding.entity, text.slice(finding.start, finding.end), action]),
      [['EMAIL_ADDRESS', 'jane.roe@example.org', 'mask']],
    );
  });

  it('a long piece is asked about in small parts: together not much more than its length, and it comes out as in pieces', () => {
    for (const text of [
      'x'.repeat(300_000),
      'All work and no play makes a long stream. '.repeat(7_000),
      'The quick brown fox jumps. '.repeat(10_000),
    ]) {
      let asked = 0;
      const counting: StreamScanner = {
        scanInline: (part, where) => detector.scanInline(part, where),
        boundary: (part) => detector.boundary(part),
        quietUntil(part) {
          asked += part.length;
          return detector.quietUntil?.(part) ?? 0;
        },
      };
      const whole = run('text', [text], 'record', counting);
      assert.ok(asked < 50 * text.length, `${asked} characters were looked at for a text of ${text.length}`);
      assert.equal(whole.clear, text);
      assert.equal(run('text', pieces(text, new Random(1), 9000), 'record').masked, whole.masked);
    }
  });

  it('holds back little on ordinary text', () => {
    const text = 'The quick brown fox jumps over the lazy dog and then goes home to its den, where nothing happens. '.repeat(40);
    const one = transform('text');
    const held: number[] = [];
    let put = 0;
    let out = 0;
    for (const piece of text.match(/ ?[^ ]+/g)!) {
      put += piece.length;
      out += one.push(piece).clear.length;
      held.push(put - out);
    }
    held.sort((a, b) => a - b);
    assert.ok(held[held.length >> 1]! <= 8, `median ${held[held.length >> 1]}`);
    assert.ok(held[Math.floor(held.length * 0.95)]! <= 96);
  });

  it('a long secret: its placeholder goes out when it has certainly begun, and nothing of it after', () => {
    const body = 'MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQ'.repeat(60);
    const key = `-----BEGIN PRIVATE KEY-----\n${body}\n-----END PRIVATE KEY-----`;
    const one = transform('text', 'mask');
    let out = one.push(`Here it is:\n${key.slice(0, 700)}`).clear;
    assert.match(out, /\[REDACTED:[A-Z_]*PRIVATE_KEY\]$/);
    out += one.push(key.slice(700)).clear + one.push('\nThat was all.').clear + one.flush().clear;
    assert.match(out, /^Here it is:\n\[REDACTED:[A-Z_]+\]\nThat was all\.$/);
  });

  it('a token that outgrows the buffer is hidden to its end', () => {
    const scanner: StreamScanner = {
      boundary: () => ({ safe: 0 }),
      scanInline: (text) =>
        [...text.matchAll(/tok_[a-z]+/g)].map((match) => ({
          entity: 'API_TOKEN',
          category: 'secret',
          start: match.index,
          end: match.index + match[0].length,
          confidence: 1,
          why: 'test',
          detector: 'secrets',
        })),
    };
    const text = `x tok_${'a'.repeat(2000)} end`;
    for (const most of [1, 700, 5000])
      assert.equal(run('text', pieces(text, new Random(3), most), 'mask', scanner).clear, 'x [REDACTED:API_TOKEN] end');
  });

  it('masks no placeholder of its own', () => {
    const eager: StreamScanner = {
      boundary: (text) => detector.boundary(text),
      scanInline: (text) =>
        text.trim() === ''
          ? []
          : [{ entity: 'CUSTOM_X', category: 'custom', start: 0, end: text.length, confidence: 1, why: 'test', detector: 'custom' }],
    };
    assert.ok(run('text', [`a ${placeholder} b`], 'mask', eager).masked.includes(placeholder));
  });
});

describe('JSON text that arrives in pieces', () => {
  const value = fc.letrec((tie) => ({
    any: fc.oneof(
      { maxDepth: 3 },
      fc.nat().map((seed) => words(new Random(seed), makeVault(), 4)),
      fc.string({ unit: 'binary', maxLength: 10 }),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.constantFrom(null, true, false, 4012888888881881),
      fc.array(tie('any'), { maxLength: 3 }),
      fc.dictionary(fc.string({ maxLength: 6 }), tie('any'), { maxKeys: 3 }),
    ),
  })).any;

  it('any cuts give what the whole gives; it stays JSON of the same shape', () => {
    fc.assert(
      fc.property(
        value,
        fc.nat(),
        fc.constantFrom<FindingAction>('allow', 'record', 'mask'),
        fc.boolean(),
        (json, seed, action, escapes) => {
          let text = JSON.stringify(json);
          if (escapes)
            text = text.replace(/[\u0080-\uffff@/]/g, (c) => (c === '/' ? '\\/' : `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`));
          const whole = run('json', [text], action);
          const cut = run('json', text.match(/[\s\S]/g) ?? [], action);
          const some = run('json', pieces(text, new Random(seed)), action);
          for (const other of [cut, some]) {
            assert.equal(other.clear, whole.clear);
            assert.equal(other.masked, whole.masked);
          }
          const shape = (one: unknown): unknown =>
            Array.isArray(one)
              ? one.map(shape)
              : one && typeof one === 'object'
                ? Object.entries(one).map(([key, inner]) => [key, shape(inner)])
                : one === null || typeof one === 'boolean'
                  ? one
                  : 0;
          for (const out of [whole.clear, whole.masked]) assert.deepEqual(shape(JSON.parse(out)), shape(JSON.parse(text)));
        },
      ),
      { numRuns: 150 },
    );
  });

  it('restores into the string, spelled as JSON, and leaves the spelling of everything else', () => {
    const text = `{ "a" : "\\u0041\\/ ${placeholder}\\n", "n": 1e400, "k":[ ] }`;
    const out = run('json', [text]);
    assert.equal(out.clear, `{ "a" : "\\u0041\\/ Ann O'Neil \\"Q\\" 🙂\\n", "n": 1e400, "k":[ ] }`);
    assert.equal(out.masked, text);
    assert.deepEqual(
      out.report.awkward.map((entry) => entry.entity),
      ['PERSON'],
    );
  });

  it('reads through escapes, and never over a quote', () => {
    const out = run('json', ['{"to":"jane.roe\\u0040example.org","x":"PERSON_","y":"abc"}']);
    assert.match(out.masked, /^\{"to":"EMAIL_ADDRESS_[a-z2-7]+","x":"PERSON_","y":"abc"\}$/);
    const split = placeholder.length - 4;
    const apart = `["${placeholder.slice(0, split)}","${placeholder.slice(split)}"]`;
    assert.equal(run('json', [apart]).clear, apart);
  });

  it('takes only exact placeholders, and reports values in keys', () => {
    const near = `{"a":"${placeholder.toLowerCase()}"}`;
    assert.equal(run('json', [near]).clear, near);
    const keyed = run('json', ['{"jane.roe@example.org":1}']);
    assert.equal(keyed.clear, '{"jane.roe@example.org":1}');
    assert.equal(keyed.report.unmaskable.length, 1);
  });

  it('a number that is a card number does not reach the ledger; text cut off in the middle neither', () => {
    const card = run('json', ['{"card":4012888888881881}']);
    assert.equal(card.clear, '{"card":4012888888881881}');
    assert.ok(!card.masked.includes('4012888888881881'), card.masked);
    const broken = run('json', ['{"to":"jane.roe@example.org and \\u00']);
    assert.equal(broken.clear, '{"to":"jane.roe@example.org and \\u00');
    assert.ok(!broken.masked.includes('jane.roe'));
  });
});
