#!/usr/bin/env node
/** `npm run screenshots`: every screen of the console, dark and light, out of a gateway with real traffic, into docs/screenshots/. */
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const { status } = spawnSync(process.execPath, ['--import', 'tsx', 'scripts/screenshots/take.ts', ...process.argv.slice(2)], {
  cwd: root,
  stdio: 'inherit',
});
process.exit(status ?? 1);
