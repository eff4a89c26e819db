import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { stdnum } from 'stdnum';
import * as am from '../../proxy/detect/checksum/america.js';
import * as as from '../../proxy/detect/checksum/asia.js';
import * as eu from '../../proxy/detect/checksum/europe.js';
import * as fin from '../../proxy/detect/checksum/finance.js';
import * as things from '../../proxy/detect/checksum/things.js';

let seed = 20260101;
const random = () => {
  seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
  return seed / 2 ** 32;
};
const pick = (s: string) => s[Math.floor(random() * s.length)]!;
const DIGITS = '0123456789';
const UPPER = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';

/** `9` a digit, `A` a letter, `[…]` one of, `{d}` day `{m}` month `{y}` two-digit year, anything else itself. */
function make(form: string): string {
  return form.replace(/\[([^\]]+)\]|\{([dmyY])\}|9|A/g, (m, set: string | undefined, date: string | undefined) => {
    if (set) return pick(set);
    if (date === 'd') return String(1 + Math.floor(random() * 28)).padStart(2, '0');
    if (date === 'm') return String(1 + Math.floor(random() * 12)).padStart(2, '0');
    if (date === 'y') return String(Math.floor(random() * 25)).padStart(2, '0');
    if (date === 'Y') return String(1930 + Math.floor(random() * 90));
    return pick(m === '9' ? DIGITS : UPPER);
  });
}

const repeated = (s: string) => /^(.)\1*$/.test(s);

type Oracle = { validate(s: string): { isValid: boolean } };
function oracle(country: string, name: string): Oracle {
  const found = (stdnum as unknown as Record<string, Record<string, Oracle>>)[country]?.[name];
  assert.ok(found, `stdnum has no ${country} ${name}`);
  return found;
}
/** Ours, oracle, forms to generate. */
const CASES: [string, (s: string) => boolean, Oracle, string[]][] = [
  ['AR CUIT', am.arCuit, oracle('AR', 'cuit'), ['[23][0347]999999999']],
  ['AR CBU', fin.cbu, oracle('AR', 'cbu'), ['9999999999999999999999']],
  ['AT VNR', eu.atSvnr, oracle('AT', 'vnr'), ['[1-9]999{d}{m}{y}']],
  ['AU ABN', as.auAbn, oracle('AU', 'abn'), ['[123456789]9999999999']],
  ['AU ACN', as.auAcn, oracle('AU', 'acn'), ['999999999']],
  ['AU TFN', as.auTfn, oracle('AU', 'tfn'), ['999999999']],
  ['BE NN', eu.beNationalNumber, oracle('BE', 'nn'), ['{y}{m}{d}99999', '7{y}{m}{d}9999']],
  ['BE VAT', eu.beVat, oracle('BE', 'vat'), ['[01]999999999']],
  ['BG EGN', eu.bgEgn, oracle('BG', 'egn'), ['{y}{m}{d}9999']],
  ['BR CPF', am.brCpf, oracle('BR', 'cpf'), ['99999999999']],
  ['BR CNPJ', am.brCnpj, oracle('BR', 'cnpj'), ['99999999000199', '99999999999999']],
  ['CA SIN', am.caSin, oracle('CA', 'sin'), ['[12345679]99999999']],
  ['CH AHV', eu.chAhv, oracle('CH', 'ssn'), ['7569999999999']],
  ['CL RUT', am.clRut, oracle('CL', 'rut'), ['9999999[0123456789K]', '99999999[0123456789K]']],
  ['CN RIC', as.cnResidentId, oracle('CN', 'ric'), ['110101{Y}{m}{d}999[0123456789X]', '310115{Y}{m}{d}999[0123456789X]']],
  ['CN USCC', as.cnUscc, oracle('CN', 'uscc'), ['91[12345]99999MA9A9A9A9[0123456789ABCDEFGHJKLMNPQRTUWXY]']],
  ['CO NIT', am.coNit, oracle('CO', 'nit'), ['9999999999', '999999999']],
  ['CZ RC', eu.czBirthNumber, oracle('CZ', 'rc'), ['[5678]9{m}{d}9999']],
  ['DE IdNr', eu.deTaxId, oracle('DE', 'idnr'), ['123456789[123456789]9', '987654321[123456789]9', '102938475[12345789]9']],
  ['DE VAT', eu.deVat, oracle('DE', 'vat'), ['[123456789]99999999']],
  ['DE SVNR', eu.deSvnr, oracle('DE', 'svnr'), ['15{d}{m}{y}A999', '65{d}{m}{y}A999']],
  ['EC CI', am.ecCi, oracle('EC', 'ci'), ['[01][123456789]9999999[0123456789]']],
  ['EE IK', eu.balticCode, oracle('EE', 'ik'), ['[3456]{y}{m}{d}9999']],
  ['LT asmens', eu.balticCode, oracle('LT', 'asmens'), ['[3456]{y}{m}{d}9999']],
  ['LV PVN person', eu.lvPersonalCode, oracle('LV', 'pvn'), ['{d}{m}{y}19999', '{d}{m}{y}09999']],
  ['ES DNI', eu.esNif, oracle('ES', 'dni'), ['99999999[TRWAGMYFPDXBNJZSQVHLCKE]']],
  ['ES NIE', eu.esNie, oracle('ES', 'nie'), ['[XYZ]9999999[TRWAGMYFPDXBNJZSQVHLCKE]']],
  ['ES CIF', eu.esCif, oracle('ES', 'cif'), ['[ABCDEFGHJNPQRSUVW]9999999[0123456789ABCDEFGHIJ]']],
  ['ES NSS', eu.esNss, oracle('ES', 'nss'), ['28999999999[0123456789]', '0899999999[0123456789]9']],
  [
    'FI HETU',
    eu.fiHetu,
    oracle('FI', 'hetu'),
    ['{d}{m}{y}A999[0123456789ABCDEFHJKLMNPRSTUVWXY]', '{d}{m}{y}-999[0123456789ABCDEFHJKLMNPRSTUVWXY]'],
  ],
  ['FI Y-tunnus', eu.fiBusinessId, oracle('FI', 'ytunnus'), ['99999999']],
  ['FR NIR', eu.frNir, oracle('FR', 'nir'), ['[12]{y}{m}99999999[0123456789]9']],
  ['FR SIREN', eu.frSiren, oracle('FR', 'siren'), ['999999999']],
  ['FR SIRET', eu.frSiret, oracle('FR', 'siret'), ['99999999999999']],
  ['GB NINO', eu.ukNino, oracle('GB', 'nino'), ['AA999999[ABCDEF]']],
  ['GB UTR', eu.ukUtr, oracle('GB', 'utr'), ['9999999999']],
  ['GR AMKA', eu.grAmka, oracle('GR', 'amka'), ['{d}{m}{y}99999']],
  ['HK ID', as.hkId, oracle('HK', 'hkid'), ['A999999[0123456789A]', 'AA999999[0123456789A]']],
  ['HR OIB', eu.hrOib, oracle('HR', 'oib'), ['99999999999']],
  ['HU ANUM', eu.huAnum, oracle('HU', 'anum'), ['99999999']],
  ['IE PPS', eu.iePps, oracle('IE', 'pps'), ['9999999[ABCDEFGHIJKLMNOPQRSTUVW]', '9999999[ABCDEFGHIJKLMNOPQRSTUVW]A']],
  ['IL ID', as.ilId, oracle('IL', 'idnr'), ['999999999']],
  ['IN Aadhaar', as.inAadhaar, oracle('IN', 'aadhaar'), ['[23456789]99999999999']],
  ['IN EPIC', as.inEpic, oracle('IN', 'epic'), ['AAA9999999']],
  ['IN GSTIN', as.inGstin, oracle('IN', 'gstin'), ['27AAA[ABCFGHJLPT]A9999A1Z[0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ]']],
  ['IS kennitala', eu.isKennitala, oracle('IS', 'kennitala'), ['{d}{m}{y}999[09]']],
  ['IT fiscal code', eu.itFiscalCode, oracle('IT', 'codicefiscale'), ['RSSMRA{y}[ABCDEHLMPRST]{d}H501[ABCDEFGHIJKLMNOPQRSTUVWXYZ]']],
  ['IT VAT', eu.itVat, oracle('IT', 'iva'), ['9999999[0]999']],
  ['JP corporate', as.jpCorporate, oracle('JP', 'cn'), ['9999999999999']],
  ['KR BRN', as.krBrn, oracle('KR', 'brn'), ['[123456]999999999']],
  ['KR RRN', as.krRrn, oracle('KR', 'rrn'), ['{y}{m}{d}[1234]999999']],
  ['JMBG', eu.jmbg, oracle('RS', 'jmbg'), ['{d}{m}[9][5678]9[7]19999']],
  ['MX CLABE', fin.clabe, oracle('MX', 'clabe'), ['002999999999999999', '012999999999999999']],
  ['MX CURP', am.mxCurp, oracle('MX', 'curp'), ['BOXW[12345]99999', 'A[AEIOU]AA{y}{m}{d}[HM]DF[BCDFG][BCDFG][BCDFG]09']],
  ['MY NRIC', as.myNric, oracle('MY', 'nric'), ['{y}{m}{d}[01][1234]9999']],
  ['NL BSN', eu.nlBsn, oracle('NL', 'bsn'), ['[123456789]99999999']],
  ['NO FNR', eu.noFnr, oracle('NO', 'fodselsnummer'), ['{d}{m}[456789]9[01234]9999']],
  ['NO account', fin.norwegianAccount, oracle('NO', 'kontonr'), ['[123456789]9999999999']],
  ['NO orgnr', eu.noOrgnr, oracle('NO', 'orgnr'), ['[89]99999999']],
  ['NZ IRD', as.nzIrd, oracle('NZ', 'ird'), ['[123456789]9999999', '1[01234]9999999']],
  ['PL PESEL', eu.plPesel, oracle('PL', 'pesel'), ['[56789]9{m}{d}99999']],
  ['PL NIP', eu.plNip, oracle('PL', 'nip'), ['[123456789]999999999']],
  ['PL REGON', eu.plRegon, oracle('PL', 'regon'), ['999999999']],
  ['PT NIF', eu.ptNif, oracle('PT', 'nif'), ['[123456789]99999999']],
  ['RO CNP', eu.roCnp, oracle('RO', 'cnp'), ['[12][56789]9{m}{d}[0123]99999']],
  ['RU INN', eu.ruInn, oracle('RU', 'inn'), ['9999999999', '9999999999[0123456789]9']],
  ['SE orgnr', eu.seOrgnr, oracle('SE', 'orgnr'), ['55[23456789]9999999']],
  ['SG UEN', as.sgUen, oracle('SG', 'uen'), ['99999999A', '[2]0[01]999999A', 'T[01]9LL9999A']],
  ['TH ID', as.thId, oracle('TH', 'idnr'), ['[12345678]999999999999']],
  ['TR TCKN', eu.trTckn, oracle('TR', 'tckimlik'), ['[123456789]9999999999']],
  ['TR VKN', eu.trVkn, oracle('TR', 'vkn'), ['9999999999']],
  ['TW ID', as.twNationalId, oracle('TW', 'natid'), ['[ABCDEFGHJKLMNPQRSTUVXYWZIO][1289]99999999']],
  ['UA RNTRC', eu.uaRntrc, oracle('UA', 'rntrc'), ['9999999999']],
  ['US SSN', am.usSsn, oracle('US', 'ssn'), ['999999999']],
  ['UY RUT', am.uyRut, oracle('UY', 'rut'), ['[01][123456789]999999001[0123456789]']],
  ['ZA ID', as.zaId, oracle('ZA', 'idnr'), ['{y}{m}{d}9999[01]8[0123456789]']],
];

/** Counts where ours says no and the oracle says yes, and the reverse. */
function compare([name, ours, other, forms]: (typeof CASES)[number]): { name: string; valid: number; loose: string[]; strict: string[] } {
  const loose: string[] = [];
  const strict: string[] = [];
  let valid = 0;
  for (let i = 0; i < 4000; i++) {
    const s = make(forms[i % forms.length]!.replace(/\[1-9\]/g, '[123456789]'));
    if (repeated(s)) continue;
    const mine = ours(s);
    const theirs = other.validate(s).isValid;
    if (mine && theirs) valid++;
    else if (mine) loose.push(s);
    else if (theirs) strict.push(s);
  }
  return { name, valid, loose, strict };
}

/** Ours refuses what the oracle takes, and why that is meant. */
const STRICTER: Record<string, string> = {
  'DE IdNr': 'the oracle does not enforce the rule of repeated digits',
  'AR CUIT': 'the oracle does not look at the type prefix',
  'BE NN': 'the oracle lets a check of 98 pass',
  'EC CI': 'the oracle takes the numbers of public bodies too',
  'ES CIF': 'the oracle takes digits where the kind of organisation asks for a letter',
  'ES NSS': 'the oracle does not shorten the province of small numbers',
  'FR SIRET': 'the oracle does not check the SIREN inside',
};
/** Ours takes what the oracle refuses, and why. */
const LOOSER: Record<string, string> = {
  'AR CBU': 'the oracle has a list of banks',
  'CN RIC': 'the oracle has a list of places',
  'ES NSS': 'the oracle does not shorten the province of small numbers',
  'RO CNP': 'the oracle has a list of counties',
  'CZ RC': 'the oracle refuses birthdays in the future',
  'IE PPS': 'the oracle does not know the letter B yet',
  'MX CLABE': 'the oracle has a list of banks and places',
  'BE NN': 'the oracle refuses birthdays in the future',
  'IT fiscal code': 'the oracle refuses days that do not exist',
};

describe('check digits agree with an independent implementation', () => {
  for (const c of CASES) {
    test(c[0], () => {
      const r = compare(c);
      assert.ok(r.valid > 3, `only ${r.valid} valid numbers were generated`);
      if (!STRICTER[r.name])
        assert.ok(r.strict.length <= r.valid * 0.02, `ours refuses ${r.strict.length} of ${r.valid}: ${r.strict.slice(0, 3)}`);
      if (!LOOSER[r.name]) assert.ok(r.loose.length <= r.valid * 0.02, `ours accepts ${r.loose.length}: ${r.loose.slice(0, 3)}`);
    });
  }
});

describe('schemes without an oracle: a wrong check character is refused', () => {
  const CHECKED: [string, (s: string) => boolean, string[], string][] = [
    ['card', fin.creditCard, ['4111111111111111', '5555555555554444', '378282246310005', '6011111111111117', '3530111333300000'], DIGITS],
    ['IBAN', fin.iban, ['GB29NWBK60161331926819', 'DE89370400440532013000', 'FR1420041010050500013M02606', 'NL91ABNA0417164300'], DIGITS],
    ['ABA', fin.abaRouting, ['021000021', '011401533', '091000019'], DIGITS],
    ['CUSIP', fin.cusip, ['037833100', '17275R102', '38259P508'], DIGITS],
    ['ISIN', fin.isin, ['US0378331005', 'DE000BAY0017', 'GB0002634946'], DIGITS],
    ['LEI', fin.lei, ['5493001KJTIIGC8Y1R12', 'HWUPKR0MPOU8FGXBT394'], DIGITS],
    ['NPI', am.usNpi, ['1234567893', '1245319599'], DIGITS],
    ['DEA', am.usDea, ['AB1234563', 'BJ6125341'], DIGITS],
    ['NHS', eu.ukNhs, ['9434765919', '4010232137'], DIGITS],
    ['BR CNH', am.brCnh, ['97625655678'], DIGITS],
    ['BR PIS', am.brPis, ['17033259504'], DIGITS],
    ['KVNR', eu.deKvnr, ['A123456780'], DIGITS],
    ['SNILS', eu.ruSnils, ['11223344595'], DIGITS],
    ['My Number', as.jpMyNumber, ['123456789018'], DIGITS],
    ['SG NRIC', as.sgNric, ['S1234567D', 'F1234567N', 'G1234567X'], UPPER],
    ['IMEI', things.imei, ['490154203237518', '356938035643809'], DIGITS],
    ['VIN', things.vin, ['1HGBH41JXMN109186', '1M8GDM9AXKP042788'], ''],
    ['AU Medicare', as.auMedicare, ['2123456701'], ''],
    ['bitcoin', things.base58check, ['1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2', '3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy'], ''],
    ['bech32', things.bech32, ['bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq'], ''],
  ];
  for (const [name, valid, good, last] of CHECKED) {
    test(name, () => {
      for (const s of good) {
        assert.ok(valid(s), `${name} ${s}`);
        for (const c of last) if (c !== s.at(-1)) assert.ok(!valid(s.slice(0, -1) + c), `${s.slice(0, -1)}${c} must fail`);
        // One changed digit anywhere is caught by every one of these schemes.
        const at = [...s].findIndex((c, i) => i > 1 && /\d/.test(c));
        const other = s.slice(0, at) + String((Number(s[at]) + 1) % 10) + s.slice(at + 1);
        if (name !== 'AU Medicare') assert.ok(!valid(other), `${other} must fail`);
      }
    });
  }
});
