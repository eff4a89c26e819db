import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { asar } from '../../scripts/setup/asar.mjs';
import { packagesInPlace } from '../../scripts/setup/node-packages.mjs';
import { run } from '../../scripts/setup/run.mjs';
import { STEPS } from '../../scripts/test/steps.mjs';

describe('setup', () => {
  let root: string;
  before(() => {
    root = mkdtempSync(join(tmpdir(), 'sallyport-setup-'));
    mkdirSync(join(root, 'node_modules'));
  });
  after(() => rmSync(root, { recursive: true, force: true }));
  const lock = (file: string, packages: object) => writeFileSync(join(root, file), JSON.stringify({ packages }));

  it('knows missing and outdated packages, and leaves other systems alone', () => {
    assert.equal(packagesInPlace(root), false);
    lock('package-lock.json', { '': {}, 'node_modules/a': { version: '1.0.0' }, 'node_modules/mac': { version: '1.0.0', optional: true } });
    lock('node_modules/.package-lock.json', { 'node_modules/a': { version: '1.0.0' } });
    assert.equal(packagesInPlace(root), true);
    lock('node_modules/.package-lock.json', { 'node_modules/a': { version: '0.9.0' } });
    assert.equal(packagesInPlace(root), false);
  });

  it('ends a command that hangs, and gives it no terminal to ask on', () => {
    const began = Date.now();
    assert.throws(() => run('sleep', ['60'], { minutes: 0.005 }), /was stopped after/);
    assert.ok(Date.now() - began < 20_000);
    assert.equal(run('sh', ['-c', 'read answer || echo no terminal'], { quiet: true }).stdout, 'no terminal\n');
    assert.equal(run('a-command-that-is-nowhere', [], { quiet: true }).status, 127);
  });

  it('without root rights it prints the one command that is missing, and ends at once, whatever sudo would ask', {
    skip: process.platform === 'linux' && existsSync('/etc/debian_version') ? false : 'not a Debian',
  }, () => {
    const place = mkdtempSync(join(tmpdir(), 'sallyport-noroot-'));
    try {
      // A machine on which nothing is installed, and whose sudo wants a password.
      const programs = {
        'dpkg-query': 'case "$*" in *--version*) exit 0;; esac; exit 1',
        'apt-cache': 'echo "  Candidate: 1.0"',
        sudo: 'case "$*" in "-n "*) exit 1;; esac; read answer </dev/tty; exit 1',
        'apt-get': `touch ${join(place, 'apt-get-ran')}`,
      };
      for (const [name, script] of Object.entries(programs)) writeFileSync(join(place, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
      const text = `import { ensureDebianPackages } from ${JSON.stringify(new URL('../../scripts/setup/debian-packages.mjs', import.meta.url).href)};
import { orExplain } from ${JSON.stringify(new URL('../../scripts/setup/say.mjs', import.meta.url).href)};
process.getuid = () => 65534;
await orExplain(() => ensureDebianPackages(['desktop', 'tests']));
console.log('went on');`;
      const ran = spawnSync(process.execPath, ['--input-type=module', '-e', text], {
        encoding: 'utf8',
        timeout: 60_000,
        env: { PATH: `${place}:${process.env['PATH']}` },
      });
      assert.equal(ran.status, 3, ran.stderr);
      assert.match(
        ran.stderr,
        /sudo apt-get update && sudo apt-get install -y --no-install-recommends libgtk-3-0 .*xvfb .*bubblewrap[^\n]*\n/,
      );
      assert.ok(!ran.stdout.includes('went on'));
      assert.ok(!existsSync(join(place, 'apt-get-ran')), 'nothing was tried');
    } finally {
      rmSync(place, { recursive: true, force: true });
    }
  });

  it('writes a well-formed asar archive', () => {
    const archive: Buffer = asar({ 'a.txt': 'Grüße', 'b.txt': 'x' });
    const size = archive.readUInt32LE(12);
    const head = JSON.parse(archive.subarray(16, 16 + size).toString()) as { files: Record<string, { size: number; offset: string }> };
    const start = 8 + archive.readUInt32LE(4);
    const read = (name: string) => {
      const { size: length, offset } = head.files[name]!;
      return archive.subarray(start + Number(offset), start + Number(offset) + length).toString();
    };
    assert.deepEqual([read('a.txt'), read('b.txt')], ['Grüße', 'x']);
  });

  it('finds every test file in exactly one step', () => {
    const steps = (STEPS as { files?: (root: string) => string[] }[]).flatMap((s) => s.files?.(process.cwd()) ?? []);
    assert.equal(new Set(steps).size, steps.length);
    assert.ok(steps.some((f) => f.endsWith('setup.test.ts')));
  });
});
