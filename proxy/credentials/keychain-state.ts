import { createClient, type MessageBus, variantValue } from 'dbus-native';

/** What can be known of the OS keychain without ever showing a prompt. */
export type KeychainState = 'unlocked' | 'locked' | 'no-collection' | 'absent' | 'unsupported' | 'error';

const SERVICE = 'org.freedesktop.secrets';

/**
 * State of the keychain. On Linux the Secret Service is asked over D-Bus whether it runs (or can be started), has a default
 * collection, and whether that is locked: none of these calls prompts. macOS and Windows always have a keychain.
 */
export async function keychainState(
  options: { env?: Record<string, string | undefined>; platform?: NodeJS.Platform; timeoutMs?: number } = {},
): Promise<KeychainState> {
  const { env = process.env, platform = process.platform, timeoutMs = 3000 } = options;
  if (platform === 'darwin' || platform === 'win32') return 'unlocked';
  if (platform !== 'linux' && platform !== 'freebsd') return 'unsupported';
  const busAddress = env['DBUS_SESSION_BUS_ADDRESS'];
  if (!busAddress) return 'absent';
  let bus: MessageBus | undefined;
  let timer: NodeJS.Timeout | undefined;
  try {
    const failed = new Promise<KeychainState>((resolve) => {
      timer = setTimeout(() => resolve('error'), timeoutMs);
      bus = createClient({ busAddress });
      // A bus that cannot be reached is a machine without a session bus.
      bus.connection.on('error', () => resolve('absent'));
      bus.connection.on('end', () => resolve('error'));
    });
    return await Promise.race([ask(bus!, timeoutMs), failed]);
  } catch {
    return 'error';
  } finally {
    clearTimeout(timer);
    bus?.connection.end();
    // A bus that hangs never closes its end.
    bus?.connection.stream.destroy();
  }
}

async function ask(bus: MessageBus, timeout: number): Promise<KeychainState> {
  const call = (destination: string, path: string, on: string, member: string, signature?: string, body?: unknown[]) =>
    bus.invoke({ destination, path, interface: on, member, ...(signature ? { signature, body } : {}) }, { timeout });
  const daemon = ['org.freedesktop.DBus', '/org/freedesktop/DBus', 'org.freedesktop.DBus'] as const;
  if (!(await call(...daemon, 'NameHasOwner', 's', [SERVICE]))) {
    const startable: string[] = await call(...daemon, 'ListActivatableNames');
    if (!startable.includes(SERVICE)) return 'absent';
  }
  const collection: string = await call(SERVICE, '/org/freedesktop/secrets', 'org.freedesktop.Secret.Service', 'ReadAlias', 's', [
    'default',
  ]);
  if (collection === '/') return 'no-collection';
  const locked = await call(SERVICE, collection, 'org.freedesktop.DBus.Properties', 'Get', 'ss', [
    'org.freedesktop.Secret.Collection',
    'Locked',
  ]);
  return variantValue<boolean>(locked) ? 'locked' : 'unlocked';
}
