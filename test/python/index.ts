/**
 * `npm run test:python`: Python's OpenAI, Anthropic and LangChain packages through the built gateway. They are installed from PyPI into
 * .cache/python at the first run; where PyPI or Python is not to be had, the run is skipped by name.
 */
import { execFile, spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { startLab } from '../support/gateway.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const home = join(root, '.cache/python');
const python = join(home, 'bin/python');
const PACKAGES = ['openai', 'anthropic', 'langchain-openai', 'langchain-anthropic'];

function skip(why: string): never {
  process.stdout.write(`skipped: Python clients (${why})\n0 passed, 0 failed, 1 skipped\n`);
  process.exit(0);
}

if (!existsSync(join(home, 'ready'))) {
  if (spawnSync('python3', ['-m', 'venv', home], { stdio: 'inherit' }).status !== 0) skip('python3 with venv is not here');
  const pip = spawnSync(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...PACKAGES], {
    stdio: 'inherit',
    timeout: 600_000,
  });
  if (pip.status !== 0) skip('the packages cannot be installed');
  writeFileSync(join(home, 'ready'), '');
}

const lab = await startLab();
let passed = 0;
let failed = 0;
const child = spawn(python, [join(root, 'test/python/clients.py')], {
  env: {
    PATH: process.env.PATH ?? '',
    LAB_OPENAI: lab.openai,
    LAB_ANTHROPIC: lab.anthropic,
    SALLYPORT_KEY: lab.key,
    PYTHONWARNINGS: 'ignore',
  },
  stdio: ['ignore', 'pipe', 'inherit'],
});
for await (const line of createInterface({ input: child.stdout })) {
  const { name, ok, seen } = JSON.parse(line) as { name: string; ok: boolean; seen: string };
  if (ok) passed++;
  else failed++;
  process.stdout.write(`${ok ? 'ok' : 'NOT OK'}  ${name}${ok ? '' : `: ${seen}`}\n`);
}
const snippet = /```python\n([\s\S]*?)```/.exec(readFileSync(join(root, 'README.md'), 'utf8'))?.[1] ?? '';
const readme = await promisify(execFile)(python, ['-c', snippet], {
  env: { PATH: process.env.PATH ?? '', SALLYPORT_URL: lab.baseUrl, SALLYPORT_KEY: lab.key, PYTHONWARNINGS: 'ignore' },
  timeout: 60_000,
}).catch((error: Error) => ({ stdout: error.message }));
if (readme.stdout === 'You wrote: Say hello\n') passed++;
else failed++;
process.stdout.write(`${readme.stdout === 'You wrote: Say hello\n' ? 'ok' : 'NOT OK'}  the README's Python snippet, as it stands\n`);

if (lab.provider.log.contains('maria.keller@')) {
  failed++;
  process.stdout.write('NOT OK  the provider got a value in clear\n');
} else passed++;
await lab.close();
process.stdout.write(`${passed} passed, ${failed} failed\n`);
process.exit(failed === 0 ? 0 : 1);
