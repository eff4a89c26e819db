import { useState } from 'preact/hooks';
import type { SessionDetail } from '../../proxy/ledger/types.js';
import { type ApiError, api } from '../api/client.js';
import { to } from '../router.js';
import { t } from '../strings/index.js';

/** What a person can do with a session: replay, star, export, forget. */
export function SessionActs({ session, reload }: { session: SessionDetail; reload: () => void }) {
  const [error, setError] = useState<ApiError | undefined>();
  const [sure, setSure] = useState(false);
  const act = async (run: () => Promise<unknown>): Promise<void> => {
    try {
      await run();
      setError(undefined);
      reload();
    } catch (caught) {
      setError(caught as ApiError);
    }
  };
  return (
    <div class="stack">
      <div class="row">
        <a class="button primary-link" href={to(`/replay/${session.id}`)}>
          {t.session.replay}
        </a>
        <button
          type="button"
          aria-pressed={session.starred}
          onClick={() => void act(() => api('PATCH', `/sessions/${session.id}`, { starred: !session.starred }))}
        >
          {session.starred ? t.session.unstar : t.session.star}
        </button>
        <a class="button" href={to(`/proof?export=${session.id}`)}>
          {t.session.export}
        </a>
        {sure ? (
          <>
            <button type="button" onClick={() => setSure(false)}>
              {t.common.cancel}
            </button>
            <button
              type="button"
              class="danger"
              onClick={() => void act(() => api('DELETE', `/sessions/${session.id}`)).then(() => setSure(false))}
            >
              {t.session.forgetYes}
            </button>
          </>
        ) : (
          <button type="button" class="quiet" onClick={() => setSure(true)}>
            {t.session.forget}
          </button>
        )}
      </div>
      {error ? (
        <p class="error" role="alert">
          {error.message}
        </p>
      ) : null}
    </div>
  );
}
