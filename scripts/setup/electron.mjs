import { join } from 'node:path';
import { run } from './run.mjs';
import { SetupError } from './say.mjs';

/** Electron's runtime, see ensure-electron.mjs. Bounded: it never waits for ever. */
export function ensureElectron(root) {
  const { status } = run(process.execPath, [join(root, 'scripts/ensure-electron.mjs')], { cwd: root, minutes: 15 });
  if (status !== 0)
    throw new SetupError("Electron's runtime could not be put in place, see above. `npm start -- --headless` runs without it.");
}
