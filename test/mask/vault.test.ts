import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { Finding } from '../../proxy/contract/index.js';
import { createVault, maskJsonText, maskText, restoreText, scanJsonText, type VaultEntry } from '../../proxy/mask/index.js';

const key = (fill: number): Buffer => Buffer.alloc(32, fill);
const vaultOf = (fill = 1) => createVault({ sessionKey: key(fill), agentKey: key(fill + 100) });
const found = (start: number, end: number, entity = 'PERSON', extra: Partial<Finding> = {}): Finding => ({
  entity,
  category: 'person',
  start,
  end,
  confidence: 0.9,
  why: 'test',
  detector: 'pii',
  ...extra,
});

/** Findings anywhere in a text, overlapping or not. */
const findingsIn = (text: string) =>
  fc.array(
    fc
      .tuple(fc.nat(text.length), fc.nat(text.length), fc.constantFrom('PERSON', 'EMAIL_ADDRESS', 'CREDIT_CARD'))
      .map(([a, b, entity]) => found(Math.min(a, b), Math.max(a, b), entity)),
    { maxLength: 6 },
  );

const cases = fc.string({ unit: 'grapheme', maxLength: 60 }).chain((text) => fc.tuple(fc.constant(text), findingsIn(text)));

describe('placeholders', () => {
  it('are the same for the same value in a session, and say nothing in another', () => {
    const one = vaultOf(1).placeholderFor('EMAIL_ADDRESS', 'a@b.example', 'session', true);
    assert.match(one, /^EMAIL_ADDRESS_[a-z2-7]{8}$/);
    assert.equal(vaultOf(1).placeholderFor('EMAIL_ADDRESS', 'a@b.example', 'session', true), one);
    assert.notEqual(vaultOf(2).placeholderFor('EMAIL_ADDRESS', 'a@b.example', 'session', true), one);
    assert.notEqual(vaultOf(1).placeholderFor('EMAIL_ADDRESS', 'a@b.example', 'agent', true), one);
    assert.notEqual(vaultOf(1).placeholderFor('PERSON', 'a@b.example', 'session', true).slice(-8), one.slice(-8));
  });

  it('keep the same value recognisable in another spelling, and bring each spelling back', () => {
    const vault = vaultOf();
    const low = vault.placeholderFor('EMAIL_ADDRESS', 'a@b.example', 'session', true);
    const high = vault.placeholderFor('EMAIL_ADDRESS', 'A@B.example', 'session', true);
    assert.notEqual(low, high);
    assert.ok(high.startsWith(low));
    assert.equal(restoreText(`${high} ${low}`, vault).text, 'A@B.example a@b.example');
  });

  it('grow when two values collide', () => {
    const entries: VaultEntry[] = [];
    const natural = vaultOf().placeholderFor('PERSON', 'second', 'session', true);
    // Another value already sits where `second` would go.
    const vault = createVault({
      sessionKey: key(1),
      agentKey: key(2),
      known: [{ placeholder: natural, entity: 'PERSON', value: 'first', reversible: true }],
      onNew: (entry) => entries.push(entry),
    });
    const longer = vault.placeholderFor('PERSON', 'second', 'session', true);
    assert.ok(longer.length > natural.length && longer.startsWith(natural));
    assert.equal(restoreText(`${natural}, ${longer}.`, vault).text, 'first, second.');
    assert.deepEqual(
      entries.map((entry) => entry.value),
      ['second'],
    );
  });

  it('hold no secrets: those are gone', () => {
    const seen: VaultEntry[] = [];
    const vault = createVault({ sessionKey: key(1), agentKey: key(2), onNew: (entry) => seen.push(entry) });
    assert.equal(vault.placeholderFor('AWS_SECRET_KEY', 'hush', 'session', false), '[REDACTED:AWS_SECRET_KEY]');
    assert.deepEqual([...vault.entries()], []);
    assert.deepEqual(seen, []);
    const masked = maskText('key hush', [found(4, 8, 'AWS_SECRET_KEY', { category: 'secret' })], vault, 'session').text;
    assert.equal(masked, 'key [REDACTED:AWS_SECRET_KEY]');
    assert.equal(restoreText(masked, vault).text, masked);
  });

  it('are not found twice, and known entries come back after a restart', () => {
    const vault = vaultOf();
    const placeholder = vault.placeholderFor('PERSON', 'Ann', 'session', true);
    const again = createVault({ sessionKey: key(1), agentKey: key(101), known: vault.entries() });
    assert.equal(again.resolve(placeholder)?.value, 'Ann');
    assert.equal(again.placeholderFor('PERSON', 'Ann', 'session', true), placeholder);
    assert.equal([...again.entries()].length, 1);
  });
});

describe('maskText', () => {
  it('restore(mask(x)) = x, whatever was found', () => {
    fc.assert(
      fc.property(cases, ([text, findings]) => {
        const vault = vaultOf();
        const { text: masked, replaced } = maskText(text, findings, vault, 'session');
        assert.equal(restoreText(masked, vault).text, text);
        // Nothing of a finding is left: between two placeholders stands only what no finding covers.
        for (const { start, end } of findings)
          for (let i = start; i < end; i++) assert.ok(replaced.some((one) => one.start <= i && one.end > i));
      }),
      { numRuns: 500 },
    );
  });

  it('nothing is masked twice', () => {
    fc.assert(
      fc.property(cases, ([text, findings]) => {
        const vault = vaultOf();
        const once = maskText(text, findings, vault, 'session').text;
        const before = [...vault.entries()].map((entry) => entry.placeholder).filter((placeholder) => once.includes(placeholder));
        // Everything is found, placeholders too: they stay, and only what stands between them is masked.
        const all = maskText(once, [found(0, once.length, 'CREDIT_CARD')], vault, 'session').text;
        for (const placeholder of before) assert.ok(all.includes(placeholder), all);
        assert.equal(restoreText(all, vault).text, text);
        assert.equal(maskText(all, [found(0, all.length, 'CREDIT_CARD')], vault, 'session').text, all);
      }),
      { numRuns: 200 },
    );
  });

  it('a growing conversation keeps its masked beginning, byte for byte', () => {
    fc.assert(
      fc.property(fc.array(cases, { minLength: 1, maxLength: 8 }), (messages) => {
        const vault = vaultOf();
        const say = (list: typeof messages) => list.map(([text, findings]) => maskText(text, findings, vault, 'session').text).join('\n');
        let before = '';
        for (let n = 1; n <= messages.length; n++) {
          const now = say(messages.slice(0, n));
          assert.ok(now.startsWith(before));
          before = now;
        }
        // The same conversation in a new process gives the same bytes.
        const other = vaultOf();
        assert.equal(messages.map(([text, findings]) => maskText(text, findings, other, 'session').text).join('\n'), before);
      }),
      { numRuns: 100 },
    );
  });

  it('a shape alone hides nothing: an unknown placeholder is text like any other', () => {
    const vault = vaultOf();
    const text = 'PERSON_abcdefgh';
    assert.notEqual(maskText(text, [found(0, text.length)], vault, 'session').text, text);
  });
});

describe('maskJsonText', () => {
  const json = fc.dictionary(
    fc.string({ maxLength: 5 }),
    fc.oneof(
      fc.string({ unit: 'binary', maxLength: 20 }),
      fc.integer(),
      fc.boolean(),
      fc.array(fc.string({ maxLength: 8 })),
      fc.constant(4012888888881881),
    ),
  );

  it('stays JSON of the same shape, and comes back', () => {
    fc.assert(
      fc.property(
        json.chain((value) => {
          const text = JSON.stringify(value);
          return fc.tuple(fc.constant(value), fc.constant(text), findingsIn(text));
        }),
        ([value, text, findings]) => {
          const vault = vaultOf();
          const { text: masked } = maskJsonText(text, findings, vault, 'session');
          const parsed = JSON.parse(masked) as object;
          assert.deepEqual(Object.keys(parsed), Object.keys(JSON.parse(text) as object));
          // A finding that touches a number, its sign included, makes a string of it.
          if (!findings.some((finding) => /[-\d]/.test(text.slice(finding.start, finding.end)))) {
            const back = JSON.parse(masked, (_key, one: unknown) =>
              typeof one === 'string' ? restoreText(one, vault, () => true, true).text : one,
            ) as unknown;
            assert.deepEqual(back, JSON.parse(JSON.stringify(value)));
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  it('finds and hides what an escape spells', () => {
    const vault = vaultOf();
    const text = '{"to":"x jane\\u0040b.example y","n":4012888888881881}';
    const findings = scanJsonText(text, (value) => {
      const at = value.indexOf('jane@b.example');
      return at >= 0 ? [found(at, at + 14, 'EMAIL_ADDRESS')] : /^\d{16}$/.test(value) ? [found(0, 16, 'CREDIT_CARD')] : [];
    });
    const masked = JSON.parse(maskJsonText(text, findings, vault, 'session').text) as { to: string; n: string };
    assert.match(masked.to, /^x EMAIL_ADDRESS_[a-z2-7]{8} y$/);
    assert.match(masked.n, /^CREDIT_CARD_[a-z2-7]{8}$/);
  });

  it('leaves keys and says so', () => {
    const text = '{"ann":1}';
    const result = maskJsonText(text, [found(2, 5)], vaultOf(), 'session');
    assert.equal(result.text, text);
    assert.equal(result.unmaskable?.length, 1);
  });
});
