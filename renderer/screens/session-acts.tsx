import { useState } from 'preact/hooks';
import type { SessionDetail } from '../../proxy/ledger/types.js';
import { type ApiError, api } from '../api/client.js';
import { Failure, Submit, useAct } from '../parts/act.js';
import { to } from '../router.js';
import { t } from '../strings/index.js';
import { words } from './agent-form.js';

/** What a person can do with a session: replay, star, export, forget. */
export function SessionActs({ session, reload }: { session: SessionDetail; reload: () => void }) {
  const [error, setError] = useState<ApiError | undefined>();
  const [sure, setSure] = useState(false);
  const [naming, setNaming] = useState(false);
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
        <a class="button primary" href={to(`/replay/${session.id}`)}>
          {t.session.replay}
        </a>
        <button
          type="button"
          aria-pressed={session.starred}
          onClick={() => void act(() => api('PATCH', `/sessions/${session.id}`, { starred: !session.starred }))}
        >
          {session.starred ? t.session.unstar : t.session.star}
        </button>
        <button type="button" aria-expanded={naming} onClick={() => setNaming(!naming)}>
          {t.session.name}
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
              disabled={session.legalHold === true}
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
      {naming ? <Naming session={session} done={() => (setNaming(false), reload())} /> : null}
      <Failure error={error} />
    </div>
  );
}

/** Title, labels, and keeping it from being forgotten. */
function Naming({ session, done }: { session: SessionDetail; done: () => void }) {
  const [title, setTitle] = useState(session.title);
  const [labels, setLabels] = useState(session.labels.join(', '));
  const [hold, setHold] = useState(session.legalHold === true);
  const act = useAct();
  return (
    <form
      class="card naming"
      aria-label={t.session.name}
      onSubmit={(e) => {
        e.preventDefault();
        const change = {
          ...(title.trim() !== '' && title !== session.title ? { title: title.trim().slice(0, 200) } : {}),
          labels: words(labels),
          legalHold: hold,
        };
        void act.run(() => api('PATCH', `/sessions/${session.id}`, change), done);
      }}
    >
      <label>
        {t.session.title}
        <input value={title} maxLength={200} onInput={(e) => setTitle(e.currentTarget.value)} />
      </label>
      <label>
        {t.session.labels} <span class="hint">{t.session.labelsHint}</span>
        <input value={labels} onInput={(e) => setLabels(e.currentTarget.value)} />
      </label>
      <label class="inline">
        <input type="checkbox" checked={hold} onChange={(e) => setHold(e.currentTarget.checked)} />
        {t.session.hold}
      </label>
      <Submit act={act} />
    </form>
  );
}
