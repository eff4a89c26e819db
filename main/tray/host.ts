import dbus from 'dbus-native';

/**
 * Is there something on this desktop that draws tray icons? Linux only: asks the StatusNotifierWatcher. `undefined`: cannot be asked.
 */
export async function trayHostPresent(): Promise<boolean | undefined> {
  if (process.platform !== 'linux') return true;
  try {
    const bus = dbus.sessionBus({ timeout: 2_000 } as never);
    // A bus that cannot be reached fails the call below; without a listener it would end the app.
    (bus as unknown as { connection: { on(e: string, l: () => void): void } }).connection.on('error', () => {});
    try {
      const call = bus as unknown as { invoke(m: Record<string, unknown>): Promise<unknown> };
      const value = await call.invoke({
        destination: 'org.kde.StatusNotifierWatcher',
        path: '/StatusNotifierWatcher',
        interface: 'org.freedesktop.DBus.Properties',
        member: 'Get',
        signature: 'ss',
        body: ['org.kde.StatusNotifierWatcher', 'IsStatusNotifierHostRegistered'],
      });
      const plain = (dbus as unknown as { toPlain(v: unknown): unknown }).toPlain(value);
      return plain === true;
    } finally {
      (bus as unknown as { connection: { end(): void } }).connection.end();
    }
  } catch (error) {
    // No such service, or (a stripped broker) nobody of that name.
    return /not provided|ServiceUnknown|NameHasNoOwner|no owner|does not exist/i.test(`${(error as { name?: string }).name} ${error}`)
      ? false
      : undefined;
  }
}
