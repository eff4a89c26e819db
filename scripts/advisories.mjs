#!/usr/bin/env node
/**
 * `npm run advisories [-- --check] [-- --registry URL]`: asks the registry for the advisories about everything in the lock file and
 * keeps the answer in test/security/advisories.json, which `npm test` holds every later lock file against, without a network. `--check`
 * keeps nothing. Ends with 1 where a package has an advisory that scripts/advisories/allowed.json does not name (`name`, `id`, `since`,
 * `reason`), with 2 where the registry does not answer: no answer is not a clean one.
 *
 * The request is npm's own: https://docs.npmjs.com/cli/v10/commands/npm-audit#bulk-advisory-endpoint
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { hits, lockedPackages } from './advisories/match.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const PATIENCE_MS = 60_000;

/** Asks a registry about packages (name → versions); answers what it knows, sorted. Throws where it gives no such answer. */
async function ask(registry, locked) {
  const answer = await fetch(new URL('-/npm/v1/security/advisories/bulk', registry), {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'content-encoding': 'gzip', accept: 'application/json' },
    body: gzipSync(JSON.stringify(locked)),
    signal: AbortSignal.timeout(PATIENCE_MS),
  });
  if (!answer.ok) throw new Error(`${answer.status} ${answer.statusText}`);
  const found = await answer.json();
  if (typeof found !== 'object' || found === null || Array.isArray(found)) throw new Error('its answer is not an object');
  return Object.entries(found)
    .flatMap(([name, list]) =>
      list.map(({ url, id, vulnerable_versions: vulnerable, severity, title }) => {
        if (typeof vulnerable !== 'string') throw new Error(`its advisory about ${name} has no range`);
        return { name, vulnerable, id: /GHSA-[\w-]+$/.exec(url)?.[0] ?? String(id), severity, title };
      }),
    )
    .sort((a, b) => (`${a.name} ${a.id} ${a.vulnerable}` < `${b.name} ${b.id} ${b.vulnerable}` ? -1 : 1));
}

/** The registry that npm is set to. */
const configured = () =>
  spawnSync('npm', ['config', 'get', 'registry'], { cwd: root, encoding: 'utf8', shell: process.platform === 'win32' }).stdout.trim();

const { values } = parseArgs({ options: { check: { type: 'boolean', default: false }, registry: { type: 'string' } } });
const registry = values.registry ?? configured();
const locked = lockedPackages(JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')));
const allowed = JSON.parse(readFileSync(join(root, 'scripts/advisories/allowed.json'), 'utf8'));
try {
  const advisories = await ask(registry, locked);
  const bad = hits(locked, advisories, allowed);
  for (const hit of bad) console.error(hit);
  if (!values.check) {
    const snapshot = {
      asked: new Date().toISOString(),
      from: 'the registry',
      packages: createHash('sha256').update(JSON.stringify(locked)).digest('hex'),
      advisories,
    };
    writeFileSync(join(root, 'test/security/advisories.json'), `${JSON.stringify(snapshot, null, 2)}\n`);
  }
  console.log(
    `${Object.keys(locked).length} packages, ${advisories.length} advisories, ${bad.length} of them concern us and are not allowed.`,
  );
  process.exitCode = bad.length > 0 ? 1 : 0;
} catch (error) {
  console.error(`The registry ${registry} gives no advisories: ${error.message}`);
  process.exitCode = 2;
}
