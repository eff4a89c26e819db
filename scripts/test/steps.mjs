import { readdirSync, statSync } from 'node:fs';
import { join, relative, sep } from 'node:path';

/** Folders of test/ that are steps of their own; every other folder (and file) there is a unit test of the room it is named after. */
const OWN_STEPS = ['acceptance', 'faults', 'demo', 'desktop', 'console', 'docs'];
/** Takes two minutes of waiting more than of work: runs beside the other steps. */
const SOAK = /faults[/\\]soak\.test\.ts$/;
/** Never run by `npm test`: measurements and shared code. */
const NOT_TESTS = ['bench', 'support', 'long'];

function walk(dir) {
  if (!statSync(dir, { throwIfNoEntry: false })) return [];
  return readdirSync(dir, { withFileTypes: true })
    .sort((a, b) => a.name.localeCompare(b.name))
    .flatMap((e) => (e.isDirectory() ? walk(join(dir, e.name)) : [join(dir, e.name)]));
}

const testFiles = (root) => walk(join(root, 'test')).filter((f) => /\.test\.(ts|tsx|mjs)$/.test(f));

/**
 * What `npm test` does, in order. `files(root)`: a step of node:test files; `command`: any other command.
 * `limitMinutes` ends a step that hangs. `beside`: it is started in its turn, and those after it do not wait for it.
 */
export const STEPS = [
  { name: 'build', title: 'Build', command: [process.execPath, 'scripts/setup/build.mjs'], limitMinutes: 5 },
  {
    name: 'soak',
    title: 'Soak: two minutes of faults at random, beside what follows',
    files: (root) => testFiles(root).filter((f) => SOAK.test(f)),
    concurrency: 1,
    limitMinutes: 10,
    beside: true,
  },
  { name: 'types', title: 'Types (tsc)', command: [process.execPath, 'node_modules/typescript/bin/tsc', '-p', '.'], limitMinutes: 5 },
  {
    name: 'lint',
    title: 'Lint (biome)',
    command: [process.execPath, 'node_modules/@biomejs/biome/bin/biome', 'check', '.', '--diagnostic-level=error'],
    limitMinutes: 3,
  },
  {
    name: 'unit',
    title: 'Unit tests of every room',
    files: (root) =>
      testFiles(root).filter((f) => {
        const folder = relative(join(root, 'test'), f).split(sep)[0];
        return !OWN_STEPS.includes(folder) && !NOT_TESTS.includes(folder);
      }),
    concurrency: 2,
    limitMinutes: 22,
  },
  ...[
    ['acceptance', 'Acceptance: real clients through the built gateway', 2, 18],
    ['faults', 'Faults: kill -9, full disk, broken neighbours', 1, 15],
    ['demo', 'Demo: six scenes from nothing', 1, 12],
    ['desktop', 'Desktop: real Electron under Xvfb', 1, 15],
    ['console', 'Console in Chromium', 1, 15],
    ['docs', 'Docs say what is', 1, 4],
  ].map(([name, title, concurrency, limitMinutes]) => ({
    name,
    title,
    files: (root) => testFiles(root).filter((f) => relative(join(root, 'test'), f).split(sep)[0] === name && !SOAK.test(f)),
    concurrency,
    limitMinutes,
    xvfb: name === 'desktop',
  })),
];
