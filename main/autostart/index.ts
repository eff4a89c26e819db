/** Start at login: the system's own list on macOS and Windows; an XDG autostart entry on Linux, where Electron has none. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { app } from 'electron';
import { autostartEntry } from './entry.js';

/** Brings the system's list in line with the setting. @throws Error of the file system (Linux) */
export function setLaunchAtLogin(on: boolean): void {
  if (process.platform !== 'linux') {
    if (app.getLoginItemSettings().openAtLogin !== on) app.setLoginItemSettings({ openAtLogin: on, args: ['--hidden'] });
    return;
  }
  const file = join(process.env.XDG_CONFIG_HOME ?? join(homedir(), '.config'), 'autostart', 'sallyport.desktop');
  if (!on) {
    rmSync(file, { force: true });
    return;
  }
  // An AppImage is mounted at another place each time; its file is what stays. Unpackaged, the app's folder is an argument.
  const entry = autostartEntry(process.env.APPIMAGE ?? process.execPath, app.isPackaged ? [] : [app.getAppPath()]);
  if (read(file) === entry) return;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, entry);
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
