/**
 * `npm run fuzz -- [--times 100] [--only records]`: the fuzz targets of `npm test`, so many times as often. Targets: (none) listener,
 * dialects and streams; `masks`; `records` (ledger segments, heads, bundles).
 */
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const { values } = parseArgs({ options: { times: { type: 'string', default: '100' }, only: { type: 'string', default: '' } } });
const here = fileURLToPath(new URL('.', import.meta.url));
const files = readdirSync(here)
  .filter((name) => /^fuzz.*\.test\.ts$/.test(name) && name.includes(values.only))
  .map((name) => here + name);
const { status } = spawnSync(process.execPath, ['--import', 'tsx', '--test', '--test-concurrency=1', '--test-reporter=spec', ...files], {
  stdio: 'inherit',
  env: { ...process.env, SALLYPORT_FUZZ: values.times },
});
process.exitCode = status ?? 1;
