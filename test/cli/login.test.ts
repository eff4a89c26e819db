import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type Idp, startIdp } from '../../scripts/demo/idp.js';
import { browseSignIn } from '../../scripts/demo/person.js';
import { ledgerLines } from '../control/ledger-lines.js';
import { type Lab, startLab } from '../control/support.js';
import { issuerOf } from '../identity/setting.js';
import { type Given, sallyport } from './support.js';

const ADA = 'ada@example.test';

describe('sign-in from the command line, at a real identity provider', () => {
  let idp: Idp;
  let lab: Lab;
  before(async () => {
    idp = await startIdp();
    lab = await startLab();
    await lab.call('PUT', '/api/issuers', issuerOf(idp));
  });
  after(async () => {
    await lab.close();
    await idp.close();
  });

  /** A person who opens the address that is printed, in a browser. */
  const browsing = (more: Given): Given => {
    let opened = false;
    return {
      ...more,
      env: { BROWSER: 'true', ...more.env },
      onErr(text) {
        const url = /https?:\/\/\S+/.exec(text)?.[0];
        if (url === undefined || opened) return;
        opened = true;
        void browseSignIn(url, ADA);
      },
    };
  };
  const run = (args: string[], given: Given) => sallyport(['--data', lab.directory, ...args], given);

  it('opens a shell that acts as the person, whose act is recorded under that name', async () => {
    const session = await run(['login', '--issuer', idp.issuer], browsing({ answers: ['agents add by-ada', 'logout'] }));
    assert.equal(session.code, 0, session.err);
    assert.match(session.err, /Signed in as Ada/);
    assert.match(session.out, /sp_/);
    assert.match(session.out, /Signed out/);
    const made = lab.gateway.services.agents.list().find((a) => a.name === 'by-ada');
    assert.equal(made?.owner, `${idp.issuer}|${ADA}`);
    const records = ledgerLines(lab.directory);
    assert.ok(records.some((r) => r.kind === 'settings' && r.meta['what'] === 'agent-created' && r.meta['person'] === made.owner));
    assert.deepEqual(
      records.filter((r) => r.kind === 'sign-in').map((r) => r.meta['what']),
      ['oidc', 'sign-out'],
    );
    const refused = await run(['agents', 'revoke', 'by-ada'], {});
    assert.equal(refused.code, 4, 'after the shell nobody is signed in here');
  });

  it('signs in at the gateway alone with --no-shell, and says who is there', async () => {
    const done = await run(['login', '--issuer', idp.issuer, '--no-shell', '--json'], browsing({ answers: [] }));
    assert.equal(done.code, 0, done.err);
    assert.equal(done.json<{ person: { name: string } }>().person.name, 'Ada');
    assert.ok(!done.out.includes('capability'));
  });

  it('says which issuer is unknown', async () => {
    assert.equal((await run(['login', '--issuer', 'https://nobody.example'], { answers: [] })).code, 5);
  });
});
