import type { UpdateChannel } from './check.js';

/** Where to ask for the newest version: SALLYPORT_UPDATES, an https address. There is no default: updates are off. */
export function updateChannel(env: Record<string, string | undefined>): UpdateChannel | undefined {
  const url = env.SALLYPORT_UPDATES;
  return url?.startsWith('https://') ? { url } : undefined;
}
