import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { GatewayStatus, Settings } from '../../proxy/contract/index.js';
import { ControlClient, readAddress } from '../../proxy/control/index.js';
import { defaultSettings } from '../../proxy/settings/index.js';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const CLI = join(ROOT, 'out/proxy/cli.js');

export interface Gateway {
  /** `http://127.0.0.1:PORT` */
  baseUrl: string;
  directory: string;
  pid: number;
  /** The environment that CLI verbs need to find this gateway. */
  env: Record<string, string>;
  /** Calls the control API, as a person who has unlocked it. */
  call<T = Record<string, unknown>>(method: string, path: string, body?: unknown): Promise<T>;
  /** The same without a person's capability. */
  callWithoutPerson<T = Record<string, unknown>>(method: string, path: string, body?: unknown): Promise<T>;
  events: ControlClient['events'];
  /** Runs a verb of the CLI on this gateway's data. */
  cli(
    args: string[],
    options?: { env?: Record<string, string>; timeoutMs?: number },
  ): Promise<{ code: number; stdout: string; stderr: string }>;
  /** All that it printed. */
  output(): string;
  signal(signal: NodeJS.Signals): void;
  exited: Promise<number | null>;
  /** Ends it in an orderly way; data stays until `remove`. */
  stop(): Promise<void>;
  remove(): void;
}

export interface LaunchOptions {
  /** Data directory; a throw-away one where absent. */
  directory?: string;
  settings?: (settings: Settings) => void;
  /** Policy files of the user, by name. */
  policies?: Record<string, string>;
  env?: Record<string, string>;
  args?: string[];
  /** Shell commands that the process is started behind, such as `ulimit`. */
  shell?: string;
  /** Another build's `sallyport` command. */
  cli?: string;
}

/** Of the local person of every gateway that is launched here; such a gateway is thrown away with its data. */
export const LOCAL_PASSPHRASE = 'correct horse of the demo';

/** A port that is free now. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

/** What a child needs of our environment, without anything that looks like a key. */
export function plainEnvironment(): Record<string, string> {
  const { PATH = '', LANG = 'C.UTF-8', TMPDIR } = process.env;
  return { PATH, LANG, ...(TMPDIR ? { TMPDIR } : {}) };
}

/** Starts the built product, `sallyport serve`, in a process and with a data directory of its own, and unlocks it as its local person. */
export async function launchGateway(options: LaunchOptions = {}): Promise<Gateway> {
  const own = options.directory === undefined;
  const directory = options.directory ?? mkdtempSync(join(tmpdir(), 'sallyport-'));
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const settings = defaultSettings();
  settings.listen.port = await freePort();
  options.settings?.(settings);
  for (const [name, source] of Object.entries(options.policies ?? {})) {
    mkdirSync(join(directory, 'policies'), { recursive: true, mode: 0o700 });
    writeFileSync(join(directory, 'policies', name), source, { mode: 0o600 });
    settings.policy.files.push(name);
  }
  if (own || options.settings) writeFileSync(join(directory, 'settings.json'), JSON.stringify(settings), { mode: 0o600 });
  const env = { ...plainEnvironment(), HOME: directory, SALLYPORT_HOME: directory, SALLYPORT_THROW_AWAY: '1', ...options.env };
  const command = [process.execPath, options.cli ?? CLI, 'serve', ...(options.args ?? [])];
  if (options.shell !== undefined) command.unshift('/bin/sh', '-c', `${options.shell}; exec "$0" "$@"`);
  const child: ChildProcess = spawn(command[0]!, command.slice(1), {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => {
      output += chunk;
    });
  const exited = once(child, 'exit').then(([code]) => code as number | null);
  const { client, status } = await ready(directory, child, () => output);
  const known = await client.call<{ passphraseSet: boolean }>('GET', '/api/persons/current');
  const { capability } = await client.call<{ capability: string }>(
    'POST',
    known.passphraseSet ? '/api/persons/unlock' : '/api/persons/passphrase',
    { body: { passphrase: LOCAL_PASSPHRASE } },
  );
  const call = <T>(method: string, path: string, body?: unknown, as?: string) =>
    client.call<T>(method, path, { ...(body === undefined ? {} : { body }), ...(as === undefined ? {} : { capability: as }) });
  return {
    baseUrl: status.baseUrl,
    directory,
    pid: child.pid ?? 0,
    env,
    call: (method, path, body) => call(method, path, body, capability),
    callWithoutPerson: (method, path, body) => call(method, path, body),
    events: (given) => client.events(given),
    cli: (args, given = {}) => runCli(args, { ...env, ...given.env }, given.timeoutMs),
    output: () => output,
    signal: (signal) => child.kill(signal),
    exited,
    async stop() {
      client.close();
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGTERM');
      const late = sleep(15_000, 'late', { ref: false });
      if ((await Promise.race([exited, late])) === 'late') child.kill('SIGKILL');
      await exited;
    },
    remove: () => rmSync(directory, { recursive: true, force: true }),
  };
}

async function ready(
  directory: string,
  child: ChildProcess,
  output: () => string,
): Promise<{ client: ControlClient; status: GatewayStatus }> {
  for (let waited = 0; waited < 60_000; waited += 50) {
    if (child.exitCode !== null || child.signalCode !== null) throw new Error(`the gateway ended with ${child.exitCode}:\n${output()}`);
    const address = readAddress(directory);
    if (address !== undefined && address.pid === child.pid) {
      const client = new ControlClient(address);
      const status = await client.call<GatewayStatus>('GET', '/api/status').catch(() => undefined);
      if (status?.state === 'listening') return { client, status };
      client.close();
    }
    await sleep(50);
  }
  child.kill('SIGKILL');
  throw new Error(`the gateway did not come up in 60 s:\n${output()}`);
}

function runCli(
  args: string[],
  env: Record<string, string>,
  timeoutMs = 60_000,
): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [CLI, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'], timeout: timeoutMs });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk: Buffer) => {
      stdout += chunk;
    });
    child.stderr.on('data', (chunk: Buffer) => {
      stderr += chunk;
    });
    child.once('close', (code) => resolve({ code: code ?? 1, stdout, stderr }));
  });
}
