/** The ledger itself, for reading verbs while no gateway runs. Nothing here writes. */
import { existsSync } from 'node:fs';
import { SallyportError } from '../contract/index.js';
import { replayData } from '../control/replay.js';
import { createSecretStore } from '../credentials/index.js';
import { exportSessions, headCopies, ledgerPaths, openReader, verifyLedger } from '../ledger/index.js';
import { loadSettings } from '../settings/index.js';
import type { Context } from './context.js';
import type { Reading } from './reading.js';

/** `heads`: further copies of heads for `verify`. @throws SallyportError not_found when nothing was ever recorded there */
export async function fromDisk(ctx: Context, heads: string[] = []): Promise<Reading> {
  if (!existsSync(ledgerPaths(ctx.directory).segments)) {
    throw new SallyportError(
      'not_found',
      `Nothing was recorded in ${ctx.directory}. Another data directory is named with --data, the demo's with --demo.`,
    );
  }
  const ask = ctx.io.ask;
  const secrets = await createSecretStore({
    directory: ctx.directory,
    env: ctx.io.env,
    ...(ask === undefined ? {} : { consent: { passphrase: () => ask('Passphrase of the key store: ', { secret: true }) } }),
  });
  const reader = await openReader({ directory: ctx.directory, secrets });
  return {
    live: false,
    sessions: (query) => reader.sessions(query),
    session: (id) => reader.session(id),
    exchange: (id) => reader.exchange(id),
    replay: (id, from) => replayData(reader, id, from),
    verify: async ({ from, to, session }, { onProgress, signal }) =>
      verifyLedger(ctx.directory, {
        headFiles: [...headCopies((await loadSettings(ctx.directory)).settings.ledger.heads), ...heads],
        ...(from === undefined ? {} : { from }),
        ...(to === undefined ? {} : { to }),
        ...(session === undefined ? {} : { session }),
        secrets,
        signal,
        onProgress: ({ bytes, totalBytes }) => onProgress({ done: bytes, total: totalBytes }),
      }),
    async export(input) {
      if (input.originals === true) {
        throw new SallyportError('invalid', 'Originals are exported only while the gateway runs, because the act must be recorded.');
      }
      const clock = { now: Date.now, monotonic: () => performance.now() };
      return exportSessions({ directory: ctx.directory, reader, secrets, clock, ...input, originals: undefined });
    },
    close: () => reader.close(),
  };
}
