import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { BrowserWindow, nativeTheme, screen } from 'electron';
import { CONSOLE_ORIGIN, WEB_PREFERENCES } from '../security/index.js';
import { reloadPlan } from './reloads.js';

interface Bounds {
  x?: number;
  y?: number;
  width: number;
  height: number;
}

/** The console window: one, shown at a screen of the console (`/sessions`, `/approvals/ap_…`). Closing hides nothing but the window. */
export class ConsoleWindow {
  private window: BrowserWindow | undefined;
  constructor(
    private readonly stateFile: string,
    private readonly icon: string,
  ) {}

  /** Without a path an open window stays where it is. */
  show(path?: string): void {
    const window = this.window ?? this.open();
    const target = `${CONSOLE_ORIGIN}/#${path ?? '/'}`;
    if (window.webContents.getURL() === '' || window.webContents.isCrashed()) void window.loadURL(target).catch(() => {});
    else if (path !== undefined)
      void window.webContents
        .executeJavaScript(`location.hash = ${JSON.stringify(`#${path}`)}; 0`)
        .catch(() => void window.loadURL(target));
    if (window.isMinimized()) window.restore();
    window.show();
    window.focus();
  }

  get visible(): boolean {
    return this.window?.isVisible() ?? false;
  }

  close(): void {
    this.window?.destroy();
  }

  private open(): BrowserWindow {
    const bounds = this.readBounds();
    const window = new BrowserWindow({
      ...bounds,
      minWidth: 720,
      minHeight: 480,
      show: false,
      title: 'Sallyport',
      icon: this.icon,
      autoHideMenuBar: true,
      backgroundColor: nativeTheme.shouldUseDarkColors ? '#14171c' : '#f7f7f5',
      webPreferences: WEB_PREFERENCES,
    });
    this.window = window;
    window.on('close', () => this.writeBounds(window.getNormalBounds()));
    window.on('closed', () => {
      this.window = undefined;
    });
    // Nothing depends on the page: it is loaded again, and closed where it keeps crashing; the tray opens a new one.
    const plan = reloadPlan(() => performance.now());
    window.webContents.on('render-process-gone', (_event, details) => {
      if (details.reason === 'clean-exit' || window.isDestroyed()) return;
      const inMs = plan();
      if (inMs === undefined) window.destroy();
      else setTimeout(() => !window.isDestroyed() && window.reload(), inMs);
    });
    return window;
  }

  private readBounds(): Bounds {
    try {
      const saved = JSON.parse(readFileSync(this.stateFile, 'utf8')) as Bounds;
      const area = screen.getDisplayMatching({ x: saved.x ?? 0, y: saved.y ?? 0, width: saved.width, height: saved.height }).workArea;
      const inside =
        saved.x !== undefined &&
        saved.y !== undefined &&
        saved.x >= area.x &&
        saved.y >= area.y &&
        saved.x < area.x + area.width &&
        saved.y < area.y + area.height;
      return inside ? saved : { width: saved.width, height: saved.height };
    } catch {
      return { width: 1180, height: 780 };
    }
  }

  private writeBounds(bounds: Bounds): void {
    try {
      if (!existsSync(dirname(this.stateFile))) mkdirSync(dirname(this.stateFile), { recursive: true });
      writeFileSync(this.stateFile, JSON.stringify(bounds));
    } catch {
      // The place of a window is not worth a message.
    }
  }
}
