import { join } from 'node:path';
import { Menu, type MenuItemConstructorOptions, nativeImage, nativeTheme, Tray } from 'electron';
import type { TrayCommand, TrayItem, TrayModel } from './model.js';

/** Draws a {@link TrayModel}. Keep the instance referenced: a collected tray vanishes. */
export class TrayIconView {
  private readonly tray: Tray;
  private readonly shown = new Map<string, string>();
  constructor(
    private readonly icons: string,
    private readonly run: (command: TrayCommand) => void,
  ) {
    this.tray = new Tray(this.image('idle'));
    // Not every desktop sends clicks; the menu has an entry for everything.
    this.tray.on('click', () => this.run({ do: 'open' }));
  }

  show(model: TrayModel): void {
    // An open menu closes when it is set anew: each part only where it changed.
    this.when('icon', [model.icon, nativeTheme.shouldUseDarkColors], () => this.tray.setImage(this.image(model.icon)));
    this.when('tooltip', model.tooltip, () => this.tray.setToolTip(model.tooltip));
    if (process.platform === 'darwin') this.when('title', model.count, () => this.tray.setTitle(model.count > 0 ? ` ${model.count}` : ''));
    this.when('items', model.items, () => this.tray.setContextMenu(Menu.buildFromTemplate(model.items.map((item) => this.item(item)))));
  }

  /** Everything is drawn anew next time: a check box has changed by itself although its act failed. */
  forget(): void {
    this.shown.clear();
  }

  private when(part: string, value: unknown, change: () => void): void {
    const next = JSON.stringify(value);
    if (this.shown.get(part) === next) return;
    this.shown.set(part, next);
    change();
  }

  destroy(): void {
    this.tray.destroy();
  }

  private item(item: TrayItem): MenuItemConstructorOptions {
    if ('type' in item) return { type: 'separator' };
    const { command } = item;
    return {
      // An ampersand would become a key.
      label: item.label.replaceAll('&', '&&'),
      ...(item.enabled === false ? { enabled: false } : {}),
      ...(item.checked === undefined ? {} : { type: 'checkbox' as const, checked: item.checked }),
      ...(item.submenu ? { submenu: item.submenu.map((sub) => this.item(sub)) } : {}),
      ...(command ? { click: () => this.run(command) } : {}),
    };
  }

  private image(icon: string): Electron.NativeImage {
    if (process.platform === 'darwin') {
      const image = nativeImage.createFromPath(join(this.icons, `${icon}Template.png`));
      image.setTemplateImage(true);
      return image;
    }
    // Panels are dark on most Linux desktops and by default on Windows; both variants are drawn.
    return nativeImage.createFromPath(
      join(this.icons, `${icon}-${nativeTheme.shouldUseDarkColors || process.platform === 'linux' ? 'dark' : 'light'}.png`),
    );
  }
}
