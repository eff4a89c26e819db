/** Start at login: the system's own list on macOS and Windows; an XDG autostart entry on Linux, where Electron has none. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { app } from 'electron';

export function setLaunchAtLogin(on: boolean): void {
  if (process.platform !== 'linux') {
    app.setLoginItemSettings({ openAtLogin: on, args: ['--hidden'] });
    return;
  }
  const file = join(process.env.XDG_CONFIG_HOME ?? join(homedir(), '.config'), 'autostart', 'sallyport.desktop');
  if (!on) {
    rmSync(file, { force: true });
    return;
  }
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, autostartEntry(process.env.APPIMAGE ?? process.execPath));
}

/** Desktop Entry Specification 1.5: quoting of Exec. Exported for its test. */
export function autostartEntry(program: string): string {
  const quoted = `"${program.replace(/["`$\\]/g, (c) => `\\${c}`)}"`;
  return `[Desktop Entry]\nType=Application\nName=Sallyport\nComment=A guarded door for LLM agents\nExec=${quoted} --hidden\nIcon=sallyport\nX-GNOME-Autostart-enabled=true\n`;
}
