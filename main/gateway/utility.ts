import { utilityProcess } from 'electron';
import type { HostMessage } from '../../proxy/index.js';
import type { HostProcess } from './supervisor.js';

/** What would change how the child loads code, or is for this process alone. */
const NOT_HANDED_ON = /^(?:NODE_|ELECTRON_|LD_|DYLD_|CHROME_|VSCODE_|PLAYWRIGHT_)/;

/** Electron's own kind of child process: works with the `runAsNode` fuse off, and dies with the app. */
export function forkHost(hostFile: string): HostProcess {
  // Credentials may be `env:NAME` or a command, so the child sees what a command of this person would see.
  const env: Record<string, string> = {};
  for (const [name, value] of Object.entries(process.env)) if (value !== undefined && !NOT_HANDED_ON.test(name)) env[name] = value;
  if (process.env.NODE_EXTRA_CA_CERTS) env.NODE_EXTRA_CA_CERTS = process.env.NODE_EXTRA_CA_CERTS;
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
    kill() {
      // Its own `kill` asks with SIGTERM, which a stopped process does not hear, and does nothing before the child has spawned.
      if (child.pid === undefined) child.once('spawn', () => end(child.pid));
      else end(child.pid);
    },
  };
}

function end(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended by itself; its exit is on the way.
  }
}
