import { homedir } from 'node:os';
import { join } from 'node:path';
import { BASE_URLS, BYPASSES } from '../bypass.js';
import { assignmentsIn } from './keys.js';
import { type Place, present, read } from './places.js';

export interface WayAround {
  id: string;
  what: string;
  advice: string;
  /** What was seen: a package, a variable, a file. */
  because: string;
}

/** Every way around the gateway that this project and environment have. */
export function waysAround(project: string, env: NodeJS.ProcessEnv, found: readonly Place[], baseUrl: string | undefined): WayAround[] {
  const home = env['HOME'] ?? homedir();
  const packages = projectPackages(project);
  const set = [
    ...Object.entries(env).map(([name, value]) => ({ name, value: value ?? '', where: 'environment' })),
    ...found.flatMap((place) =>
      assignmentsIn(place.bytes).map(({ name, value, line }) => ({ name, value, where: `${place.path}:${line}` })),
    ),
  ];
  const out: WayAround[] = [];
  for (const bypass of BYPASSES) {
    const add = (because: string) => out.push({ id: bypass.id, what: bypass.what, advice: bypass.advice, because });
    const off = Object.entries(bypass.off);
    const stopped = off.length > 0 && off.every(([name, value]) => set.some((s) => s.name === name && s.value.toLowerCase() === value));
    if (stopped) continue;
    for (const name of bypass.packages) {
      const where = packages.get(name);
      if (where !== undefined) {
        add(`${name} in ${where}`);
        break;
      }
    }
    const file = bypass.files === undefined ? undefined : present([project, home], bypass.files);
    if (file !== undefined) add(file);
    for (const [name, values] of Object.entries(bypass.variables ?? {})) {
      for (const s of set) if (s.name === name && values.includes(s.value.toLowerCase())) add(`${name}=${s.value} (${s.where})`);
    }
  }
  for (const s of set) {
    if (!BASE_URLS.includes(s.name) || s.value === '' || s.value.startsWith('$')) continue;
    if (baseUrl === undefined || s.value.startsWith(`${baseUrl}/`) || s.value === baseUrl) continue;
    out.push({
      id: 'base-url',
      what: `${s.name} points a client past the gateway`,
      advice: `Take it out and use \`sallyport env\`, which points it to ${baseUrl}.`,
      because: `${s.name} (${s.where})`,
    });
  }
  return out;
}

/** Names of npm and Python packages that a project asks for or has installed, with where each was seen. */
export function projectPackages(project: string): Map<string, string> {
  const names = new Map<string, string>();
  const manifest = read(join(project, 'package.json'));
  if (manifest !== undefined) {
    try {
      const parsed = JSON.parse(manifest.toString('utf8')) as Record<string, Record<string, string> | undefined>;
      for (const part of ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies']) {
        for (const name of Object.keys(parsed[part] ?? {})) names.set(name, 'package.json');
      }
    } catch {
      // A broken manifest names nothing.
    }
  }
  for (const bypass of BYPASSES) {
    for (const name of bypass.packages) {
      if (!names.has(name) && read(join(project, 'node_modules', name, 'package.json')) !== undefined) names.set(name, 'node_modules');
    }
  }
  for (const file of ['requirements.txt', 'requirements-dev.txt', 'pyproject.toml', 'Pipfile', 'uv.lock', 'poetry.lock']) {
    const text = read(join(project, file))?.toString('utf8');
    if (text === undefined) continue;
    for (const bypass of BYPASSES) {
      for (const name of bypass.packages) {
        if (name.startsWith('@') || names.has(name)) continue;
        const pattern = new RegExp(`(?:^|["'\\s=])${name.replaceAll('-', '[-_.]')}(?=$|["'\\s=<>~!\\[;,])`, 'im');
        if (pattern.test(text)) names.set(name, file);
      }
    }
  }
  return names;
}
