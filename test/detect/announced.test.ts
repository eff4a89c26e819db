import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ScanContext } from '../../proxy/contract/index.js';
import { createDetector } from '../../proxy/detect/index.js';

const context: ScanContext = { direction: 'request', role: 'user', kind: 'text', provenance: 'person' };
const detector = createDetector({ names: true, workers: 0 });
const scan = async (text: string) => (await detector.scan(text, context)).findings.filter((f) => f.category !== 'prompt');
const found = async (text: string) => (await scan(text)).map((f) => `${f.entity} ${text.slice(f.start, f.end)}`);

describe('addresses end at the street', () => {
  const cases: [string, string[]][] = [
    [
      'Ship it to 4 Alder Drive, Fernley, NV 89408 today',
      ['STREET_ADDRESS 4 Alder Drive', 'LOCATION Fernley', 'LOCATION NV', 'ZIP_CODE 89408'],
    ],
    [
      'lives at 77 Cobble Rd tulsa oklahoma 74103.',
      ['STREET_ADDRESS 77 Cobble Rd', 'LOCATION tulsa', 'LOCATION oklahoma', 'ZIP_CODE 74103'],
    ],
    ['wohnt Gartenweg 3a, 50667 Köln Tel 0221', ['STREET_ADDRESS Gartenweg 3a', 'ZIP_CODE 50667', 'LOCATION Köln']],
    ['to 9 Ivy Lane, Little Marlow, Surrey GU25 4AA', ['STREET_ADDRESS 9 Ivy Lane', 'LOCATION Surrey', 'ZIP_CODE GU25 4AA']],
    ['Mail: PO Box 8812, Moab UT 84532', ['STREET_ADDRESS PO Box 8812', 'LOCATION Moab', 'ZIP_CODE 84532']],
    ['au 3 ter, rue des Lilas, 69003 Lyon. Merci', ['STREET_ADDRESS 3 ter, rue des Lilas', 'ZIP_CODE 69003', 'LOCATION Lyon']],
    ['PLZ/Ort: 4020 Linz', ['ZIP_CODE 4020', 'LOCATION Linz']],
  ];
  for (const [text, want] of cases)
    it(text, async () => {
      const all = await found(text);
      for (const w of want) assert.ok(all.includes(w), `${w} not in ${all.join('; ')}`);
    });

  it('town and code behind a street are masked as the street is', async () => {
    const all = await scan('Ship it to 4 Alder Drive, Fernley, NV 89408 today');
    assert.deepEqual([...new Set(all.map((f) => f.category))], ['contact']);
  });

  it('a house number and a street are no code and town', async () =>
    assert.deepEqual(await found('he is at 1609 West Elm Street'), ['STREET_ADDRESS 1609 West Elm Street']));
});

describe('names that words announce', () => {
  const cases: [string, string][] = [
    ['Dr. Okoro-Lind will see you', 'PERSON Okoro-Lind'],
    ['Surname  Winterbottomly\nFirst name  Agathe', 'PERSON Winterbottomly'],
    ['Patient: ZHOU, MARIT   Sex: F', 'PERSON ZHOU, MARIT'],
    ['our son Rohan (7) is ill', 'PERSON Rohan'],
    ['our son Rohan (7) is ill', 'AGE 7'],
    ['See you.\nCheers, Tomasz', 'PERSON Tomasz'],
    ['sold to Minh "Mickey" Dang', 'PERSON Minh "Mickey" Dang'],
    ['{"given": ["Ada", "Marit"], "family": "Quill"}', 'PERSON Marit'],
    ['asked Rosa Lindqvist (rlindq) about it', 'USERNAME rlindq'],
    ['a job at Marlin Bay Textiles in spring', 'ORGANIZATION Marlin Bay Textiles'],
    ['treated in Hospital Vera Cruz yesterday', 'ORGANIZATION Hospital Vera Cruz'],
    ['Localidad: Zarautz\nTel', 'LOCATION Zarautz'],
  ];
  for (const [text, want] of cases)
    it(`${want} in ${text}`, async () => assert.ok((await found(text)).includes(want), (await found(text)).join('; ')));

  for (const text of ['Mr. President spoke', "I'm Sorry for that", 'Use Web Services and Build Systems here', 'Dear Sir or Madam'])
    it(`leaves alone: ${text}`, async () =>
      assert.deepEqual(
        (await found(text)).filter((f) => /^(?:PERSON|ORG)/.test(f)),
        [],
      ));
});

describe('ages, accounts, plates and codes by the words near them', () => {
  const cases: [string, string][] = [
    ['a 6 month old infant', 'AGE 6 month old'],
    ['Frau Abels, 58 Jahre, kam', 'AGE 58 Jahre'],
    ['âgée de 41 ans, mariée', 'AGE 41 ans'],
    ['Age/Sex: 54/M', 'AGE 54'],
    ['{"age": 34}', 'AGE 34'],
    ['He died in May at 81. Then', 'AGE 81'],
    ['sshd[1]: Failed password for tkoba from 203.0.113.9 port 22', 'USERNAME tkoba'],
    ['203.0.113.9 - tkoba "GET / HTTP/1.1" 200', 'USERNAME tkoba'],
    ['GET /users/t_koba/cart', 'USERNAME t_koba'],
    ['C:\\Users\\marta\\Documents', 'USERNAME marta'],
    ['add me on insta kai.brooks.x', 'USERNAME kai.brooks.x'],
    ['ask my flatmate @kaibrooks', 'USERNAME @kaibrooks'],
    ['user t.koba cannot log in', 'USERNAME t.koba'],
    ['plate;driver\nAB21 CDE;Donal Brophy', 'LICENSE_PLATE AB21 CDE'],
    ['Plate: B-MW 4021 seen', 'LICENSE_PLATE B-MW 4021'],
    ['{"license":"K440-2210-7781"}', 'US_DRIVER_LICENSE K440-2210-7781'],
    ['NPI no. 2804268284, new', 'US_NPI 2804268284'],
    ['prontuário 00471-2, internada', 'MEDICAL_RECORD_NUMBER 00471-2'],
    ['C.P.: 48005', 'ZIP_CODE 48005'],
    ['name|ssn|account\nRosa Lind|512-44-9083|301175520', 'US_BANK_NUMBER 301175520'],
    ['on Friday 3 May at 22:50.', 'DATE_TIME Friday 3 May at 22:50'],
    ['Website: quill.example/team', 'URL quill.example/team'],
    ['call 10.12.3.190 now', 'IP_ADDRESS 10.12.3.190'],
    ['by phone ((410) 555-7163).', 'PHONE_NUMBER (410) 555-7163'],
  ];
  for (const [text, want] of cases)
    it(`${want} in ${text}`, async () => assert.ok((await found(text)).includes(want), (await found(text)).join('; ')));

  const nothing = [
    'const age = 34 - offset; // @param user_id the id',
    'import x from "@scope/my_pkg"; @media (min-width: 30em) {}',
    'the page is 12 years behind and 30 days late',
    'user interface v1.2.3, user config.json',
    '"license": "BSD-3-Clause"',
    'zip -r out.zip build 12345',
  ];
  for (const text of nothing)
    it(`leaves alone: ${text}`, async () =>
      assert.deepEqual(
        (await found(text)).filter((f) => /^(?:AGE|USERNAME|ZIP|LICENSE|US_DRIVER|PERSON)/.test(f)),
        [],
      ));
});
