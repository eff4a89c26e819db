import { existsSync, readFileSync } from 'node:fs';
import { run } from './run.mjs';
import { SetupError, say } from './say.mjs';

/** What each use needs. `a|b`: the first that the system knows (names changed between Debian releases). */
export const NEEDS = {
  desktop: ['libgtk-3-0|libgtk-3-0t64', 'libnss3', 'libasound2|libasound2t64', 'libgbm1', 'libnotify4', 'libsecret-1-0', 'dbus'],
  tests: ['xvfb', 'xauth', 'xdotool', 'gnome-keyring', 'chromium', 'bubblewrap', 'curl', 'python3'],
};

const status = (name) =>
  run('dpkg-query', ['-W', '-f=${db:Status-Status}', name], { quiet: true, minutes: 1 }).stdout.trim() === 'installed';
const known = (name) => /Candidate: (?!\(none\))/.test(run('apt-cache', ['policy', name], { quiet: true, minutes: 1 }).stdout);

export function isDebian() {
  return (
    process.platform === 'linux' && existsSync('/etc/debian_version') && run('dpkg-query', ['--version'], { quiet: true }).status === 0
  );
}

/** Entries of NEEDS of which no alternative is installed. */
export const missingPackages = (uses) => uses.flatMap((use) => NEEDS[use]).filter((entry) => !entry.split('|').some(status));

/**
 * Installs Debian packages that are missing: as root, or with a sudo that asks nothing. Otherwise says the exact command and stops.
 * On another system it says what it would have wanted and goes on: the same libraries have other names there.
 */
export function ensureDebianPackages(uses) {
  if (process.platform !== 'linux') return;
  if (!isDebian()) {
    const name = /^PRETTY_NAME="?([^"\n]*)/m.exec(existsSync('/etc/os-release') ? readFileSync('/etc/os-release', 'utf8') : '')?.[1];
    say(`${name ?? 'This system'} is not Debian: packages like ${uses.flatMap((u) => NEEDS[u]).join(', ')} are taken for granted`);
    return;
  }
  const missing = missingPackages(uses);
  if (missing.length === 0) return;
  const root = process.getuid() === 0;
  const sudo = root ? [] : ['sudo', '-n'];
  const choose = (entry) => entry.split('|').find(known) ?? entry.split('|')[0];
  if (!root && run('sudo', ['-n', 'true'], { quiet: true, minutes: 1 }).status !== 0) {
    const names = missing.map(choose).join(' ');
    throw new SetupError(
      `These Debian packages are missing, and installing them needs root. Run this, then try again:\n\n  sudo apt-get update && sudo apt-get install -y --no-install-recommends ${names}\n`,
      3,
    );
  }
  const apt = (args, minutes) => {
    const [command, ...rest] = [...sudo, 'env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', '-o', 'DPkg::Lock::Timeout=120', ...args];
    return run(command, rest, { minutes });
  };
  say(`Debian packages are missing: ${missing.join(' ')}; apt-get update and install`);
  apt(['update', '-q'], 5); // an unreachable list is no reason to stop: the packages may be known already
  const names = missing.map(choose);
  if (apt(['install', '-y', '-q', '--no-install-recommends', ...names], 12).status !== 0)
    throw new SetupError(`apt-get could not install ${names.join(' ')}, see above.`);
}
