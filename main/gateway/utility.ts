import { utilityProcess } from 'electron';
import type { HostMessage } from '../../proxy/index.js';
import type { HostProcess } from './supervisor.js';

/** Electron's own kind of child process: works with the `runAsNode` fuse off, and dies with the app. */
export function forkHost(hostFile: string): HostProcess {
  // The child gets what a program needs to find its home and its bus, and nothing else of our environment.
  const keep = [
    'HOME',
    'PATH',
    'LANG',
    'LC_ALL',
    'TZ',
    'XDG_CONFIG_HOME',
    'XDG_DATA_HOME',
    'XDG_STATE_HOME',
    'XDG_RUNTIME_DIR',
    'APPDATA',
    'LOCALAPPDATA',
    'USERPROFILE',
    'SystemRoot',
    'TEMP',
    'TMPDIR',
    'NODE_EXTRA_CA_CERTS',
    'SALLYPORT_HOME',
  ];
  const env: Record<string, string> = {};
  for (const name of keep) if (process.env[name] !== undefined) env[name] = process.env[name] as string;
  const child = utilityProcess.fork(hostFile, [], { serviceName: 'Sallyport gateway', stdio: 'pipe', env });
  child.stdout?.on('data', (d: Buffer) => process.stdout.write(d));
  child.stderr?.on('data', (d: Buffer) => process.stderr.write(d));
  return {
    get pid() {
      return child.pid;
    },
    post: (message) => child.postMessage(message),
    onMessage: (listener) => void child.on('message', (message: HostMessage) => listener(message)),
    onExit: (listener) => void child.on('exit', (code) => listener(code)),
    kill: () => void child.kill(),
  };
}
