import { useEffect, useRef, useState } from 'preact/hooks';
import type { Issuer } from '../../proxy/contract/index.js';
import type { SignInAttempt } from '../../proxy/control/types.js';
import { ApiError, api } from '../api/client.js';
import { t } from '../strings/index.js';
import { Failure } from './act.js';
import { useLoad } from './load.js';

/** True in the desktop app, where signing in is the tray's: main keeps the capability there. */
export const inDesktop = (): boolean => location.protocol === 'app:';

const loopback = (): boolean => ['127.0.0.1', 'localhost', '[::1]'].includes(location.hostname);

/** Signs a person in at an issuer: a link to its page, and waiting until it is done. */
export function SignIn({ done }: { done: () => void }) {
  const issuers = useLoad((signal) => api<{ issuers: Issuer[] }>('GET', '/issuers', undefined, signal), []);
  const [attempt, setAttempt] = useState<SignInAttempt | undefined>();
  const [error, setError] = useState<ApiError | undefined>();
  const alive = useRef(true);
  const running = useRef<string | undefined>(undefined);
  useEffect(
    () => () => {
      alive.current = false;
      if (running.current) void api('POST', '/sign-in/cancel', { id: running.current }).catch(() => undefined);
    },
    [],
  );
  if (inDesktop()) return <p class="muted">{t.person.inTray}</p>;
  const begin = async (issuer: string): Promise<void> => {
    setError(undefined);
    try {
      const begun = await api<SignInAttempt>('POST', '/sign-in', { issuer, flow: loopback() ? 'browser' : 'device' });
      running.current = begun.id;
      setAttempt(begun);
      for (;;) {
        const answer = await api<{ pending?: boolean }>('POST', '/sign-in/wait', { id: begun.id });
        if (!alive.current) return;
        if (!answer.pending) break;
      }
      running.current = undefined;
      done();
    } catch (caught) {
      running.current = undefined;
      if (!alive.current) return;
      setAttempt(undefined);
      setError(caught instanceof ApiError ? caught : new ApiError('internal', (caught as Error).message, 0));
    }
  };
  const url = attempt && /^https?:/.test(attempt.url) ? attempt.url : undefined;
  return (
    <div class="stack">
      <Failure error={error} />
      {attempt ? (
        <div class="stack" role="status">
          <p>{t.person.openPage}</p>
          {url ? (
            <p>
              <a href={url} target="_blank" rel="noopener noreferrer">
                {t.person.page(attempt.issuer)}
              </a>
            </p>
          ) : null}
          {attempt.userCode ? (
            <p>
              {t.person.code} <strong class="mono">{attempt.userCode}</strong>
            </p>
          ) : null}
          <p class="hint">{t.person.waiting}</p>
        </div>
      ) : (
        <div class="row">
          {(issuers.value?.issuers ?? [])
            .filter((i) => i.signIn)
            .map((i) => (
              <button key={i.url} type="button" onClick={() => void begin(i.url)}>
                {t.person.signInWith(i.name)}
              </button>
            ))}
        </div>
      )}
    </div>
  );
}
