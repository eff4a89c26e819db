/** The desktop app, put together. Reads from top to bottom: one instance, guards, gateway, tray, windows, quit. */
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { app, dialog, nativeTheme } from 'electron';
import { dataDirectory } from '../proxy/index.js';
import { registerScheme, serveScheme } from './bridge/index.js';
import { Desktop } from './desktop.js';
import { createSupervisor, forkHost } from './gateway/index.js';
import { linuxNotifier, nativeNotifier } from './notifications/index.js';
import { openKeychain } from './secrets/index.js';
import { enableSandbox, guardContents, guardSession } from './security/index.js';
import { TrayIconView, trayHostPresent } from './tray/index.js';
import { ConsoleWindow } from './windows/index.js';

const here = dirname(fileURLToPath(import.meta.url)); // …/out/main
const root = join(here, '..', '..');
const directory = process.env.SALLYPORT_HOME ?? dataDirectory(process.env);

if (process.getuid?.() === 0 && app.isPackaged) {
  process.stderr.write(
    'Sallyport does not run as root: its sandbox would be off. Start it as an ordinary user, or use `sallyport serve` on a server.\n',
  );
  process.exit(1);
}
if (!app.requestSingleInstanceLock()) app.quit();
else run();

function run(): void {
  enableSandbox();
  registerScheme();
  app.setAppUserModelId('io.sallyport.app');
  // A tray app goes on without windows.
  app.on('window-all-closed', () => {});
  // A top-level await of whenReady would deadlock an ES module main (electron/electron#41369).
  void app.whenReady().then(ready, fail);
}

async function ready(): Promise<void> {
  guardSession();
  guardContents();
  const keychain = openKeychain(directory);
  const port = process.env.SALLYPORT_PORT;
  const supervisor = createSupervisor({
    fork: () => forkHost(join(root, 'out', 'proxy', 'host.js')),
    startMessage: async () => ({
      type: 'start',
      directory,
      version: app.getVersion(),
      secrets: await keychain.describe(),
      demo: true,
      ...(port ? { port: Number(port) } : {}),
    }),
    secret: (request) => keychain.answer(request),
    setTimer(run_, ms) {
      const timer = setTimeout(run_, ms);
      return () => clearTimeout(timer);
    },
    now: () => performance.now(),
  });
  const icons = join(root, 'assets', 'tray');
  const window = new ConsoleWindow(join(app.getPath('userData'), 'window.json'), join(root, 'assets', 'icon.png'));
  const tray = openTray(icons, (command) => void desktop.run(command));
  const notifier = process.platform === 'linux' ? await linuxNotifier() : nativeNotifier();
  const desktop = new Desktop({ supervisor, tray, window, notifier, quit: () => app.quit() });
  serveScheme(join(root, 'out', 'renderer'), () => desktop.door());
  nativeTheme.on('updated', () => void desktop.redraw());
  app.on('second-instance', () => window.show('/'));
  app.on('activate', () => window.show('/'));
  quitProperly(async () => {
    window.close();
    await supervisor.stop();
    desktop.close();
    tray?.destroy();
  });
  supervisor.start();
  if (!process.argv.includes('--hidden')) window.show('/');
  else if ((await trayHostPresent()) === false) window.show('/settings/no-tray');
}

function openTray(icons: string, run_: (command: import('./tray/index.js').TrayCommand) => void): TrayIconView | undefined {
  try {
    return new TrayIconView(icons, run_);
  } catch {
    // No tray on this desktop: the window stays reachable by starting the app again.
    return undefined;
  }
}

/** Streams are drained and the ledger is sealed before the app ends. */
function quitProperly(close: () => Promise<void>): void {
  let closed = false;
  app.on('before-quit', (event) => {
    if (closed) return;
    event.preventDefault();
    void close()
      .catch(() => {})
      .then(() => {
        closed = true;
        app.quit();
      });
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => app.quit());
}

function fail(error: unknown): void {
  dialog.showErrorBox('Sallyport cannot start', error instanceof Error ? error.message : String(error));
  app.exit(1);
}
