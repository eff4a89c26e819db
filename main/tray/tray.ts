import { join } from 'node:path';
import { Menu, type MenuItemConstructorOptions, nativeImage, nativeTheme, Tray } from 'electron';
import type { TrayCommand, TrayItem, TrayModel } from './model.js';

/** Draws a {@link TrayModel}. Keep the instance referenced: a collected tray vanishes. */
export class TrayIconView {
  private readonly tray: Tray;
  private shown = '';
  constructor(
    private readonly icons: string,
    private readonly run: (command: TrayCommand) => void,
  ) {
    this.tray = new Tray(this.image('idle'));
    // Not every desktop sends clicks; the menu has an entry for everything.
    this.tray.on('click', () => this.run({ do: 'open' }));
  }

  show(model: TrayModel): void {
    // Menu ids change at each setContextMenu and an open menu closes: only when something changed.
    const next = JSON.stringify([model, nativeTheme.shouldUseDarkColors]);
    if (next === this.shown) return;
    this.shown = next;
    this.tray.setImage(this.image(model.icon));
    this.tray.setToolTip(model.tooltip);
    if (process.platform === 'darwin') this.tray.setTitle(model.count > 0 ? ` ${model.count}` : '');
    this.tray.setContextMenu(Menu.buildFromTemplate(model.items.map((item) => this.item(item))));
  }

  destroy(): void {
    this.tray.destroy();
  }

  private item(item: TrayItem): MenuItemConstructorOptions {
    if ('type' in item) return { type: 'separator' };
    const { command } = item;
    return {
      label: item.label,
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
