/**
 * Guards for Electron's security checklist (electronjs.org/docs/latest/tutorial/security, items in brackets).
 * What an attacker could do here: a recorded answer is shown in our window, so hostile text is the rule. It must never become code,
 * a navigation, a window, a permission or a network request.
 */
import { app, type Session, session, type WebPreferences } from 'electron';
import { isOurs } from './origin.js';

/** [2] no node, [3] isolation, [4] sandbox, [5] web security stays on, [8] no insecure content, [9] no experimental features, [11] no webview. */
export const WEB_PREFERENCES: WebPreferences = {
  nodeIntegration: false,
  nodeIntegrationInWorker: false,
  nodeIntegrationInSubFrames: false,
  contextIsolation: true,
  sandbox: true,
  webSecurity: true,
  allowRunningInsecureContent: false,
  experimentalFeatures: false,
  webviewTag: false,
  spellcheck: false,
  navigateOnDragDrop: false,
  safeDialogs: true,
};

/** Call before `ready`: [4] every renderer is sandboxed. Root cannot have a sandbox; that is only ever the case in development. */
export function enableSandbox(): void {
  if (app.commandLine.hasSwitch('no-sandbox') && !app.isPackaged) {
    process.stderr.write(
      'Sallyport: started with --no-sandbox, so the windows are NOT sandboxed. Use an ordinary user for anything but tests.\n',
    );
    return;
  }
  app.enableSandbox();
}

/** Call when ready. */
export function guardSession(target: Session = session.defaultSession): void {
  // [6] nothing may be asked of the user or used, but copying a text.
  target.setPermissionRequestHandler((_contents, permission, answer) => answer(permission === 'clipboard-sanitized-write'));
  target.setPermissionCheckHandler((_contents, permission) => permission === 'clipboard-sanitized-write');
  target.setDevicePermissionHandler(() => false);
  // [1] only our own content: everything that is not our scheme is cancelled before it leaves.
  target.webRequest.onBeforeRequest((details, answer) => answer({ cancel: !isOurs(details.url) && !isDevTools(details.url) }));
}

/** [13] no navigation away, [14] no new windows, [12] no webview options; for every page that is ever made. */
export function guardContents(): void {
  app.on('web-contents-created', (_event, contents) => {
    const stay = (event: { preventDefault(): void }, url?: string): void => {
      if (url === undefined || !isOurs(url)) event.preventDefault();
    };
    contents.on('will-navigate', (event) => stay(event, event.url));
    contents.on('will-redirect', (event) => stay(event, event.url));
    contents.on('will-frame-navigate', (event) => stay(event, event.url));
    contents.on('will-attach-webview', (event) => event.preventDefault());
    contents.setWindowOpenHandler(() => ({ action: 'deny' }));
  });
}

/** The developer tools of an unpackaged run are pages too. */
const isDevTools = (url: string): boolean => !app.isPackaged && url.startsWith('devtools://');
