#!/usr/bin/env node
/**
 * `npm run sbom [-- FILE]`: a CycloneDX 1.6 bill of materials of what the product ships (dependencies, what the console is
 * bundled with, Electron), with the hash that npm checks at installation. To standard output, or into FILE. Same lock file and sources,
 * same bytes.
 */
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { shippedPackages } from './shipped.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const lockText = readFileSync(join(root, 'package-lock.json'), 'utf8');
const { name, version, license } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

const components = (await shippedPackages(JSON.parse(lockText)))
  .map(([path, entry]) => {
    const own = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
    const [algorithm, digest] = (entry.integrity ?? '').split(/-(.*)/s);
    const hash = { sha512: 'SHA-512', sha1: 'SHA-1', sha256: 'SHA-256' }[algorithm];
    return {
      type: 'library',
      'bom-ref': `${own}@${entry.version}|${path}`,
      name: own,
      version: entry.version,
      purl: `pkg:npm/${own.replace('@', '%40')}@${entry.version}`,
      ...(entry.license ? { licenses: [{ expression: entry.license }] } : {}),
      ...(hash ? { hashes: [{ alg: hash, content: Buffer.from(digest, 'base64').toString('hex') }] } : {}),
      ...(entry.optional ? { scope: 'optional' } : {}),
    };
  })
  .sort((a, b) => (a['bom-ref'] < b['bom-ref'] ? -1 : 1));

const id = createHash('sha256').update(lockText).digest('hex');
const bom = {
  bomFormat: 'CycloneDX',
  specVersion: '1.6',
  serialNumber: `urn:uuid:${id.slice(0, 8)}-${id.slice(8, 12)}-5${id.slice(13, 16)}-8${id.slice(17, 20)}-${id.slice(20, 32)}`,
  version: 1,
  metadata: {
    component: { type: 'application', 'bom-ref': `${name}@${version}`, name, version, licenses: [{ expression: license }] },
  },
  components,
};
const text = `${JSON.stringify(bom, null, 2)}\n`;
if (process.argv[2]) writeFileSync(process.argv[2], text);
else process.stdout.write(text);
