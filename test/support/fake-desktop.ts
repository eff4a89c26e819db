import dbus from 'dbus-native';
import { connectTo } from './desktop-bus.js';
import { until } from './until.js';

export interface ShownNotification {
  id: number;
  summary: string;
  body: string;
  actions: string[];
  hints: Record<string, unknown>;
}

export interface TrayMenuItem {
  id: number;
  label: string;
  type?: string;
  enabled: boolean;
  checked?: boolean;
}

/** What a desktop gives an app on its session bus: a notification server whose buttons the test presses, and a tray that it reads. */
export interface FakeDesktop {
  /** Standing notifications. */
  readonly shown: ReadonlyMap<number, ShownNotification>;
  /** The next one (or one that stands) whose title matches. */
  notification(title: RegExp): Promise<ShownNotification>;
  press(id: number, key: string): void;
  /** Swiped away. */
  dismiss(id: number): void;
  tray: {
    /** Waits for the icon to be there, and for `condition` on its menu. */
    menu(condition?: (items: TrayMenuItem[]) => boolean): Promise<TrayMenuItem[]>;
    click(label: RegExp): Promise<void>;
    /** A left click on the icon. */
    activate(): Promise<void>;
    tooltip(): Promise<string>;
    registered(): number;
  };
  close(): void;
}

const { Variant, defineInterface, toPlain, variantValue } = dbus as any;

/** `tray: false`: a desktop without a tray host; `notifications: false`: without a notification server. */
export async function fakeDesktop(address: string, has: { tray?: boolean; notifications?: boolean } = {}): Promise<FakeDesktop> {
  const bus = connectTo(address);
  const shown = new Map<number, ShownNotification>();
  let last = 0;
  const server = defineInterface({
    name: 'org.freedesktop.Notifications',
    methods: {
      Notify: {
        in: { app: 's', replaces: 'u', icon: 's', summary: 's', body: 's', actions: 'as', hints: 'a{sv}', timeout: 'i' },
        out: { id: 'u' },
        handler: (n: any) => {
          const id = n.replaces || ++last;
          shown.set(id, { id, summary: n.summary, body: n.body, actions: n.actions, hints: n.hints });
          return id;
        },
      },
      CloseNotification: {
        in: { id: 'u' },
        handler: ({ id }: { id: number }) => {
          if (shown.delete(id)) server.emit.NotificationClosed(id, 3);
        },
      },
      GetCapabilities: { out: { caps: 'as' }, handler: () => ['actions', 'body', 'persistence'] },
      GetServerInformation: {
        out: { name: 's', vendor: 's', version: 's', spec: 's' },
        handler: () => ({ name: 'fake', vendor: 'test', version: '0', spec: '1.2' }),
      },
    },
    signals: { ActionInvoked: { args: { id: 'u', key: 's' } }, NotificationClosed: { args: { id: 'u', reason: 'u' } } },
  });
  if (has.notifications !== false) {
    await bus.export('/org/freedesktop/Notifications', server);
    await bus.requestName('org.freedesktop.Notifications', 0);
  }

  const icons: { sender: string; path: string }[] = [];
  const watcher = defineInterface({
    name: 'org.kde.StatusNotifierWatcher',
    methods: {
      RegisterStatusNotifierItem: {
        in: { service: 's' },
        handler: ({ service }: { service: string }, { sender }: { sender: string }) => {
          icons.push({ sender, path: service.includes('/') ? service.slice(service.indexOf('/')) : '/StatusNotifierItem' });
        },
      },
      RegisterStatusNotifierHost: { in: { service: 's' }, handler: () => {} },
    },
    properties: {
      IsStatusNotifierHostRegistered: { type: 'b', get: () => true },
      ProtocolVersion: { type: 'i', get: () => 0 },
      RegisteredStatusNotifierItems: { type: 'as', get: () => icons.map((i) => i.sender + i.path) },
    },
    signals: {
      StatusNotifierItemRegistered: { args: { s: 's' } },
      StatusNotifierItemUnregistered: { args: { s: 's' } },
      StatusNotifierHostRegistered: {},
    },
  });
  if (has.tray !== false) {
    await bus.export('/StatusNotifierWatcher', watcher);
    await bus.requestName('org.kde.StatusNotifierWatcher', 0);
  }
  const invoke = (path: string, on: string, member: string, signature: string, body: unknown[]): Promise<any> => {
    const icon = icons.at(-1);
    if (!icon) throw new Error('there is no tray icon');
    return bus.invoke({ destination: icon.sender, path, interface: on, member, signature, body });
  };
  const properties = async (): Promise<any> =>
    toPlain(await invoke(icons.at(-1)!.path, 'org.freedesktop.DBus.Properties', 'GetAll', 's', ['org.kde.StatusNotifierItem']));
  const readMenu = async (): Promise<{ path: string; items: TrayMenuItem[] }> => {
    const path = (await properties()).Menu as string;
    // Lazy toolkits fill a submenu when it is about to be shown.
    await invoke(path, 'com.canonical.dbusmenu', 'AboutToShow', 'i', [0]).catch(() => undefined);
    const [, root] = await invoke(path, 'com.canonical.dbusmenu', 'GetLayout', 'iias', [0, -1, []]);
    const flat = (node: any): TrayMenuItem[] => {
      const [id, raw, children] = node;
      const p = toPlain(raw) as Record<string, any>;
      const item: TrayMenuItem = {
        id,
        label: String(p['label'] ?? '')
          .replaceAll('__', '\0')
          .replaceAll('_', '')
          .replaceAll('\0', '_'),
        ...(p['type'] ? { type: p['type'] } : {}),
        enabled: p['enabled'] !== false,
        ...(p['toggle-type'] ? { checked: p['toggle-state'] === 1 } : {}),
      };
      return [item, ...(children ?? []).flatMap((c: any) => flat(variantValue(c)))];
    };
    return { path, items: flat(root).slice(1) };
  };

  return {
    shown,
    notification: (title) => until(() => [...shown.values()].find((n) => title.test(n.summary)), `a notification ${title}`),
    press(id, key) {
      server.emit.ActionInvoked(id, key);
      shown.delete(id);
      server.emit.NotificationClosed(id, 2);
    },
    dismiss(id) {
      shown.delete(id);
      server.emit.NotificationClosed(id, 2);
    },
    tray: {
      async menu(condition = () => true) {
        let seen: TrayMenuItem[] = [];
        return until(
          async () => {
            seen = icons.length > 0 ? (await readMenu().catch(() => ({ items: [] as TrayMenuItem[] }))).items : [];
            return seen.length > 0 && condition(seen) ? seen : undefined;
          },
          () => `the tray menu as expected; it is: ${seen.map((i) => i.label || i.type).join(' | ')}`,
        );
      },
      async click(label) {
        // Ids change whenever the menu does: read and click at once.
        await until(async () => {
          const { path, items } = await readMenu();
          const item = items.find((i) => label.test(i.label) && i.enabled);
          if (!item) return undefined;
          await invoke(path, 'com.canonical.dbusmenu', 'Event', 'isvu', [item.id, 'clicked', new Variant('s', ''), 0]);
          return true;
        }, `a menu item ${label}`);
      },
      activate: () => invoke(icons.at(-1)!.path, 'org.kde.StatusNotifierItem', 'Activate', 'ii', [0, 0]),
      tooltip: async () => JSON.stringify((await properties()).ToolTip),
      registered: () => icons.length,
    },
    close: () => bus.connection.end(),
  };
}
