import { readdirSync, statSync } from 'node:fs';
import { join, relative, sep } from 'node:path';

/** Folders of test/ that are steps of their own; every other folder (and file) there is a unit test of the room it is named after. */
const OWN_STEPS = ['acceptance', 'faults', 'demo', 'desktop', 'console', 'docs'];
/** Two minutes of faults at random: a step of its own. */
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

const topFolder = (root, file) => relative(join(root, 'test'), file).split(sep)[0];

/** A step of the test files of one folder. */
const folder = (name, title, more) => ({
  name,
  title,
  files: (root) => testFiles(root).filter((f) => topFolder(root, f) === name && !SOAK.test(f)),
  concurrency: 1,
  limitMinutes: 15,
  ...more,
});

/**
 * What `npm test` does, in order. `files(root)`: a step of node:test files; `command`: any other command.
 * `limitMinutes` ends a step that hangs, with all that it started. `beside`: it waits more than it works (for a clock, a browser,
 * a window), so it runs beside the others, one such step after another, and those after it in the list do not wait for it.
 */
export const STEPS = [
  { name: 'build', title: 'Build', command: [process.execPath, 'scripts/setup/build.mjs'], limitMinutes: 5 },
  {
    name: 'soak',
    title: 'Soak: two minutes of faults at random',
    files: (root) => testFiles(root).filter((f) => SOAK.test(f)),
    concurrency: 1,
    limitMinutes: 10,
    beside: true,
  },
  folder('console', 'Console in Chromium', { beside: true }),
  folder('desktop', 'Desktop: real Electron under Xvfb', { beside: true, xvfb: true }),
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
        const room = topFolder(root, f);
        return !OWN_STEPS.includes(room) && !NOT_TESTS.includes(room);
      }),
    concurrency: 2,
    limitMinutes: 15,
  },
  folder('acceptance', 'Acceptance: real clients through the built gateway', { concurrency: 2 }),
  folder('faults', 'Faults: kill -9, full disk, broken neighbours'),
  folder('demo', 'Demo: six scenes from nothing', { limitMinutes: 10 }),
  folder('docs', 'Docs say what is', { limitMinutes: 5 }),
];
