/**
 * Notifications over D-Bus (org.freedesktop.Notifications 1.2), because Electron draws no buttons on Linux in the versions we support.
 * What an attacker could do here: any program of this user can send signals on the bus and so press a button that nobody saw. Only
 * signals from the very connection that answered our Notify count, only for ids that it gave, only once; high-risk classes have no
 * button. (Who takes the place of the whole desktop is beyond this: see the threat model.)
 */
import dbus from 'dbus-native';
import type { Notifier, Shown } from './center.js';
import type { NotificationText } from './text.js';

const NAME = 'org.freedesktop.Notifications';
const PATH = '/org/freedesktop/Notifications';

interface Buttons {
  approve(): void;
  deny(): void;
  open(): void;
}

interface Server {
  show(text: NotificationText, on: Buttons): Promise<Shown>;
  readonly alive: boolean;
  end(): void;
}

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
}

interface Signal {
  sender?: string;
  interface?: string;
  member?: string;
  body?: unknown[];
}

interface Bus {
  connection: { on(e: 'error' | 'close', l: () => void): void; on(e: 'message', l: (message: Signal) => void): void; end(): void };
  getService(n: string): { getInterface(p: string, n: string): Promise<Interface> };
  getNameOwner(n: string): Promise<string>;
  addMatch(rule: string): Promise<void>;
}

/** Some servers render markup that they do not announce: it is always escaped. */
export const escapeMarkup = (text: string): string =>
  text.replace(/[&<>]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[c] as string);

/** Connects at the first notification, and again when bus or server went away; `show` rejects while there is none. */
export function linuxNotifier(options: { busAddress?: string } = {}): Notifier {
  let server: Promise<Server> | undefined;
  const connected = async (): Promise<Server> => {
    const now = await server?.catch(() => undefined);
    if (now?.alive) return now;
    server = connect(options);
    return server;
  };
  return {
    async show(text, on) {
      const first = await connected();
      return first.show(text, on).catch(async (error) => {
        // The server was started anew (its place on the bus is another), or is gone for good.
        first.end();
        server = undefined;
        const second = await connected().catch(() => Promise.reject(error));
        return second.show(text, on);
      });
    },
    close() {
      void server?.then((s) => s.end()).catch(() => {});
    },
  };
}

async function connect({ busAddress }: { busAddress?: string }): Promise<Server> {
  const bus = dbus.sessionBus({ timeout: 3_000, ...(busAddress ? { busAddress } : {}) } as never) as unknown as Bus;
  let alive = true;
  const lost = (): void => {
    alive = false;
  };
  bus.connection.on('error', lost);
  bus.connection.on('close', lost);
  const { Variant } = dbus as unknown as { Variant: new (t: string, v: unknown) => unknown };
  const mine = new Map<number, Buttons>();
  /** Presses that came in one piece with the answer to Notify, before we knew the id. */
  const early = new Map<number, unknown>();
  let asking = 0;
  try {
    // The first call starts the server where it can be started; from then on it is its connection that counts, not its name.
    await (await bus.getService(NAME).getInterface(PATH, NAME)).GetCapabilities();
    const owner = await bus.getNameOwner(NAME);
    const iface = await bus.getService(owner).getInterface(PATH, NAME);
    const canAct = (await iface.GetCapabilities()).includes('actions');
    const pressed = (id: number, key: unknown): void => {
      const on = mine.get(id);
      if (!on) {
        if (asking > 0) early.set(id, key);
        return;
      }
      if (key !== 'approve' && key !== 'deny') return on.open();
      mine.delete(id);
      on[key]();
      // Some servers leave it standing after a press.
      void iface.CloseNotification(id).catch(() => {});
    };
    bus.connection.on('message', (message) => {
      if (message.sender !== owner || message.interface !== NAME) return;
      const [id, second] = message.body ?? [];
      if (typeof id !== 'number') return;
      if (message.member === 'ActionInvoked') pressed(id, second);
      else if (message.member === 'NotificationClosed') mine.delete(id);
    });
    await bus.addMatch(`type='signal',sender='${owner}',interface='${NAME}',path='${PATH}'`);
    return {
      get alive() {
        return alive;
      },
      end: () => bus.connection.end(),
      async show(text, on) {
        if (!alive) throw new Error('The session bus is gone.');
        const actions = ['default', 'Open', ...(canAct ? ['deny', 'Deny', ...(text.canApprove ? ['approve', 'Approve once'] : [])] : [])];
        const hints = {
          urgency: new Variant('y', 2),
          'desktop-entry': new Variant('s', 'sallyport-desktop'),
        };
        asking++;
        let id: number;
        try {
          id = await iface.Notify('Sallyport', 0, 'sallyport-desktop', text.title, escapeMarkup(text.body), actions, hints, 0);
        } finally {
          asking--;
        }
        mine.set(id, on);
        const pressedAlready = early.get(id);
        if (asking === 0) early.clear();
        if (pressedAlready !== undefined) pressed(id, pressedAlready);
        return {
          close() {
            if (mine.delete(id)) void iface.CloseNotification(id).catch(() => {});
          },
        };
      },
    };
  } catch (error) {
    bus.connection.end();
    throw error;
  }
}
