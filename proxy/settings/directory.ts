import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

/**
 * Where Sallyport keeps its data. `SALLYPORT_HOME` wins; otherwise the system's own place: `$XDG_DATA_HOME/sallyport`
 * (`~/.local/share/sallyport`), `~/Library/Application Support/Sallyport`, or `%LOCALAPPDATA%\Sallyport`.
 * The demo has a directory of its own beside it, so that throw-away data never mixes with real data.
 */
export function dataDirectory(
  env: Record<string, string | undefined>,
  options: { demo?: boolean; platform?: NodeJS.Platform; home?: string } = {},
): string {
  const platform = options.platform ?? process.platform;
  const real = env['SALLYPORT_HOME'] ? resolve(env['SALLYPORT_HOME']) : systemDirectory(env, platform, options.home);
  return options.demo ? `${real}-demo` : real;
}

function systemDirectory(env: Record<string, string | undefined>, platform: NodeJS.Platform, givenHome?: string): string {
  const home = givenHome ?? env['HOME'] ?? homedir();
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', 'Sallyport');
  if (platform === 'win32') return join(env['LOCALAPPDATA'] ?? join(env['USERPROFILE'] ?? home, 'AppData', 'Local'), 'Sallyport');
  // The XDG specification says that a relative path in the variable is to be ignored.
  const xdg = env['XDG_DATA_HOME'];
  return join(xdg?.startsWith('/') ? xdg : join(home, '.local', 'share'), 'sallyport');
}
