import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ScanContext } from '../../proxy/contract/index.js';
import { createDetector } from '../../proxy/detect/index.js';

const context: ScanContext = { direction: 'request', role: 'user', kind: 'text', provenance: 'person' };
const detector = createDetector({ names: true, workers: 0 });
const found = async (text: string) =>
  (await detector.scan(text, context)).findings
    .filter((f) => f.category !== 'prompt')
    .map((f) => `${f.entity} ${text.slice(f.start, f.end)}`);

describe('values in the registers that people write in', () => {
  const cases: [string, string][] = [
    ['name,ssn,phone\nRosa Lind,512-44-9083,305-771-2294', 'US_SSN 512-44-9083'],
    ['担当はtanaka@kaisha.co.jpです', 'EMAIL_ADDRESS tanaka@kaisha.co.jp'],
    ['provider NPI# 1043218765', 'US_NPI 1043218765'],
    ['Med Rec No: 55-20-918', 'MEDICAL_RECORD_NUMBER 55-20-918'],
    ['BIC COBADEFFXXX', 'SWIFT_CODE COBADEFFXXX'],
    ["Driver's license: D4402-7718-9035", 'US_DRIVER_LICENSE D4402-7718-9035'],
    ['Medicare number 1EG4-TE5-MK73', 'US_MBI 1EG4-TE5-MK73'],
    ['seen 62yo woman', 'AGE 62yo'],
    ['DOB 03/14/1962. Admitted 11/02/2023', 'DATE_TIME 11/02/2023'],
    ['wohnt in der Lindenstraße 8, 80331 München', 'STREET_ADDRESS Lindenstraße 8'],
    ['abito in Via Garibaldi 27, 10122 Torino', 'STREET_ADDRESS Via Garibaldi 27'],
    ['田中さんに電話してください', 'PERSON 田中'],
    ['我叫王小明，住在上海', 'PERSON 王小明'],
    ['고객 김민수님의 연락처', 'PERSON 김민수'],
  ];
  for (const [text, want] of cases) it(want, async () => assert.ok((await found(text)).includes(want), (await found(text)).join('; ')));

  const nothing = [
    'total=4539578763621486123 rows',
    'CVE-2026-9358 is fixed',
    'user: string; name: string',
    'allow up to 10 concurrent connections',
  ];
  for (const text of nothing)
    it(`leaves alone: ${text}`, async () =>
      assert.deepEqual(
        (await found(text)).filter((f) => !/^(?:URL|TITLE|ORGANIZATION)/.test(f)),
        [],
      ));

  it('thousands of deny-words fit', () => {
    const denyWords = Array.from({ length: 5000 }, (_, i) => `project secret ${i * 7919} with a long tail ${i}`);
    const many = createDetector({ names: false, denyWords });
    const text = 'about project secret 7919 with a long tail 1 today';
    assert.deepEqual(
      many.scanInline(text, context).map((f) => text.slice(f.start, f.end)),
      ['project secret 7919 with a long tail 1'],
    );
  });
});
