/**
 * Isolation of an agent with bubblewrap (Linux).
 *
 * What it stops: an agent that reads the token file or the ledger, opens the control socket, asks the keychain over D-Bus, or looks
 * into the gateway's process. What it does not stop: whatever the agent may do to the files of the user outside Sallyport.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import { dirname } from 'node:path';

export interface Hidden {
  /** The data directory. */
  directory: string;
  /** Path of the control socket. */
  socket: string;
}

/** Arguments for `bwrap`, before the command. `interactive`: keep the terminal (Ctrl-C, job control). */
export function bwrapArguments(hidden: Hidden, env: NodeJS.ProcessEnv, interactive: boolean): string[] {
  const folders = new Set<string>();
  const hide = (path: string | undefined) => {
    if (path !== undefined && path !== '' && existsSync(path)) folders.add(realpathSync(path));
  };
  hide(hidden.directory);
  hide(`${hidden.directory}-demo`);
  hide(hidden.directory.replace(/-demo$/, ''));
  hide(dirname(hidden.socket));
  // Session bus, keyring control and other doors of the desktop live here.
  hide(env['XDG_RUNTIME_DIR']);
  const bus = /unix:path=([^,;]+)/.exec(env['DBUS_SESSION_BUS_ADDRESS'] ?? '')?.[1];
  const args = ['--dev-bind', '/', '/', '--proc', '/proc', '--unshare-pid', '--unshare-ipc', '--die-with-parent'];
  if (!interactive) args.push('--new-session');
  for (const folder of folders) args.push('--tmpfs', folder);
  if (bus !== undefined && existsSync(bus) && ![...folders].some((folder) => realpathSync(bus).startsWith(`${folder}/`))) {
    args.push('--bind', '/dev/null', realpathSync(bus));
  }
  for (const name of ['DBUS_SESSION_BUS_ADDRESS', 'SALLYPORT_HOME', 'SALLYPORT_PERSON', 'GNOME_KEYRING_CONTROL', 'SSH_AUTH_SOCK']) {
    args.push('--unsetenv', name);
  }
  return [...args, '--'];
}

/** Undefined when bubblewrap works here, else why not. */
export function isolationProblem(): string | undefined {
  if (process.platform !== 'linux') return 'Isolation needs Linux and bubblewrap. Without --isolate the agent runs as you do.';
  const probe = spawnSync('bwrap', ['--dev-bind', '/', '/', '--proc', '/proc', '--unshare-pid', '--', 'true'], {
    encoding: 'utf8',
    timeout: 10_000,
  });
  if (probe.error !== undefined) return "bubblewrap is not installed: `apt-get install bubblewrap` (or your system's way).";
  if (probe.status !== 0)
    return `bubblewrap does not work here: ${probe.stderr.trim().split('\n')[0] ?? 'no reason given'}. User namespaces may be switched off.`;
  return undefined;
}
