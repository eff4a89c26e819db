export interface Circumstances {
  root: boolean;
  packaged: boolean;
  platform: NodeJS.Platform;
  env: Record<string, string | undefined>;
  /** Chromium was told how to draw without a display. */
  headless: boolean;
}

/** Why the desktop app does not start here, with what to do and the exit code; undefined: it does. Pure. */
export function beforeAnything(c: Circumstances): { message: string; code: number } | undefined {
  if (c.root && c.packaged)
    return {
      code: 77,
      message:
        'Sallyport does not run as root: its sandbox would be off. Start it as an ordinary user, or use `sallyport serve` on a server.',
    };
  if (c.platform === 'linux' && !c.headless && !c.env.DISPLAY && !c.env.WAYLAND_DISPLAY)
    return {
      code: 69,
      message:
        'Sallyport: there is no display (neither DISPLAY nor WAYLAND_DISPLAY is set), so there is no desktop to show a tray or a window on. Start it from a desktop session, or use `sallyport serve` (from a clone: npm start -- --headless), which serves the same console to a browser.',
    };
  return undefined;
}
