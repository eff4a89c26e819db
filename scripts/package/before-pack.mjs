/** A release build refuses the stand-in Electron: it is old, third-party, and only for development and tests. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';

export default function beforePack() {
  const fallback = join(process.cwd(), 'node_modules/electron/dist/FALLBACK');
  if (!existsSync(fallback)) return;
  if (process.env.RELEASE === '1')
    throw new Error(
      'RELEASE=1, but node_modules/electron/dist is the fallback runtime (see the file FALLBACK there). Build where Electron can be downloaded.',
    );
  console.warn('NOTE: this package carries the fallback Electron runtime. It is for tests, not for a release.');
}
