import { useEffect, useState } from 'preact/hooks';
import { api } from '../api/client.js';
import { concerns, onEvent } from '../api/events.js';
import { Failure, useAct } from '../parts/act.js';
import { Await, useLoad } from '../parts/load.js';
import { inDesktop, SignIn } from '../parts/sign-in.js';
import { askForPerson, type CurrentPerson, Passphrase } from '../parts/unlock.js';
import { to } from '../router.js';
import { t } from '../strings/index.js';
import type { PageProps } from './settings.js';

/** Who decides here: signed in, unlocked, or nobody. */
export function PersonSettings({ settings }: PageProps) {
  const who = useLoad((signal) => api<CurrentPerson>('GET', '/persons/current', undefined, signal), []);
  const [changing, setChanging] = useState(false);
  const [leaving, setLeaving] = useState<string | undefined>();
  const act = useAct();
  useEffect(() => onEvent((e) => concerns(e, 'status') && who.reload()), []);
  const s = t.settings.person;
  const signsIn = settings.issuers.some((i) => i.signIn);
  return (
    <section class="card" aria-labelledby="person-title">
      <h2 id="person-title">{s.title}</h2>
      <p class="muted">{s.lead}</p>
      <Await of={who}>
        {(w) => (
          <>
            {w.unlocked && w.person ? (
              <p>
                <span class="dot ok" aria-hidden="true" /> {s.isIn(w.person.name, t.person.via[w.person.via])}{' '}
                {w.person.groups.map((g) => (
                  <span key={g} class="chip">
                    {g}
                  </span>
                ))}
              </p>
            ) : (
              <p>
                <span class="dot warn" aria-hidden="true" /> {s.nobody}
              </p>
            )}
            <Failure error={act.error} />
            <div class="row">
              {w.unlocked ? (
                <>
                  <button type="button" onClick={() => void act.run(() => api('POST', '/persons/lock'), who.reload)}>
                    {s.lock}
                  </button>
                  {w.person?.via === 'oidc' ? (
                    <button
                      type="button"
                      onClick={() =>
                        void act.run(
                          () => api<{ endSessionUrl?: string }>('POST', '/sign-out'),
                          (answer) => (setLeaving(answer?.endSessionUrl), who.reload()),
                        )
                      }
                    >
                      {s.signOut}
                    </button>
                  ) : null}
                  {inDesktop() ? null : (
                    <button type="button" class="quiet" onClick={() => setChanging(!changing)}>
                      {w.passphraseSet ? s.change : s.set}
                    </button>
                  )}
                </>
              ) : (
                <button type="button" class="primary" onClick={() => void askForPerson().then((there) => there && who.reload())}>
                  {w.passphraseSet ? t.person.unlock : t.person.set}
                </button>
              )}
            </div>
            {leaving && /^https?:/.test(leaving) ? (
              <p class="note">
                <a href={leaving} target="_blank" rel="noopener noreferrer">
                  {s.endAtIssuer}
                </a>
              </p>
            ) : null}
            {changing ? (
              <div class="inset">
                <Passphrase first done={() => (setChanging(false), who.reload())} cancel={() => setChanging(false)} />
              </div>
            ) : null}
            {signsIn && w.person?.via !== 'oidc' ? (
              <div class="stack">
                <h3>{s.signIn}</h3>
                <SignIn done={who.reload} />
              </div>
            ) : null}
            {signsIn ? null : (
              <p class="hint">
                {s.noIssuer} <a href={to('/settings/sign-in')}>{t.settings.pages['sign-in']}</a>
              </p>
            )}
          </>
        )}
      </Await>
    </section>
  );
}
