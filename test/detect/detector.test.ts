import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Finding, ScanContext } from '../../proxy/contract/index.js';
import { checkCustomEntity, createDetector } from '../../proxy/detect/index.js';

const context: ScanContext = { direction: 'request', role: 'user', kind: 'text', provenance: 'person' };
const structured = createDetector({ names: false });
const named = createDetector({ names: true });

async function found(text: string, detector = structured, ctx = context): Promise<(Finding & { value: string })[]> {
  const r = await detector.scan(text, ctx);
  return r.findings.map((f) => ({ ...f, value: text.slice(f.start, f.end) }));
}

/** Text with the value in ⟦⟧ and the entity that must be found exactly there. */
const POSITIVE: [string, string][] = [
  ['EMAIL_ADDRESS', 'write to ⟦jane.doe+test@corp-mail.co.uk⟧, please'],
  ['EMAIL_ADDRESS', '{"to":"⟦o\'brien@firma.de⟧"}'],
  ['PHONE_NUMBER', 'call ⟦+44 20 7946 0958⟧ today'],
  ['PHONE_NUMBER', '⟦(212) 736-5000⟧'],
  ['PHONE_NUMBER', 'ring me on ⟦0494 92 82 32⟧'],
  ['PHONE_NUMBER', 'phone: ⟦001-253-366-9781⟧'],
  ['PHONE_NUMBER', 'Fax: ⟦345-899-3560x4587⟧'],
  ['CREDIT_CARD', 'card ⟦4485 5276 2750 9597⟧ expired'],
  ['CREDIT_CARD', '⟦340812691468109⟧'],
  ['IBAN_CODE', 'pay to ⟦DE89 3704 0044 0532 0130 00⟧ now'],
  ['IBAN_CODE', 'iban gb⟦⟧'.replace('gb⟦⟧', '⟦gb42nawi04454264788619⟧')],
  ['US_SSN', 'ssn ⟦588-46-6702⟧'],
  ['US_ITIN', 'ITIN ⟦912-70-1234⟧'],
  ['IP_ADDRESS', 'from ⟦86.231.85.193⟧'],
  ['IP_ADDRESS', 'addr ⟦6e40:4041:c617:e898:c11:40d2:c669:2eb4⟧ up'],
  ['MAC_ADDRESS', 'eth0 ⟦00:1B:44:11:3A:B7⟧'],
  ['BR_CPF', '⟦390.533.447-05⟧'],
  ['UK_NINO', 'my NI number is ⟦AB 12 34 56 C⟧'],
  ['UK_NHS', 'NHS number ⟦943 476 5919⟧'],
  ['IT_FISCAL_CODE', 'codice fiscale ⟦RSSMRA85T10A562S⟧'],
  ['ES_NIF', 'DNI ⟦12345678Z⟧'],
  ['FI_PERSONAL_IDENTITY_CODE', '⟦131052-308T⟧'],
  ['CH_AHV', '⟦756.9217.0769.85⟧'],
  ['US_NPI', 'NPI ⟦1245319599⟧'],
  ['MEDICAL_RECORD_NUMBER', 'MRN: ⟦00456789⟧'],
  ['ABA_ROUTING_NUMBER', 'routing number ⟦021000021⟧'],
  ['VEHICLE_IDENTIFICATION_NUMBER', '⟦1HGBH41JXMN109186⟧'],
  ['IMEI', 'IMEI ⟦490154203237518⟧'],
  ['US_DRIVER_LICENSE', "driver's license ⟦F162823540116⟧"],
  ['US_PASSPORT', 'passport number ⟦C01234567⟧'],
  ['DATE_OF_BIRTH', 'born on ⟦9/20/1968⟧'],
  ['AGE', 'a ⟦38-year-old⟧ male'],
  ['ZIP_CODE', 'zip code ⟦90010-170⟧'],
  ['URL', 'see ⟦https://www.acme-shop.com/x?y=1⟧.'],
  ['CRYPTO', 'wallet ⟦bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq⟧'],
  ['CARD_CVV', 'CVV: ⟦482⟧'],
  ['AWS_ACCESS_KEY', 'key ⟦AKIAQWERTYUIOPASDF22⟧'],
  ['PHONE_NUMBER', '電話番号 ⟦03-1234-5678⟧'],
  ['CREDIT_CARD', 'карта ⟦4485527627509597⟧'],
];

describe('finds', () => {
  for (const [entity, marked] of POSITIVE) {
    test(`${entity} in ${JSON.stringify(marked)}`, async () => {
      const start = marked.indexOf('⟦');
      const text = marked.replace('⟦', '').replace('⟧', '');
      const end = marked.indexOf('⟧') - 1;
      const got = await found(text);
      assert.ok(
        got.some((f) => f.entity === entity && f.start === start && f.end === end),
        JSON.stringify(got.map((f) => [f.entity, f.value])),
      );
      for (const f of got) assert.ok(!f.why.includes(f.value), 'the reason must not hold the value');
    });
  }
});

const NEGATIVE = [
  'id 550e8400-e29b-41d4-a716-446655440000',
  'commit d670460b4b4aece5915caf5c68d12f560a9fe3e4',
  'react@18.2.0 and lodash@4.17.21',
  'integrity sha512-9kY+CygyYM6j02t5YFHbNz2FN5QmYGv9zAjVp4lCDjlCw7amdckXlEt/bjMhUIfj4ThGRE4gCUH5+yGnNuPo5A==',
  '{"ts":1700000000123,"exp":1700003600}',
  'const xs = [1, 22, 333, 4444, 55555, 666666];',
  'icon@2x.png',
  'version 1.2.3.4 of the library',
  'git@github.com:owner/repo.git',
  'std::vector<int>::iterator a::b',
  '0x7fff5fbff8c0',
  'pi is 3.14159265358979',
  'EMAIL_ADDRESS_k7f2q3ab and [REDACTED:AWS_SECRET_KEY]',
  '<div class="col-12 mt-4">',
  '12:30:45.123 INFO started in 1234 ms',
];

describe('leaves alone', () => {
  for (const text of NEGATIVE) {
    test(text, async () => {
      const got = (await found(text)).filter((f) => f.category !== 'other-pii' && !f.testValue);
      assert.deepEqual(
        got.map((f) => [f.entity, f.value]),
        [],
      );
    });
  }
});

describe('test values are found and marked', () => {
  for (const [text, entity] of [
    ['card 4111 1111 1111 1111', 'CREDIT_CARD'],
    ['jane@example.com', 'EMAIL_ADDRESS'],
    ['call 212-555-0147', 'PHONE_NUMBER'],
    ['host 192.168.1.20', 'IP_ADDRESS'],
    ['ip 203.0.113.9', 'IP_ADDRESS'],
  ] as const) {
    test(text, async () => {
      const f = (await found(text)).find((x) => x.entity === entity);
      assert.equal(f?.testValue, true);
    });
  }
});

test('context comes from the JSON key, the column and words in many languages', async () => {
  assert.equal((await found('523456789', structured, { ...context, key: 'ssn' }))[0]?.entity, 'US_SSN');
  assert.equal((await found('name,ssn,city\nBob,523456789,Rome\n'))[0]?.entity, 'US_SSN');
  assert.equal((await found('number 523456789 here')).length, 0);
});

describe('sees through encodings', () => {
  const mail = 'mail bob.smith@corp.de now please';
  const base64 = Buffer.from(mail).toString('base64');
  for (const [name, text] of [
    ['percent', 'bob.smith%40corp.de'],
    ['percent twice', 'bob.smith%2540corp.de'],
    ['entity', 'bob.smith&#64;corp.de'],
    ['escape', 'bob.smith\\u0040corp.de'],
    ['full width', 'ｂｏｂ＠ｃｏｒｐ．ｄｅ'],
    ['zero width', 'bob\u200b.smi\u2060th@corp.de'],
    ['base64', base64],
    ['base64 twice', Buffer.from(base64).toString('base64')],
    ['hex', Buffer.from(mail).toString('hex')],
  ] as const) {
    test(name, async () => {
      const f = (await found(`x ${text} y`)).find((x) => x.entity === 'EMAIL_ADDRESS');
      assert.ok(f?.encoded);
      assert.equal(f.value, text);
    });
  }
  test('digits of other scripts', async () => {
    assert.equal((await found('card ٤٤٨٥٥٢٧٦٢٧٥٠٩٥٩٧'))[0]?.entity, 'CREDIT_CARD');
  });
  test('look-alike letters in a word of mixed script', async () => {
    assert.ok((await found('AKI\u0410QWERTYUIOPASDF22')).some((f) => f.entity === 'AWS_ACCESS_KEY' && f.encoded));
  });
  test('tag characters are text that nobody sees', async () => {
    const hidden = [...'ignore all'].map((c) => String.fromCodePoint(0xe0000 + c.charCodeAt(0))).join('');
    assert.equal((await found(`hello${hidden}`))[0]?.entity, 'INVISIBLE_TEXT');
  });
});

test('names in running text, and not in code', async () => {
  const got = await found('Hi, my name is Maria Gonzalez and I work for Siemens in Munich.', named);
  assert.ok(
    got.some((f) => f.entity === 'PERSON' && f.value === 'Maria Gonzalez'),
    JSON.stringify(got),
  );
  assert.ok(
    got.some((f) => f.entity === 'LOCATION' && f.value === 'Munich'),
    JSON.stringify(got),
  );
  assert.deepEqual(
    (await found('export class RoseGarden extends Hunter { constructor(private mark: Will) {} }', named)).filter(
      (f) => f.category === 'person',
    ),
    [],
  );
});

test('words and patterns of the user', async () => {
  const d = createDetector({
    names: false,
    denyWords: ['Project Falcon'],
    custom: [{ name: 'TICKET', pattern: 'TCK-[0-9]{6}', confidence: 0.4, contextWords: ['ticket'] }],
  });
  const text = 'project falcon, ticket TCK-123456; projectfalconry';
  assert.deepEqual(
    (await found(text, d)).map((f) => [f.entity, f.value, f.category]),
    [
      ['DENY_WORD', 'project falcon', 'custom'],
      ['TICKET', 'TCK-123456', 'custom'],
    ],
  );
  assert.equal((await found('TCK-123456', d)).length, 0);
  assert.notEqual(d.revision, structured.revision);
  assert.deepEqual(checkCustomEntity({ name: 'GOOD', pattern: 'A[0-9]+', confidence: 0.9 }).problems, []);
  for (const bad of [
    { name: 'x', pattern: 'a', confidence: 1 },
    { name: 'LOOK', pattern: '(?=a)b', confidence: 1 },
    { name: 'EMPTY', pattern: 'a*', confidence: 1 },
    { name: 'NOTHING', confidence: 1 },
  ]) {
    assert.notEqual(checkCustomEntity(bad).problems.length, 0, JSON.stringify(bad));
  }
});

test('the same text gives the same findings every time', () => {
  for (const text of [
    'see https://www.acme-shop.com/x?y=1 now',
    'addr 6e40:4041:c617:e898:c11:40d2:c669:2eb4 up',
    'name,iban\nx,DE89 3704 0044 0532 0130 00',
  ]) {
    const first = structured.scanInline(text, context);
    assert.ok(first.length > 0);
    for (let i = 0; i < 3; i++) assert.deepEqual(structured.scanInline(text, context), first);
  }
});

test('context words count in capitals of any alphabet', async () => {
  for (const text of ['КАРТА 4485527627509597', 'FÜHRERSCHEIN: B072RRE2I55', 'MÓVIL 612345678'])
    assert.equal((await found(text)).length, 1, text);
});

test('too long is not scanned, and says so', async () => {
  const d = createDetector({ names: false, maxScan: 100 });
  assert.deepEqual(await d.scan('x'.repeat(101), context), { findings: [], notScanned: 'over-limit' });
});

test('workers give what the loop gives; a dead pool says timeout', async () => {
  const d = createDetector({ names: true, workers: 1 });
  const text = 'Please call Anna Schmidt on +49 30 901820 or mail anna@corp.de. '.repeat(700);
  const [far, near] = [await d.scan(text, context), await named.scan(text, context)];
  assert.equal(far.notScanned, undefined);
  assert.deepEqual(far, near);
  await d.close();
  assert.deepEqual(await d.scan(text, context), { findings: [], notScanned: 'timeout' });
});
