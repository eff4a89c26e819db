import type { SessionRow } from '../../proxy/ledger/types.js';
import { api } from '../api/client.js';
import { Await, useLoad } from '../parts/load.js';
import { t } from '../strings/index.js';

/** Sessions, newest first. */
export function Sessions() {
  const list = useLoad((signal) => api<{ sessions: SessionRow[]; total: number }>('GET', '/sessions?limit=50', undefined, signal), []);
  return (
    <div class="page">
      <header>
        <h1>{t.nav.history}</h1>
      </header>
      <Await of={list}>
        {({ sessions }) => (
          <ul>
            {sessions.map((s) => (
              <li key={s.id}>{s.title}</li>
            ))}
          </ul>
        )}
      </Await>
    </div>
  );
}
