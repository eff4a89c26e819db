import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createVault, restoreText } from '../../proxy/mask/index.js';

const vault = createVault({ sessionKey: Buffer.alloc(32, 1), agentKey: Buffer.alloc(32, 2) });
const email = vault.placeholderFor('EMAIL_ADDRESS', 'a@b.example', 'session', true);
const other = vault.placeholderFor('EMAIL_ADDRESS', 'c@d.example', 'session', true);
const code = email.slice(-8);

const restored = (text: string, exact = false): string => restoreText(text, vault, () => true, exact).text;

describe('restoring what models do to placeholders', () => {
  const forms: [string, string, string][] = [
    ['exact', `to ${email}.`, 'to a@b.example.'],
    ['lower case', `to ${email.toLowerCase()}.`, 'to a@b.example.'],
    ['title case', `to Email_Address_${code}.`, 'to a@b.example.'],
    ['upper case code', `to EMAIL_ADDRESS_${code.toUpperCase()}.`, 'to a@b.example.'],
    ['escaped underscores', `to ${email.replaceAll('_', '\\_')}.`, 'to a@b.example.'],
    ['spaces', `to EMAIL ADDRESS ${code}.`, 'to a@b.example.'],
    ['HTML escapes', `to EMAIL&#95;ADDRESS&#x5f;${code}.`, 'to a@b.example.'],
    ['URL escapes', `?q=EMAIL%5FADDRESS%5f${code}&x`, '?q=a@b.example&x'],
    ['markdown', `**${email}** and \`${email}\``, '**a@b.example** and `a@b.example`'],
    ['angle brackets as entities', `&lt;${email}&gt;`, '&lt;a@b.example&gt;'],
    ['zero-width characters', `EMAIL_\u200bADDRESS_${code.slice(0, 4)}\u2060${code.slice(4)}`, 'a@b.example'],
    ['possessive', `${email}'s`, "a@b.example's"],
    ['plural', `${email}s`, 'a@b.examples'],
    ['glued to a word before', `mailto_${email}`, 'mailto_a@b.example'],
    ['glued to a word behind', `${email}Smith`, 'a@b.exampleSmith'],
    ['one wrong character', `to EMAIL_ADDRESS_${code.slice(0, 7)}${code[7] === '2' ? '3' : '2'}.`, 'to a@b.example.'],
    ['one missing character', `to EMAIL_ADDRESS_${code.slice(1)}.`, 'to a@b.example.'],
    ['two swapped characters', `to EMAIL_ADDRESS_${code[1]}${code[0]}${code.slice(2)}.`, 'to a@b.example.'],
  ];
  for (const [name, text, expected] of forms) it(name, () => assert.equal(restored(text), expected));

  it('leaves and reports what is none of ours', () => {
    const { text, report } = restoreText('EMAIL_ADDRESS_zzzzzzzz PERSON_abcdefgh', vault);
    assert.equal(text, 'EMAIL_ADDRESS_zzzzzzzz PERSON_abcdefgh');
    assert.deepEqual(report.unknown, ['EMAIL_ADDRESS_zzzzzzzz']);
  });

  it('repairs only what is unique', () => {
    const twins = createVault({
      sessionKey: Buffer.alloc(32, 1),
      agentKey: Buffer.alloc(32, 2),
      known: ['aaaaaaab', 'aaaaaaac'].map((one) => ({ placeholder: `PERSON_${one}`, entity: 'PERSON', value: one, reversible: true })),
    });
    assert.equal(restoreText('PERSON_aaaaaaad', twins).text, 'PERSON_aaaaaaad');
    assert.equal(restoreText('PERSON_aaaaaaab', twins).text, 'aaaaaaab');
  });

  it('in arguments of tools: exact, or not at all', () => {
    for (const [name, text] of forms.slice(1)) {
      if (name === 'exact' || text.includes(email)) continue;
      assert.equal(restored(text, true), text, name);
    }
    assert.equal(restored(`${email}s`, true), 'a@b.examples', 'what was masked inside a word comes back in it');
    assert.equal(restored(`"${email}","${other}"`, true), '"a@b.example","c@d.example"');
  });

  it('a spelling that was mutilated is not taken for its shorter sibling', () => {
    const family = createVault({ sessionKey: Buffer.alloc(32, 1), agentKey: Buffer.alloc(32, 2) });
    const low = family.placeholderFor('EMAIL_ADDRESS', 'a@b.example', 'session', true);
    const high = family.placeholderFor('EMAIL_ADDRESS', 'A@b.example', 'session', true);
    const cut = high.slice(0, -2);
    assert.ok(cut.startsWith(low));
    assert.equal(restoreText(cut, family, () => true, true).text, cut);
  });

  it('withholds what it may not restore, and says so', () => {
    const { text, report } = restoreText(`x ${email}`, vault, () => false);
    assert.equal(text, `x ${email}`);
    assert.deepEqual(
      report.withheld.map((entry) => entry.value),
      ['a@b.example'],
    );
  });

  it('notes values that can change how an argument parses', () => {
    const shell = createVault({ sessionKey: Buffer.alloc(32, 1), agentKey: Buffer.alloc(32, 2) });
    const bad = shell.placeholderFor('PERSON', "x'; rm -rf ~; '", 'session', true);
    const fine = shell.placeholderFor('PERSON', 'Ann', 'session', true);
    const { report } = restoreText(`${bad} ${fine}`, shell);
    assert.deepEqual(
      report.awkward.map((entry) => entry.value),
      ["x'; rm -rf ~; '"],
    );
  });
});
