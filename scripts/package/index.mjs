/**
 * `npm run package [-- --linux deb]`: builds and packs. Where fpm cannot be downloaded, `.deb` packages are made by our stand-in.
 * Beside the packages lies `release/sbom.cdx.json`, the bill of materials of what is in them.
 */
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '..', '..');
const run = (command, args, env = {}) => {
  const { status } = spawnSync(command, args, { cwd: root, stdio: 'inherit', env: { ...process.env, ...env } });
  if (status !== 0) process.exit(status ?? 1);
};
// A secret that a workflow does not have comes as an empty variable, which electron-builder takes for a certificate that is broken.
for (const name of ['CSC_LINK', 'CSC_KEY_PASSWORD', 'APPLE_ID', 'APPLE_APP_SPECIFIC_PASSWORD', 'APPLE_TEAM_ID'])
  if (process.env[name] === '') delete process.env[name];
// Packers put this in the place of the times at which files were written (reproducible-builds.org/specs/source-date-epoch).
process.env.SOURCE_DATE_EPOCH ??= spawnSync('git', ['log', '-1', '--format=%ct'], { cwd: root, encoding: 'utf8' }).stdout?.trim() || '0';
const wanted = process.argv.slice(2);
run(process.execPath, [join(root, 'scripts/build.mjs')]);
const fpm = process.env.USE_SYSTEM_FPM || process.env.SALLYPORT_FPM === 'download' ? {} : { CUSTOM_FPM_PATH: join(here, 'fpm-deb.mjs') };
run(
  process.execPath,
  [join(root, 'node_modules/electron-builder/cli.js'), ...(wanted.length > 0 ? wanted : ['--linux', 'deb']), '--publish', 'never'],
  fpm,
);
run(process.execPath, [join(root, 'scripts/sbom.mjs'), join(root, 'release/sbom.cdx.json')]);
