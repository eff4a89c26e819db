/** Secrets and names as people, settings and tables write them. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createDetector } from '../../proxy/detect/index.js';

const detector = createDetector({ names: true });
const scan = async (text: string) =>
  (await detector.scan(text, { direction: 'request', role: 'user', kind: 'text', provenance: 'person' })).findings.map((f) => ({
    category: f.category,
    entity: f.entity,
    value: text.slice(f.start, f.end),
  }));

describe('secrets that people write', () => {
  const found: [string, string][] = [
    ['ID/PW: master/Kq7sb1Gg', 'master/Kq7sb1Gg'],
    ['ssh deploy@98.76.54.32 (PW: Kq7sb1Gg)', 'Kq7sb1Gg'],
    ['the password for the router is Kq7sb1Gg', 'Kq7sb1Gg'],
    ['비번(default:Kq7sb1Gg)', 'Kq7sb1Gg'],
    ['reports.acme.io:5432:billing:app:correcthorse', 'correcthorse'],
    ['  DB_PASSWORD: ${DB_PASSWORD:-tulip4Rain}', 'tulip4Rain'],
    ["const t = jwt.sign({ id: user.id }, 'kettledrum88')", 'kettledrum88'],
    ['backup --ftp-password=KettleDrumHa_x host', 'KettleDrumHa_x'],
    ["auth: { user: 'a@b.io', pass: 'abcz jklq wxyv mnor' }", 'abcz jklq wxyv mnor'],
    [
      "define('NONCE_KEY', '}Fi>>0a{> akEdJ1K3c}([(:x;K[)ZQ3F3cttcpd EFORd.%R|*|rdRs#-L-&)P1');",
      '}Fi>>0a{> akEdJ1K3c}([(:x;K[)ZQ3F3cttcpd EFORd.%R|*|rdRs#-L-&)P1',
    ],
  ];
  for (const [text, value] of found)
    it(text.slice(0, 40), async () => {
      assert.ok((await scan(text)).some((f) => f.category === 'secret' && f.value === value));
    });

  const clean = [
    'DB_PASSWORD=${DB_PASSWORD:-$FALLBACK}',
    'if (checkPassword(userInput2)) return;',
    'docker run --name mysql-box -e MYSQL_ROOT_PASSWORD=your_password -d -p 3306:3306 mysql',
    'the password for the portal was changed on Tuesday',
    'ssh -p 2222 # port number - not a password',
    'uri = "mongodb+srv://<db_username>:<db_password>@cluster0.example.net/"',
  ];
  for (const text of clean)
    it(`not: ${text.slice(0, 40)}`, async () => {
      assert.deepEqual(
        (await scan(text)).filter((f) => f.category === 'secret'),
        [],
      );
    });
});

describe('fields that say what they hold', () => {
  it('a table with a header', async () => {
    const all = await scan('Vorname;Nachname;Strasse;PLZ;Ort\nHeike;Brandauer;Rosenweg 12;86150;Augsburg');
    for (const [entity, value] of [
      ['PERSON', 'Heike'],
      ['PERSON', 'Brandauer'],
      ['STREET_ADDRESS', 'Rosenweg 12'],
      ['LOCATION', 'Augsburg'],
    ])
      assert.ok(
        all.some((f) => f.entity === entity && f.value === value),
        `${entity} ${value}`,
      );
    assert.ok(!all.some((f) => f.value.includes('Vorname') || f.value === 'Ort'));
  });
  it('products are no persons', async () => {
    assert.deepEqual(
      (await scan('sku,product,qty,price\nBX-100,Basil Plant,4,3.50\nRS-220,Rose Bush,1,12.00')).filter((f) => f.entity === 'PERSON'),
      [],
    );
  });
  it('a patient segment of HL7', async () => {
    const all = await scan('MSH|^~\\&|ADT|RIV|LAB|RIV|202403||ADT^A01|1|P|2.5\nPID|1||00583217^^^MRN||OYELARAN^TEMITOPE^J||19670412|F');
    assert.ok(all.some((f) => f.entity === 'MEDICAL_RECORD_NUMBER' && f.value === '00583217'));
    assert.ok(all.some((f) => f.entity === 'PERSON' && f.value.startsWith('OYELARAN')));
  });
});
