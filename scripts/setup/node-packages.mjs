import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './run.mjs';
import { SetupError, say } from './say.mjs';

const WANTED = [20, 18, 1];

/** The Node that package.json asks for. */
export function requireNode() {
  const have = process.versions.node.split('.').map(Number);
  const older = WANTED.some((want, i) => have[i] < want && WANTED.slice(0, i).every((w, k) => have[k] === w));
  if (older) throw new SetupError(`Sallyport needs Node ${WANTED.join('.')} or newer; this is ${process.versions.node}.`);
}

/** What npm wrote down as installed is what the lock file asks for (packages for other systems left out). */
export function packagesInPlace(root) {
  try {
    const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
    const present = JSON.parse(readFileSync(join(root, 'node_modules/.package-lock.json'), 'utf8')).packages;
    return Object.entries(wanted).every(([path, { version, optional }]) =>
      path === '' || (optional && !present[path]) ? true : present[path]?.version === version,
    );
  } catch {
    return false;
  }
}

/** `npm ci` where something is missing. Install scripts stay off (.npmrc): Electron's runtime is placed by our own script. */
export function ensurePackages(root) {
  if (packagesInPlace(root)) return;
  say('npm packages are missing or outdated: npm ci (a minute or two, once)');
  const { status } = run('npm', ['ci', '--no-audit', '--no-fund'], { cwd: root, env: { ELECTRON_SKIP_BINARY_DOWNLOAD: '1' }, minutes: 12 });
  if (status !== 0) throw new SetupError('npm ci failed, see above. Is the npm registry reachable?');
}
