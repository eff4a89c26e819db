import { useState } from 'preact/hooks';
import type { RevealResult } from '../../proxy/control/types.js';
import type { ExchangeDetail } from '../../proxy/ledger/types.js';
import { type ApiError, api } from '../api/client.js';
import { ErrorBox } from '../parts/load.js';
import { Recorded } from '../parts/text.js';
import { t } from '../strings/index.js';

/**
 * The recorded bytes. With `panes`: what the agent wrote beside what left this machine; the left one needs the originals, which are
 * shown only after a deliberate step that is itself recorded.
 */
export function RawExchange({ exchange, panes, session }: { exchange: ExchangeDetail; panes?: boolean; session?: string }) {
  const [revealed, setRevealed] = useState<RevealResult | undefined>();
  const [error, setError] = useState<ApiError | undefined>();
  const [asking, setAsking] = useState(false);
  const reveal = async (): Promise<void> => {
    setAsking(false);
    try {
      setRevealed(await api<RevealResult>('POST', '/reveal', { session, exchange: exchange.id }));
      setError(undefined);
    } catch (caught) {
      setError(caught as ApiError);
    }
  };
  if (!panes)
    return (
      <div class="stack">
        <Block title={t.session.request} text={exchange.request} />
        <Block title={t.session.response} text={exchange.response} />
      </div>
    );
  return (
    <div class="stack">
      {revealed ? null : (
        <div class="row between reveal">
          <p>{asking ? t.session.revealSure : t.session.revealHint}</p>
          {asking ? (
            <span class="row">
              <button type="button" onClick={() => setAsking(false)}>
                {t.common.cancel}
              </button>
              <button type="button" class="danger" onClick={() => void reveal()}>
                {t.session.revealYes}
              </button>
            </span>
          ) : (
            <button type="button" onClick={() => setAsking(true)}>
              {t.session.reveal}
            </button>
          )}
        </div>
      )}
      {error ? <ErrorBox error={error} /> : null}
      <div class="two">
        <Block title={t.session.agentWrote} text={revealed ? (revealed.request ?? exchange.request) : t.session.hidden} />
        <Block title={t.session.left} text={exchange.request} />
        <Block title={t.session.agentGot} text={revealed ? (revealed.response ?? exchange.response) : t.session.hidden} />
        <Block title={t.session.came} text={exchange.response} />
      </div>
    </div>
  );
}

function Block({ title, text }: { title: string; text: string | undefined }) {
  return (
    <section class="stack">
      <h3>{title}</h3>
      <pre class="code wrap">
        {text === undefined ? <span class="muted">{t.common.none}</span> : <Recorded text={indent(text)} limit={200_000} />}
      </pre>
    </section>
  );
}

/** JSON is indented for reading; anything else stays as it is. */
function indent(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
