import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { hits, inRange, lockedPackages } from '../../scripts/advisories/match.mjs';
import { ROOT } from '../../scripts/demo/launch.js';

interface Advisory {
  name: string;
  vulnerable: string;
  id: string;
  severity: string;
  title: string;
}
const SNAPSHOT = join(ROOT, 'test/security/advisories.json');
const json = (path: string) => JSON.parse(readFileSync(path, 'utf8'));
const locked = lockedPackages(json(join(ROOT, 'package-lock.json'))) as Record<string, string[]>;
const allowed = json(join(ROOT, 'scripts/advisories/allowed.json')) as { id: string; name: string; since: string; reason: string }[];
const about = (name: string, vulnerable: string): Advisory => ({ name, vulnerable, id: 'GHSA-x', severity: 'high', title: 'bad' });

describe('advisories about what the lock file pins', () => {
  it('none that is kept concerns a locked package, but those that are allowed', (t) => {
    const { asked, from, packages, advisories } = json(SNAPSHOT) as {
      asked: string;
      from: string;
      packages?: string;
      advisories: Advisory[];
    };
    // Its age alone breaks nothing: a build of last year must still build.
    t.diagnostic(`advisories from ${from}, ${asked}, ${Math.floor((Date.now() - Date.parse(asked)) / 86_400_000)} days ago`);
    if (packages && packages !== createHash('sha256').update(JSON.stringify(locked)).digest('hex'))
      t.diagnostic('the lock file has changed since: what is new in it was not asked about');
    assert.ok(
      advisories.some((a) => locked[a.name]),
      'none is about anything that is locked',
    );
    assert.deepEqual(hits(locked, advisories, allowed), []);
  });

  it('what is allowed has a date and a reason', () => {
    for (const a of allowed) {
      assert.match(a.since, /^\d{4}-\d\d-\d\d$/, a.id);
      assert.ok(a.reason.length > 20 && locked[a.name], a.id);
    }
  });

  it('ranges are read as semver has them, pre-releases too; what is not understood is not taken for harmless', () => {
    for (const [version, range, expected] of [
      ['1.2.2', '<1.2.3', true],
      ['1.2.3', '<1.2.3', false],
      ['1.2.10', '<1.2.9', false],
      ['1.2.3', '<=1.2.3', true],
      ['1.2.4', '> 1.2.3', true],
      ['1.9.0', '>=1.0.0 <2.0.0', true],
      ['2.0.0', '>=1.0.0 <2.0.0', false],
      ['0.9.0', '>= 1.0.0, < 2.0.0', false],
      ['3.1.0', '<2.0.0 || >=3.0.0 <3.1.1', true],
      ['2.5.0', '<2.0.0 || >=3.0.0 <3.1.1', false],
      ['4.0.0', '=4.0.0', true],
      ['4.0.0', '4.0.0', true],
      ['4.0.1', '=4.0.0', false],
      ['7.7.7', '*', true],
      ['1.5.0', '>=1 <2', true],
      ['2.0.0-rc.1', '<2.0.0', true],
      ['2.0.0-rc.10', '<2.0.0-rc.9', false],
      ['2.0.0-alpha', '>=2.0.0-rc', false],
      ['2.0.0-rc.1.1', '>2.0.0-rc.1', true],
      ['2.0.0-1', '<2.0.0-rc', true],
      ['1.0.0+build', '<=1.0.0', true],
    ] as const)
      assert.equal(inRange(version, range), expected, `${version} in ${range}`);
    for (const range of ['^1.0.0', '1.x', '<=1', 'all of them', '<1.0.0 || ~2.0.0']) assert.throws(() => inRange('0.1.0', range), range);
    assert.match(hits({ a: ['9.0.0'] }, [about('a', '^1.0.0')], []).join(), /a@9\.0\.0.*no version/);
  });

  it('every version of a package that is locked twice is looked at, and an advisory is allowed for one package only', () => {
    const lock = {
      packages: {
        '': { version: '1.0.0' },
        'node_modules/a': { version: '2.0.0' },
        'node_modules/b/node_modules/a': { version: '1.0.0', dev: true },
        'node_modules/alias': { name: '@s/b', version: '1.0.0' },
      },
    };
    const all = lockedPackages(lock);
    assert.deepEqual(all, { '@s/b': ['1.0.0'], a: ['1.0.0', '2.0.0'] });
    assert.deepEqual(hits(all, [about('a', '<2.0.0')], []), ['a@1.0.0: high, bad, GHSA-x']);
    const allow = [{ id: 'GHSA-x', name: 'a' }];
    assert.deepEqual(hits(all, [about('a', '*'), about('@s/b', '*')], allow), ['@s/b@1.0.0: high, bad, GHSA-x']);
  });

  describe('npm run advisories -- --check', () => {
    let asked: { url?: string; body: unknown };
    let answer: { status: number; body: string };
    const server = createServer((request, response) => {
      const parts: Buffer[] = [];
      request.on('data', (part: Buffer) => parts.push(part));
      request.on('end', () => {
        asked = { url: `${request.method} ${request.url}`, body: JSON.parse(gunzipSync(Buffer.concat(parts)).toString()) };
        response.writeHead(answer.status, { 'content-type': 'application/json' }).end(answer.body);
      });
    });
    before(() => new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve)));
    after(() => void server.close());
    const check = (given: typeof answer): Promise<{ code: number; text: string }> => {
      answer = given;
      const registry = `http://127.0.0.1:${(server.address() as AddressInfo).port}/npm/`;
      const args = [join(ROOT, 'scripts/advisories.mjs'), '--check', '--registry', registry];
      return new Promise((resolve) => {
        const child = execFile(process.execPath, args, (_, out, error) => resolve({ code: child.exitCode ?? -1, text: out + error }));
      });
    };
    const found = (name: string, vulnerable_versions: string) =>
      JSON.stringify({
        [name]: [{ id: 1, url: 'https://github.com/advisories/GHSA-aaaa-bbbb-cccc', title: 't', severity: 'low', vulnerable_versions }],
      });

    it('asks about all that is locked; ends with 0 where nothing concerns us, with 1 and a name where something does', async () => {
      const good = await check({ status: 200, body: found('undici', '<1.0.0') });
      assert.deepEqual([good.code, asked.url], [0, 'POST /npm/-/npm/v1/security/advisories/bulk'], good.text);
      assert.deepEqual(asked.body, locked);
      const bad = await check({ status: 200, body: found('undici', '>=1.0.0') });
      assert.equal(bad.code, 1);
      assert.match(bad.text, /undici@\d+\.\d+\.\d+: low, t, GHSA-aaaa-bbbb-cccc/);
    });

    it('takes no answer for a clean one', async () => {
      for (const given of [
        { status: 405, body: '' },
        { status: 200, body: '<html>' },
        { status: 200, body: '[]' },
        { status: 200, body: '{"undici":[{"id":1}]}' },
      ])
        assert.equal((await check(given)).code, 2, given.body);
    });
  });
});
