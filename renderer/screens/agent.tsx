import { useState } from 'preact/hooks';
import type { AgentView } from '../../proxy/control/types.js';
import { api } from '../api/client.js';
import { Failure, Sure, useAct } from '../parts/act.js';
import { useKeys } from '../parts/keys.js';
import { Await, useLoad } from '../parts/load.js';
import { Time } from '../parts/time.js';
import { go, to } from '../router.js';
import { t } from '../strings/index.js';
import { AgentForm } from './agent-form.js';
import { AgentKey } from './agent-key.js';
import { StateChip, stateOf } from './agents.js';
import { Snippets } from './snippets.js';
import '../styles/lists.css';

/** One agent: its key, scope and end; what to paste. */
export function Agent({ id }: { id: string }) {
  const agent = useLoad((signal) => api<AgentView>('GET', `/agents/${encodeURIComponent(id)}`, undefined, signal), [id]);
  useKeys({ Escape: () => go('/agents') });
  return (
    <div class="page">
      <Await of={agent}>{(a) => <Body agent={a} reload={agent.reload} />}</Await>
    </div>
  );
}

function Body({ agent, reload }: { agent: AgentView; reload: () => void }) {
  const [made, setMade] = useState<{ agent: AgentView; key: string } | undefined>();
  const act = useAct();
  const state = stateOf(agent);
  const s = t.agents;
  const path = `/agents/${agent.id}`;
  return (
    <>
      <header>
        <div>
          <p class="small">
            <a href={to('/agents')}>{t.nav.agents}</a>
          </p>
          <h1>{agent.name}</h1>
          <p>
            <StateChip state={state} /> {s.owner(agent.owner)} · {s.since} <Time at={agent.createdAt} />
            {agent.keyHint ? (
              <>
                {' '}
                · <span class="mono">{agent.keyHint}…</span>
              </>
            ) : null}
          </p>
        </div>
        <div class="row">
          <a class="button" href={to(`/sessions?q=${encodeURIComponent(`agent:${agent.name}`)}`)}>
            {s.sessions}
          </a>
          {state === 'live' ? (
            <>
              <Sure
                label={s.rotate}
                sure={s.rotateSure}
                disabled={act.busy}
                onYes={() =>
                  void act.run(
                    () => api<{ agent: AgentView; key: string }>('POST', `${path}/rotate`),
                    (answer) => (setMade(answer), reload()),
                  )
                }
              />
              <Sure
                label={s.revoke}
                sure={s.revokeSure}
                disabled={act.busy}
                onYes={() => void act.run(() => api('POST', `${path}/revoke`), reload)}
              />
            </>
          ) : (
            <Sure
              label={t.common.delete}
              sure={s.removeSure}
              disabled={act.busy}
              onYes={() =>
                void act.run(
                  () => api('DELETE', path),
                  () => go('/agents'),
                )
              }
            />
          )}
        </div>
      </header>
      <Failure error={act.error} />
      {made ? <AgentKey made={made} close={() => setMade(undefined)} /> : null}
      {state === 'live' ? (
        <section class="card" aria-labelledby="agent-scope">
          <h2 id="agent-scope">{s.scope}</h2>
          <AgentForm agent={agent} done={reload} />
        </section>
      ) : null}
      {state === 'live' && !made ? (
        <section class="card" aria-label={t.snippets.title}>
          <Snippets scope={agent.scope.connections} />
        </section>
      ) : null}
    </>
  );
}
