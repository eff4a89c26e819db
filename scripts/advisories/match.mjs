/** Which packages of a lock file an advisory is about. Plain comparison of versions; no network. */

/** `1.2.3`, `1.2`, `1`, with a pre-release behind a dash; build metadata says nothing about the order (semver.org, item 10). */
const VERSION = /^v?(\d+)(?:\.(\d+))?(?:\.(\d+))?(?:-([0-9A-Za-z.-]+))?(?:\+[0-9A-Za-z.-]+)?$/;

function parse(text) {
  const m = VERSION.exec(text);
  if (!m) throw new Error(`no version: ${text}`);
  return { numbers: [m[1], m[2] ?? 0, m[3] ?? 0].map(Number), pre: m[4]?.split('.') ?? [], whole: m[3] !== undefined };
}

/** The order of versions, as semver.org has it in item 11: below 0 where `a` comes first. */
function compare(a, b) {
  for (let i = 0; i < 3; i++) if (a.numbers[i] !== b.numbers[i]) return a.numbers[i] - b.numbers[i];
  if (a.pre.length === 0 || b.pre.length === 0) return b.pre.length - a.pre.length;
  for (let i = 0; i < Math.max(a.pre.length, b.pre.length); i++) {
    const [x, y] = [a.pre[i], b.pre[i]];
    if (x === y) continue;
    if (x === undefined || y === undefined) return x === undefined ? -1 : 1;
    const [nx, ny] = [/^\d+$/.test(x), /^\d+$/.test(y)];
    if (nx && ny) return Number(x) - Number(y);
    if (nx !== ny) return nx ? -1 : 1;
    return x < y ? -1 : 1;
  }
  return 0;
}

const HOLDS = { '<': (c) => c < 0, '<=': (c) => c <= 0, '>': (c) => c > 0, '>=': (c) => c >= 0, '=': (c) => c === 0 };

/**
 * Whether a version is in a range as advisories have them: comparisons that all hold, sets of them with `||` between, `*` for every
 * version. A pre-release counts like any other version (as `npm audit` has it). Throws where the range has another form, so that the
 * caller cannot take what was not understood for what is not concerned.
 */
export function inRange(version, range) {
  const own = parse(version);
  // Every part is read before one is believed.
  const sets = range.split('||').map((set) =>
    set
      .replace(/,/g, ' ')
      .replace(/([<>=])\s+/g, '$1')
      .split(/\s+/)
      .filter((part) => part !== '' && part !== '*')
      .map((part) => {
        const [, sign, text] = /^(<=|>=|<|>|=)?(.*)$/.exec(part);
        const bound = parse(text);
        // `<=1` would mean every 1.x: not written by advisories, so not guessed here.
        if (!bound.whole && sign !== '<' && sign !== '>=') throw new Error(`a range that is not understood: ${range}`);
        return HOLDS[sign ?? '='](compare(own, bound));
      }),
  );
  return sets.some((set) => set.every(Boolean));
}

/** What a lock file (version 2 or 3) installs: every name with its versions, in the order of the alphabet. */
export function lockedPackages(lock) {
  const all = {};
  for (const [path, entry] of Object.entries(lock.packages)) {
    if (path === '' || entry.link) continue;
    const name = entry.name ?? path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
    all[name] = [...new Set([...(all[name] ?? []), entry.version])].sort();
  }
  return Object.fromEntries(Object.entries(all).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The packages that advisories are about and nobody has allowed, one sentence each; a range that cannot be read counts as one. */
export function hits(locked, advisories, allowed) {
  const out = [];
  for (const { name, vulnerable, id, severity, title } of advisories)
    for (const version of locked[name] ?? []) {
      let why = '';
      try {
        if (!inRange(version, vulnerable)) continue;
      } catch (error) {
        why = ` (${error.message})`;
      }
      if (!allowed.some((a) => a.id === id && a.name === name)) out.push(`${name}@${version}: ${severity}, ${title}, ${id}${why}`);
    }
  return out;
}
