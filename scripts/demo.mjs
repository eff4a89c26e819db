#!/usr/bin/env node
/** `npm run demo`: sets up what is missing, then plays six scenes through the real gateway (scripts/demo/main.ts). */
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureBuilt } from './setup/build.mjs';
import { ensurePackages, requireNode } from './setup/node-packages.mjs';
import { orExplain } from './setup/say.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

await orExplain(() => {
  requireNode();
  ensurePackages(root);
  ensureBuilt(root);
  const main = join(root, 'scripts/demo/main.ts');
  const { status } = spawnSync(process.execPath, ['--import', 'tsx', main, ...process.argv.slice(2)], { cwd: root, stdio: 'inherit' });
  process.exitCode = status ?? 1;
});
