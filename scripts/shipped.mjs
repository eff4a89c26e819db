/** What of the lock file reaches a user. */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

/** Folders in node_modules of the packages that the console's bundle has code of, as the bundler itself says it. Writes nothing. */
async function bundled() {
  const made = await build({
    configFile: join(root, 'renderer/vite.config.ts'),
    root: join(root, 'renderer'),
    logLevel: 'error',
    build: { write: false },
  });
  const modules = [made].flat().flatMap(({ output }) => output.flatMap((piece) => Object.keys(piece.modules ?? {})));
  // Greedy up to the last package of the path; node_modules itself may be a link to somewhere else.
  const folders = modules.map((id) => /\/(node_modules\/(?:.*\/node_modules\/)?(?:@[^/]+\/)?[^/]+)\//.exec(id.replaceAll('\\', '/'))?.[1]);
  return new Set(folders.filter(Boolean));
}

/**
 * The entries of a lock file (version 3) that ship, as `[path, entry]`: dependencies, the tools that the console is bundled with, and
 * Electron (its Chromium and Node are part of it and have no entry of their own). Throws where the bundle has code that is not locked.
 */
export async function shippedPackages(lock) {
  const inside = await bundled();
  for (const path of inside)
    if (!lock.packages[path]) throw new Error(`the console is built with ${path}, which the lock file does not name`);
  return Object.entries(lock.packages).filter(
    ([path, entry]) =>
      path !== '' && !entry.link && ((!entry.dev && !entry.devOptional) || inside.has(path) || path === 'node_modules/electron'),
  );
}
