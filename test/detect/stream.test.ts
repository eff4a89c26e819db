import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { ScanContext } from '../../proxy/contract/index.js';
import { createDetector } from '../../proxy/detect/index.js';
import { Generator, randomOf } from '../../scripts/names/generate.js';

const context: ScanContext = { direction: 'response', role: 'assistant', kind: 'text', provenance: 'model' };
const detector = createDetector({ names: false });
const random = randomOf(99);
const generator = new Generator(random);
const VALUES = [
  'jane.doe@corp-mail.de',
  '+41 (0)69 979 80 58',
  '(212) 736-5000',
  '4485 5276 2750 9597',
  'DE89 3704 0044 0532 0130 00',
  '588-46-6702',
  '86.231.85.193',
  'AB 12 34 56 C',
  '390.533.447-05',
  '756.9217.0769.85',
  'AKIAQWERTYUIOPASDF22',
  '1 84 12 76 451 089 46',
  '0494 92 82 32',
  '345-899-3560 x4587',
  'https://www.acme-shop.com/x?y=1',
];

function message(): string {
  let text = '';
  while (text.length < 600)
    text += `${generator.message().text} ${generator.pick(VALUES)}${generator.pick([' ', ', ', '.\n', ' and ', '\n\n'])}`;
  return text;
}

/** What policy may mask in a stream. */
const masked = (text: string) => detector.scanInline(text, context).filter((f) => f.category !== 'other-pii' && f.category !== 'location');

describe('boundary', () => {
  test('no value crosses a place at which text may be released', () => {
    let cuts = 0;
    const crossed: string[] = [];
    for (let round = 0; round < 60; round++) {
      const text = message();
      const spans = masked(text);
      for (let at = 1; at <= text.length; at++) {
        const { safe, swallow } = detector.boundary(text.slice(0, at));
        if (swallow) break;
        assert.ok(safe >= 0 && safe <= at);
        if (safe === 0 || safe < at - 320) continue;
        cuts++;
        for (const f of spans)
          if (f.start < safe && f.end > safe)
            crossed.push(`${f.entity} ${JSON.stringify(text.slice(f.start, f.end))} cut at ${safe - f.start}`);
      }
    }
    assert.ok(cuts > 10_000);
    assert.deepEqual([...new Set(crossed)], []);
  });

  test('holds little', () => {
    const held: number[] = [];
    for (let round = 0; round < 40; round++) {
      const text = message();
      let released = 0;
      for (let at = 1; at <= text.length; at += 4) {
        const buffer = text.slice(released, at);
        const { safe, swallow } = detector.boundary(buffer);
        if (swallow) break;
        released += safe;
        held.push(at - released);
      }
    }
    held.sort((a, b) => a - b);
    const at = (p: number) => held[Math.floor(held.length * p)]!;
    assert.ok(at(0.5) <= 8, `p50 ${at(0.5)}`);
    assert.ok(at(0.95) <= 96, `p95 ${at(0.95)}`);
    assert.ok(held.at(-1)! <= 320, `max ${held.at(-1)}`);
  });

  test('a long secret that has begun is swallowed from its beginning', () => {
    for (const [text, entity] of [
      ['here: -----BEGIN RSA PRIVATE KEY-----\nMIIEow', 'PRIVATE_KEY'],
      ['token eyJhbGciOiJIUzI1NiIsInR5cCI6', 'JSON_WEB_TOKEN'],
      ['use sk-ant-api03-abcdefghijkl', 'ANTHROPIC_API_KEY'],
    ] as const) {
      const { swallow, safe } = detector.boundary(text);
      assert.equal(swallow?.entity, entity);
      assert.equal(safe, swallow?.start);
      assert.ok(swallow!.maxLength > 0 && swallow!.end instanceof RegExp);
    }
    assert.equal(detector.boundary('the task-force is whisk-ant-like').swallow, undefined);
  });
});

describe('hostile text', () => {
  /** 200 texts that make windows, digit runs, escapes, long words and nested encodings, 100 KB each. */
  const pieces = [
    '@',
    'a@',
    'a.a@a.',
    '1',
    '12 ',
    '1-',
    '1.1.',
    '(1)',
    '+1 ',
    '::',
    'a:',
    '0:',
    'eyJ',
    'sk-',
    '-----BEGIN ',
    'http://',
    'www.',
    '%41',
    '%25',
    '&#64;',
    '\\u0041',
    'QUFB',
    'ab12',
    'AKIA',
    'GB29',
    '\n',
    ' \n',
    ',',
    '1,',
    'jan ',
    '1/1/',
    'account ',
    'account: ',
    'cvv ',
    'zip ',
    'ssn ',
    '\u200b',
    '\u0430a',
    '\uff11',
    '"',
    '{"a":',
    '\\',
    '_',
    'xoxb-',
  ];
  const texts: string[] = [];
  for (let i = 0; texts.length < 200; i++) {
    const a = pieces[i % pieces.length]!;
    const b = pieces[Math.floor(random() * pieces.length)]!;
    const unit = i < pieces.length ? a : i % 3 === 0 ? a + b : i % 3 === 1 ? a.repeat(7) + b : a + b.repeat(13);
    texts.push(unit.repeat(Math.ceil(102_400 / unit.length)).slice(0, 102_400));
  }
  test('is answered in work that grows with its length, not faster', () => {
    // Without clocks: four times the text may give at most about four times the findings, and every text is answered.
    for (const text of texts.slice(0, 60)) {
      const small = detector.scanInline(text.slice(0, 6_000), context).length;
      const large = detector.scanInline(text.slice(0, 24_000), context).length;
      assert.ok(large <= small * 5 + 20, JSON.stringify(text.slice(0, 20)));
    }
  });
});
