/**
 * Updates are off by default and never silent: nothing is downloaded or installed. `check` only looks whether the channel has a newer
 * version and says so in the tray menu. The channel is the address in SALLYPORT_UPDATES;
 * without one there is nothing to ask.
 */
import { net } from 'electron';
import { updateChannel } from './channel.js';
import { checkForUpdate } from './check.js';

const FIRST_MS = 10_000;
const EVERY_MS = 24 * 3_600_000;

/** @param found called with the newer version, or undefined when there is none (any more) */
export function createUpdateCheck(current: string, found: (version: string | undefined) => void): { wish(wish: 'off' | 'check'): void } {
  let timer: NodeJS.Timeout | undefined;
  const look = async (): Promise<void> => {
    timer = setTimeout(() => void look(), EVERY_MS);
    const newer = await checkForUpdate(updateChannel(process.env), current, (url) => load(url)).catch(() => undefined);
    found(newer);
  };
  return {
    wish(wish) {
      if (wish === 'off') {
        if (timer) found(undefined);
        clearTimeout(timer);
        timer = undefined;
      } else timer ??= setTimeout(() => void look(), FIRST_MS);
    },
  };
}

async function load(url: string): Promise<unknown> {
  const answer = await net.fetch(url, { redirect: 'error', credentials: 'omit', signal: AbortSignal.timeout(10_000) });
  if (!answer.ok) throw new Error(`The update channel answered ${answer.status}.`);
  return answer.json();
}
