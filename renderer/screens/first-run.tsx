import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { AgentView, FirstRunState } from '../../proxy/control/types.js';
import { api } from '../api/client.js';
import { concerns, onEvent } from '../api/events.js';
import { Failure, useAct } from '../parts/act.js';
import { Await, useLoad } from '../parts/load.js';
import { PageHead } from '../parts/page-head.js';
import { inDesktop, SignIn } from '../parts/sign-in.js';
import { type CurrentPerson, Passphrase } from '../parts/unlock.js';
import { to } from '../router.js';
import { t } from '../strings/index.js';
import { AgentForm } from './agent-form.js';
import { AgentKey } from './agent-key.js';
import { ConnectionForm } from './connection-form.js';
import { keepsKeys } from './connections.js';
import { Snippets } from './snippets.js';
import '../styles/first-run.css';

type State = 'done' | 'now' | 'later';

/** From nothing to the first request, in four steps. The last one turns green by itself. */
export function FirstRun() {
  const first = useLoad((signal) => api<FirstRunState>('GET', '/first-run', undefined, signal), []);
  const who = useLoad((signal) => api<CurrentPerson>('GET', '/persons/current', undefined, signal), []);
  const [made, setMade] = useState<{ agent: AgentView; key: string } | undefined>();
  const [seen, setSeen] = useState<string | undefined>();
  const demo = useAct();
  const reload = (): void => {
    first.reload();
    who.reload();
  };
  useEffect(
    () =>
      onEvent((e) => {
        if (e.type === 'exchange-started') setSeen(e.session);
        if (concerns(e, 'settings', 'status', 'exchange-ended')) reload();
      }),
    [],
  );
  const f = t.firstRun;
  return (
    <div class="page first-run">
      <PageHead title={f.title} lead={f.lead} />
      <Await of={first}>
        {(state) => {
          const person = who.value?.unlocked === true;
          const connection = state.connections > 0 || state.demo;
          const agent = state.agents > 0 || made !== undefined;
          const request = seen !== undefined || state.firstRequestSeen;
          const at = (done: boolean, before: boolean): State => (done ? 'done' : before ? 'now' : 'later');
          return (
            <ol class="steps">
              <Step n={1} title={f.person} state={at(person, true)} said={f.personDone(who.value?.person?.name ?? '')}>
                {inDesktop() ? <p class="muted">{t.person.inTray}</p> : null}
                {who.value && !person ? (
                  <>
                    {who.value.signIn ? <SignIn done={reload} /> : null}
                    <p class="muted">{who.value.signIn ? f.orLocal : f.local}</p>
                    <Passphrase first={!who.value.passphraseSet} done={reload} />
                  </>
                ) : null}
              </Step>
              <Step n={2} title={f.key} state={at(connection, person)} said={f.keyDone(state.connections)}>
                <p class="muted">{keepsKeys(state.keychain.state) ? f.keyLead : state.keychain.advice}</p>
                <ConnectionForm short keeps={keepsKeys(state.keychain.state)} done={reload} />
                <div class="row">
                  <span class="muted">{f.orDemo}</span>
                  <button type="button" disabled={demo.busy} onClick={() => void demo.run(() => api('POST', '/demo/open'), reload)}>
                    {t.settings.demo.open}
                  </button>
                </div>
                <Failure error={demo.error} />
              </Step>
              <Step
                n={3}
                title={f.snippet}
                state={at(agent, person && connection)}
                said={made ? '' : f.snippetDone(state.agents)}
                open={agent}
              >
                {made ? (
                  <AgentKey made={made} close={() => setMade(undefined)} />
                ) : state.agents > 0 ? (
                  <Snippets />
                ) : (
                  <AgentForm short done={(answer) => (setMade(answer as { agent: AgentView; key: string }), first.reload())} />
                )}
              </Step>
              <Step n={4} title={request ? f.seen : f.waiting} state={at(request, connection && agent)} said="" live open={request}>
                {request ? (
                  <a class="button primary" href={to(seen ? `/sessions/${seen}` : '/sessions')}>
                    {f.look}
                  </a>
                ) : (
                  <p class="muted">{f.waitingHint}</p>
                )}
              </Step>
            </ol>
          );
        }}
      </Await>
      <p class="hint">
        <a href={to('/sessions')}>{f.skip}</a>
      </p>
    </div>
  );
}

function Step({
  n,
  title,
  state,
  said,
  open,
  live,
  children,
}: {
  n: number;
  title: string;
  state: State;
  /** What stands in the place of the step when it is done. */
  said: string;
  /** Shown although it is done. */
  open?: boolean;
  live?: boolean;
  children: ComponentChildren;
}) {
  return (
    <li class={`card step ${state}`} aria-current={state === 'now' ? 'step' : undefined}>
      <span class="step-mark" aria-hidden="true">
        {state === 'done' ? '✓' : n}
      </span>
      <div class="stack">
        <h2>
          {title} <span class="visually-hidden">{t.firstRun.states[state]}</span>
        </h2>
        {live ? (
          <p class="visually-hidden" role="status">
            {title}
          </p>
        ) : null}
        {state === 'done' && said ? <p class="muted">{said}</p> : null}
        {state === 'now' || open ? children : null}
      </div>
    </li>
  );
}
