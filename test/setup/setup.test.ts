import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
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
