import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { _electron, type ElectronApplication, type Page } from 'playwright-core';
import type { Settings } from '../../proxy/contract/index.js';
import { defaultSettings } from '../../proxy/settings/index.js';
import { freePort, ROOT } from '../../scripts/demo/launch.js';
import { until } from './until.js';

/** The real desktop app, driven by Playwright, on a home and a profile of its own. */
export interface DesktopApp {
  app: ElectronApplication;
  home: string;
  profile: string;
  env: Record<string, string>;
  port: number;
  baseUrl: string;
  /** The console window; waits for it. */
  page(): Promise<Page>;
  /** Calls the control API as the page of the window does. */
  api<T = any>(method: string, path: string, body?: unknown): Promise<T>;
  /** Pid of the gateway's process. */
  gatewayPid(): Promise<number>;
  close(): Promise<void>;
}

export interface DesktopOptions {
  env: Record<string, string>;
  settings?: (settings: Settings) => void;
  args?: string[];
  /** Go on with what another run left. */
  home?: string;
  port?: number;
}

/** Programs of this test see nothing of the developer's own desktop. */
export function desktopEnv(home: string, more: Record<string, string>): Record<string, string> {
  const { PATH = '', DISPLAY = '', XAUTHORITY, LANG = 'C.UTF-8' } = process.env;
  return {
    PATH,
    DISPLAY,
    LANG,
    ...(XAUTHORITY ? { XAUTHORITY } : {}),
    HOME: home,
    SALLYPORT_HOME: join(home, 'sallyport'),
    XDG_CONFIG_HOME: join(home, 'config'),
    // The spell checker and the accessibility bus of the toolkit are of no use here.
    NO_AT_BRIDGE: '1',
    ...more,
  };
}

export async function startDesktop(options: DesktopOptions): Promise<DesktopApp> {
  const home = options.home ?? mkdtempSync(join(tmpdir(), 'sallyport-desktop-'));
  const port = options.port ?? (await freePort());
  const env = desktopEnv(home, options.env);
  const profile = join(home, 'profile');
  if (!options.home || options.settings) {
    const settings = defaultSettings();
    settings.listen.port = port;
    options.settings?.(settings);
    mkdirSync(join(home, 'sallyport'), { recursive: true, mode: 0o700 });
    writeFileSync(join(home, 'sallyport', 'settings.json'), JSON.stringify(settings), { mode: 0o600 });
  }
  const app = await _electron.launch({
    args: ['--disable-gpu', `--user-data-dir=${profile}`, ROOT, ...(options.args ?? [])],
    cwd: ROOT,
    env,
    timeout: 60_000,
  });
  app.process().stderr?.on('data', (d: Buffer) => process.env['DESKTOP_LOG'] && process.stderr.write(d));
  app.process().stdout?.on('data', (d: Buffer) => process.env['DESKTOP_LOG'] && process.stderr.write(d));
  const page = () => until(() => app.windows().find((w) => w.url().startsWith('app://sallyport') && !w.isClosed()), 'the console window');
  return {
    app,
    home,
    profile,
    env,
    port,
    baseUrl: `http://127.0.0.1:${port}`,
    page,
    async api(method, path, body) {
      const window = await page();
      const answer = await window.evaluate(
        async ([m, p, b]) => {
          const response = await fetch(p as string, {
            method: m as string,
            ...(b === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(b) }),
          });
          return { status: response.status, text: await response.text() };
        },
        [method, path, body] as const,
      );
      const value = answer.text === '' ? undefined : JSON.parse(answer.text);
      if (answer.status >= 400)
        throw Object.assign(new Error(`${method} ${path}: ${answer.status} ${answer.text}`), { code: value?.error?.code });
      return value;
    },
    gatewayPid: () =>
      until(
        () =>
          app.evaluate(
            ({ app: electron }) =>
              electron.getAppMetrics().find((m) => m.name === 'Sallyport gateway' || m.serviceName?.includes('Sallyport'))?.pid,
          ),
        'the gateway process',
      ),
    async close() {
      await app.evaluate(({ app: electron }) => electron.quit()).catch(() => {});
      await app.close().catch(() => {});
      if (!options.home) rmSync(home, { recursive: true, force: true });
    },
  };
}

/** Starts Electron without Playwright and waits for its end. */
export function runElectron(
  args: string[],
  env: Record<string, string>,
  timeoutMs = 60_000,
): Promise<{ code: number | null; output: string }> {
  const electron = createRequire(join(ROOT, 'package.json'))('electron') as unknown as string;
  return new Promise((resolve) => {
    const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
    const child = spawn(electron, [...asRoot, '--disable-gpu', ...args], {
      env,
      cwd: ROOT,
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: timeoutMs,
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (d: Buffer) => (output += d));
    child.once('close', (code) => resolve({ code, output }));
  });
}
