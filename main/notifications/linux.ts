/**
 * Notifications over D-Bus (org.freedesktop.Notifications 1.2), because Electron draws no buttons on Linux in the versions we support.
 * Any program of this user can send signals on the bus; so only ids that came back from our own Notify count, and only once.
 */
import dbus from 'dbus-native';
import type { Notifier, Shown } from './center.js';
import type { NotificationText } from './text.js';

const NAME = 'org.freedesktop.Notifications';
const PATH = '/org/freedesktop/Notifications';

interface Interface {
  GetCapabilities(): Promise<string[]>;
  Notify(
    app: string,
    replaces: number,
    icon: string,
    summary: string,
    body: string,
    actions: string[],
    hints: Record<string, unknown>,
    timeout: number,
  ): Promise<number>;
  CloseNotification(id: number): Promise<void>;
  $subscribe(signal: string, listener: (...args: never[]) => void): Promise<void>;
}

/** Some servers render markup that they do not announce: it is always escaped. */
export const escapeMarkup = (text: string): string =>
  text.replace(/[&<>]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[c] as string);

/** Connects to the session bus. Answers a notifier that is not available when there is no bus or no server. */
export async function linuxNotifier(options: { onLost?(): void } = {}): Promise<Notifier> {
  try {
    return await connect(options);
  } catch {
    return { available: false, show: () => Promise.reject(new Error('no notification server')) };
  }
}

async function connect(options: { onLost?(): void }): Promise<Notifier> {
  const bus = dbus.sessionBus({ timeout: 3_000 } as never) as unknown as {
    connection: { on(e: string, l: () => void): void };
    getService(n: string): { getInterface(p: string, n: string): Promise<Interface> };
  };
  let alive = true;
  const lost = (): void => {
    if (!alive) return;
    alive = false;
    options.onLost?.();
  };
  bus.connection.on('error', lost);
  bus.connection.on('close', lost);
  const iface = await bus.getService(NAME).getInterface(PATH, NAME);
  const canAct = (await iface.GetCapabilities()).includes('actions');
  const mine = new Map<number, { approve(): void; deny(): void; open(): void }>();
  await iface.$subscribe('ActionInvoked', (id: number, key: string) => {
    const on = mine.get(id);
    if (!on) return;
    if (key === 'approve' || key === 'deny') {
      mine.delete(id);
      on[key]();
      // Some servers leave it standing after a press.
      void iface.CloseNotification(id).catch(() => {});
    } else on.open();
  });
  await iface.$subscribe('NotificationClosed', (id: number) => void mine.delete(id));
  return {
    get available() {
      return alive;
    },
    async show(text: NotificationText, on): Promise<Shown> {
      const actions = ['default', 'Open', ...(canAct ? ['deny', 'Deny', ...(text.canApprove ? ['approve', 'Approve once'] : [])] : [])];
      const hints = {
        urgency: new (dbus as unknown as { Variant: new (t: string, v: unknown) => unknown }).Variant('y', 2),
        'desktop-entry': new (dbus as unknown as { Variant: new (t: string, v: unknown) => unknown }).Variant('s', 'sallyport'),
      };
      const id = await iface.Notify('Sallyport', 0, 'sallyport', text.title, escapeMarkup(text.body), actions, hints, 0);
      mine.set(id, on);
      return {
        close() {
          if (mine.delete(id)) void iface.CloseNotification(id).catch(() => {});
        },
      };
    },
  };
}
