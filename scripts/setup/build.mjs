import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from './run.mjs';
import { orExplain, SetupError, say } from './say.mjs';

const SOURCES = ['proxy', 'main', 'renderer', 'assets', 'scripts/build.mjs', 'package-lock.json'];

/** Changes whenever a source file changes (path, size, time). */
function fingerprint(root) {
  const hash = createHash('sha256');
  const visit = (path) => {
    const stat = statSync(join(root, path), { throwIfNoEntry: false });
    if (!stat) return;
    if (stat.isDirectory()) for (const name of readdirSync(join(root, path)).sort()) visit(`${path}/${name}`);
    else hash.update(`${path} ${stat.size} ${stat.mtimeMs}\n`);
  };
  SOURCES.forEach(visit);
  return hash.digest('hex');
}

/** Builds `out/` where a source changed since the last build. */
export function ensureBuilt(root, { force = false } = {}) {
  const stamp = join(root, '.cache/build');
  const want = fingerprint(root);
  if (!force && existsSync(join(root, 'out')) && existsSync(stamp) && readFileSync(stamp, 'utf8') === want) return;
  say('building');
  const { status } = run(process.execPath, ['scripts/build.mjs'], { cwd: root, minutes: 5 });
  if (status !== 0) throw new SetupError('The build failed, see above.');
  mkdirSync(join(root, '.cache'), { recursive: true });
  writeFileSync(stamp, want);
}

// `node scripts/setup/build.mjs` builds whatever the stamp says: the first step of `npm test`.
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await orExplain(() => ensureBuilt(join(dirname(fileURLToPath(import.meta.url)), '../..'), { force: true }));
}
