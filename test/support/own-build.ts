import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../../scripts/demo/launch.js';

export interface OwnBuild {
  /** Path of its `sallyport` command. */
  cli: string;
  /** Its compiled files. */
  out: string;
  remove(): void;
}

/** A copy of the build that nobody else overwrites; `version`: it says that it is this version. */
export function ownBuild(version?: string): OwnBuild {
  const cache = join(ROOT, '.cache');
  mkdirSync(cache, { recursive: true });
  const place = mkdtempSync(join(cache, 'build-'));
  const out = join(place, 'out');
  cpSync(join(ROOT, 'out'), out, { recursive: true });
  for (const name of ['node_modules', 'assets']) symlinkSync(join(ROOT, name), join(place, name));
  const about = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as object;
  writeFileSync(join(place, 'package.json'), JSON.stringify(version === undefined ? about : { ...about, version }));
  return { cli: join(out, 'proxy/cli.js'), out, remove: () => rmSync(place, { recursive: true, force: true }) };
}
