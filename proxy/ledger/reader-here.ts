import type { SecretStore } from '../contract/index.js';
import { IndexService } from './index-service.js';
import { masterKey } from './keys.js';
import type { LedgerReader } from './types.js';

/** The reading door in this very thread: for a worker that reads much. Its work is synchronous, so never beside traffic. */
export async function openReaderHere(options: { directory: string; secrets: SecretStore }): Promise<LedgerReader> {
  const service = new IndexService(options.directory, await masterKey(options.secrets, false), undefined);
  return {
    sessions: async (query) => service.sessions(query),
    session: async (id) => service.session(id),
    exchange: (id) => service.exchange(id),
    segments: async (id) => service.segments(id),
    close: async () => service.close(),
  };
}
