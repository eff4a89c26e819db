import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import dbus from 'dbus-native';

/** A session bus of its own, with nobody on it who was not asked for. */
export interface SessionBus {
  address: string;
  /** What a program on this bus needs in its environment. */
  env: Record<string, string>;
  /** Locks the default collection of the keyring, as a desktop does that logged in without its password. */
  lock(): Promise<void>;
  close(): Promise<void>;
}

/** The broker of dbus-native in this process: no daemon, no Debian package. */
export async function brokerBus(): Promise<SessionBus> {
  const broker = (dbus as any).createBroker();
  const address: string = await new Promise((resolve, reject) =>
    broker.listen((error: Error | null, a: string) => (error ? reject(error) : resolve(a))),
  );
  return {
    address,
    env: { DBUS_SESSION_BUS_ADDRESS: address },
    lock: () => Promise.reject(new Error('no keyring')),
    close: () => new Promise((resolve) => broker.close(() => resolve())),
  };
}

/** Password of the keyring that `daemonBus` unlocks. */
export const KEYRING_PASSWORD = 'test-password';
/** GNOME's own dialog that asks for it. */
export const PROMPTER = '/usr/libexec/gcr-prompter';

/**
 * A real dbus-daemon without service files; `keyring`: with a gnome-keyring on it, unlocked, or without any collection. `prompter`: with
 * the program that shows its password dialog, on the display of the test.
 */
export async function daemonBus(keyring?: 'unlocked' | 'no-collection', { prompter = false } = {}): Promise<SessionBus> {
  const home = mkdtempSync(join(tmpdir(), 'sallyport-bus-'));
  const config = join(home, 'bus.conf');
  const policy =
    '<policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/></policy>';
  writeFileSync(
    config,
    `<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN" "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd"><busconfig><type>session</type><listen>unix:path=${join(home, 'bus')}</listen><auth>EXTERNAL</auth>${policy}</busconfig>`,
  );
  const children: ChildProcess[] = [];
  const closing: (() => void)[] = [];
  const daemon = spawn('dbus-daemon', [`--config-file=${config}`, '--nofork', '--print-address'], { stdio: ['ignore', 'pipe', 'ignore'] });
  children.push(daemon);
  const [address] = (await once(createInterface({ input: daemon.stdout! }), 'line')) as [string];
  const env: Record<string, string> = { DBUS_SESSION_BUS_ADDRESS: address };
  if (keyring) {
    for (const name of ['data', 'run', 'cache']) mkdirSync(join(home, name), { mode: 0o700 });
    Object.assign(env, { XDG_DATA_HOME: join(home, 'data'), XDG_RUNTIME_DIR: join(home, 'run'), XDG_CACHE_HOME: join(home, 'cache') });
    const child = spawn('gnome-keyring-daemon', ['--foreground', '--components=secrets', ...(keyring === 'unlocked' ? ['--unlock'] : [])], {
      env: { PATH: process.env['PATH'] ?? '', HOME: home, ...env },
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    children.push(child);
    child.stdin?.end(keyring === 'unlocked' ? KEYRING_PASSWORD : '');
    await owned(address, 'org.freedesktop.secrets');
  }
  if (prompter) {
    const { PATH = '', DISPLAY = '', XAUTHORITY } = process.env;
    // Started by the bus on a desktop; it ends by itself when nobody wants it for a while, so it is started whenever it has ended.
    let ended = false;
    const start = (): void => {
      const child = spawn(PROMPTER, [], {
        env: { PATH, DISPLAY, HOME: home, ...(XAUTHORITY ? { XAUTHORITY } : {}), NO_AT_BRIDGE: '1', ...env },
        stdio: 'ignore',
      });
      children.push(child);
      child.once('exit', () => ended || start());
      closing.push(() => {
        ended = true;
      });
    };
    start();
    await owned(address, 'org.gnome.keyring.SystemPrompter');
  }
  return {
    address,
    env,
    async lock() {
      const bus = connectTo(address);
      const service = {
        destination: 'org.freedesktop.secrets',
        path: '/org/freedesktop/secrets',
        interface: 'org.freedesktop.Secret.Service',
      };
      const collection: string = await bus.invoke({ ...service, member: 'ReadAlias', signature: 's', body: ['default'] });
      await bus.invoke({ ...service, member: 'Lock', signature: 'ao', body: [[collection]] });
      bus.connection.end();
    },
    async close() {
      for (const one of closing) one();
      for (const child of children.reverse()) {
        child.kill();
        if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
      }
      rmSync(home, { recursive: true, force: true });
    },
  };
}

/** A connection of the test's own. */
export const connectTo = (address: string): any => (dbus as any).sessionBus({ busAddress: address });

async function owned(address: string, name: string): Promise<void> {
  const bus = connectTo(address);
  try {
    for (let tries = 0; tries < 200; tries++) {
      const there = await bus.getNameOwner(name).catch(() => undefined);
      if (there) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error(`nobody took the name ${name}`);
  } finally {
    bus.connection.end();
  }
}
