import type { ControlApp } from './app.js';
import type { ConsoleOptions } from './console.js';
import type { ConsoleServer } from './types.js';

/** The console's server (console.ts), loaded only where a console is served: it brings express along. */
export async function serveConsole(app: ControlApp, options: ConsoleOptions = {}): Promise<ConsoleServer> {
  const console = await import('./console.js');
  return console.serveConsole(app, options);
}
