/** The desktop app, put together. Reads from top to bottom: one instance, guards, gateway, tray, windows, quit. */
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { app, dialog, nativeTheme, shell } from 'electron';
import { dataDirectory, keepOutOfDumps } from '../proxy/index.js';
import { decide, perform } from './acts.js';
import { setLaunchAtLogin } from './autostart/index.js';
import { registerScheme, serveScheme } from './bridge/index.js';
import { Desktop } from './desktop.js';
import { createSupervisor, forkHost } from './gateway/index.js';
import { linuxNotifier, nativeNotifier } from './notifications/index.js';
import { openKeychain } from './secrets/index.js';
import { enableSandbox, guardContents, guardSession } from './security/index.js';
import { beforeAnything, sayOnce } from './start/index.js';
import { type TrayCommand, TrayIconView, trayHostPresent } from './tray/index.js';
import { createUpdateCheck } from './updates/index.js';
import { ConsoleWindow, downloadsFolder, keepDownloads } from './windows/index.js';

const here = dirname(fileURLToPath(import.meta.url)); // …/out/main
const root = join(here, '..', '..');
const directory = process.env.SALLYPORT_HOME ?? dataDirectory(process.env);
/** Signed-in persons and unlocked words are looked at this often. */
const CHECK_WORD_MS = 60_000;

const no = beforeAnything({
  root: process.getuid?.() === 0,
  packaged: app.isPackaged,
  platform: process.platform,
  env: process.env,
  headless: app.commandLine.hasSwitch('headless') || app.commandLine.hasSwitch('ozone-platform'),
});
if (no) {
  process.stderr.write(`${no.message}\n`);
  process.exit(no.code);
} else if (!app.requestSingleInstanceLock()) {
  // The first instance shows its window.
  app.exit(0);
} else run();

function run(): void {
  // The gateway is a child, and inherits it. Pages do not: they come from a process that is older than this line.
  void keepOutOfDumps().then((problem) => problem !== undefined && process.stderr.write(`${problem}\n`));
  enableSandbox();
  registerScheme();
  app.setAppUserModelId('io.sallyport.app');
  // A tray app goes on without windows.
  app.on('window-all-closed', () => {});
  // A top-level await of whenReady would deadlock an ES module main (electron/electron#41369).
  void app.whenReady().then(ready).catch(fail);
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
      // The first steps offer the demo; a person's own data directory does not begin with it.
      demo: false,
      ...(port ? { port: Number(port) } : {}),
    }),
    secret: (request) => keychain.answer(request),
    setTimer(run_, ms) {
      const timer = setTimeout(run_, ms);
      return () => clearTimeout(timer);
    },
    now: () => performance.now(),
  });
  const window = new ConsoleWindow(join(app.getPath('userData'), 'window.json'), join(root, 'assets', 'icon.png'));
  const tray = openTray(join(root, 'assets', 'tray'), (command) => void perform(desktop, command));
  const notifier = process.platform === 'linux' ? linuxNotifier() : nativeNotifier();
  const updates = createUpdateCheck(app.getVersion(), (version) => desktop.offer(version));
  const desktop: Desktop = new Desktop(
    {
      supervisor,
      tray,
      window,
      notifier,
      keychain,
      quit: () => app.quit(),
      say,
      preferences({ launchAtLogin, updates: wish }) {
        try {
          setLaunchAtLogin(launchAtLogin);
        } catch (error) {
          say('Starting at login could not be set', error instanceof Error ? error.message : String(error));
        }
        updates.wish(wish);
      },
    },
    (desktop_, approval, decision) =>
      void decide(desktop_, approval, decision).catch((error: Error) => say('That did not work', error.message)),
  );
  serveScheme(join(root, 'out', 'renderer'), () => desktop.door());
  keepDownloads(() => downloadsFolder(app.getPath('downloads'), app.getPath('home')), {
    saved,
    failed: (path) => say('The file could not be saved', `${path}: is there room, and may you write there?`),
  });
  nativeTheme.on('updated', () => desktop.draw());
  app.on('second-instance', () => window.show());
  app.on('activate', () => window.show());
  const checking = setInterval(() => void desktop.checkWord().catch(() => {}), CHECK_WORD_MS);
  quitProperly(async () => {
    clearInterval(checking);
    window.close();
    await supervisor.stop();
    desktop.close();
    tray?.destroy();
    // Node would wait for the keychain's thread, so for as long as nobody answers the system's dialog. All is closed by now.
    if (keychain.waits) process.kill(process.pid, 'SIGKILL');
  });
  supervisor.start();
  const hidden = process.argv.includes('--hidden');
  if (!hidden) window.show();
  if ((await trayHostPresent()) !== true) {
    // Without an icon the window is all there is, so it is shown; the sentence is said once.
    if (hidden) window.show();
    if (sayOnce(join(app.getPath('userData'), 'said.json'), 'no-tray'))
      say(
        'This desktop shows no tray icons',
        'Sallyport goes on in the background when its window is closed. Start it again to open the window. For an icon, install an extension or panel that shows StatusNotifierItem icons (GNOME: "AppIndicator and KStatusNotifierItem Support").',
      );
  }
}

function openTray(icons: string, run_: (command: TrayCommand) => void): TrayIconView | undefined {
  try {
    return new TrayIconView(icons, run_);
  } catch {
    // No tray on this desktop: the window stays reachable by starting the app again.
    return undefined;
  }
}

/** Not modal: a dialog that blocks would stop the gateway's questions to the keychain. */
function say(title: string, detail: string): void {
  process.stderr.write(`Sallyport: ${title}: ${detail}\n`);
  void dialog.showMessageBox({ type: 'warning', title: 'Sallyport', message: title, detail, buttons: ['OK'] }).catch(() => {});
}

/** Says where a file went; the file manager shows it where wanted. */
function saved(path: string): void {
  void dialog
    .showMessageBox({ type: 'info', title: 'Sallyport', message: 'Saved', detail: path, buttons: ['OK', 'Show in folder'] })
    .then(({ response }) => response === 1 && shell.showItemInFolder(path))
    .catch(() => {});
}

/** Streams are drained and the ledger is sealed before the app ends. */
function quitProperly(close: () => Promise<void>): void {
  let closed = false;
  let closing = false;
  app.on('before-quit', (event) => {
    if (closed) return;
    event.preventDefault();
    if (closing) return;
    closing = true;
    void close()
      .catch(() => {})
      .then(() => {
        closed = true;
        app.quit();
      });
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => app.quit());
}

function fail(error: unknown): void {
  process.stderr.write(`Sallyport cannot start: ${error instanceof Error ? error.message : String(error)}\n`);
  dialog.showErrorBox('Sallyport cannot start', error instanceof Error ? error.message : String(error));
  app.exit(1);
}
