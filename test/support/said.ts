import type { DesktopApp } from './desktop-app.js';

export interface Said {
  message: string;
  detail: string;
}

/** From now on what the app says in a dialog is kept instead of shown; nobody presses its buttons. */
export async function readDialogs(desk: DesktopApp): Promise<() => Promise<Said[]>> {
  await desk.app.evaluate(({ dialog }) => {
    const all = globalThis as unknown as { said: { message: string; detail: string }[] };
    all.said = [];
    dialog.showMessageBox = (async (options: { message: string; detail?: string }) => {
      all.said.push({ message: options.message, detail: options.detail ?? '' });
      return { response: 0, checkboxChecked: false };
    }) as typeof dialog.showMessageBox;
  });
  return () => desk.app.evaluate(() => (globalThis as unknown as { said: { message: string; detail: string }[] }).said);
}
