import { existsSync, lstatSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

const MOST_BYTES = 1 << 20;
const MOST_FOLDERS = 2000;
const SKIP = new Set(['node_modules', '.git', '.hg', 'dist', 'build', 'out', '.venv', 'venv', '__pycache__', 'target', '.next', '.cache']);

export interface Place {
  path: string;
  kind: 'env-file' | 'profile';
  bytes: Buffer;
}

/** The shell profiles of this user and the .env files of a project (three folders deep). Large and unreadable files are left out. */
export function places(project: string, env: NodeJS.ProcessEnv): Place[] {
  const home = env['HOME'] ?? homedir();
  const profiles = ['.bashrc', '.bash_profile', '.profile', '.zshrc', '.zprofile', '.zshenv', '.config/fish/config.fish'].map((f) =>
    join(home, f),
  );
  profiles.push(join(home, '.config/powershell/Microsoft.PowerShell_profile.ps1'), join(home, '.env'));
  const wanted: [string, Place['kind']][] = profiles.map((path) => [path, 'profile']);
  for (const path of envFiles(project)) wanted.push([path, 'env-file']);
  const seen = new Set<string>();
  const out: Place[] = [];
  for (const [path, kind] of wanted) {
    if (seen.has(path)) continue;
    seen.add(path);
    const bytes = read(path);
    if (bytes !== undefined) out.push({ path, kind, bytes });
  }
  return out;
}

function envFiles(project: string): string[] {
  const out: string[] = [];
  let folders = 0;
  const visit = (folder: string, depth: number) => {
    folders += 1;
    if (folders > MOST_FOLDERS) return;
    let entries: string[];
    try {
      entries = readdirSync(folder);
    } catch {
      return;
    }
    for (const name of entries) {
      const path = join(folder, name);
      if (/^\.env(?:\.|$)|\.env$|^\.envrc$/.test(name)) {
        out.push(path);
      } else if (depth < 3 && !SKIP.has(name) && !name.startsWith('.')) {
        try {
          if (lstatSync(path).isDirectory()) visit(path, depth + 1);
        } catch {
          // gone meanwhile
        }
      }
    }
  };
  visit(project, 0);
  return out;
}

export function read(path: string): Buffer | undefined {
  try {
    const stat = statSync(path);
    return stat.isFile() && stat.size <= MOST_BYTES ? readFileSync(path) : undefined;
  } catch {
    return undefined;
  }
}

/** Does any of these files or folders exist in one of the folders? */
export function present(folders: readonly string[], names: readonly string[]): string | undefined {
  for (const folder of folders) for (const name of names) if (existsSync(join(folder, name))) return join(folder, name);
  return undefined;
}
