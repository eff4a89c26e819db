import { useEffect, useState } from 'preact/hooks';
import type { AgentView } from '../../proxy/control/types.js';
import { api } from '../api/client.js';
import { concerns, onEvent } from '../api/events.js';
import { useKeys } from '../parts/keys.js';
import { Await, useLoad } from '../parts/load.js';
import { PageHead } from '../parts/page-head.js';
import { Row, Table } from '../parts/table.js';
import { Time } from '../parts/time.js';
import { go, to } from '../router.js';
import { t } from '../strings/index.js';
import { AgentForm } from './agent-form.js';
import { AgentKey } from './agent-key.js';
import '../styles/lists.css';

export type AgentState = 'live' | 'expired' | 'revoked';
export const stateOf = (a: AgentView, now = Date.now()): AgentState =>
  a.revokedAt ? 'revoked' : a.expiresAt && Date.parse(a.expiresAt) <= now ? 'expired' : 'live';

/** Who may use the gateway: non-human identities, their scope and their end. */
export function Agents({ adding }: { adding: boolean }) {
  const list = useLoad((signal) => api<{ agents: AgentView[] }>('GET', '/agents', undefined, signal), []);
  const [made, setMade] = useState<{ agent: AgentView; key: string } | undefined>();
  const [active, setActive] = useState(-1);
  useEffect(() => onEvent((e) => concerns(e, 'settings') && list.reload()), []);
  const agents = [...(list.value?.agents ?? [])].sort(
    (a, b) => Number(stateOf(a) !== 'live') - Number(stateOf(b) !== 'live') || a.name.localeCompare(b.name),
  );
  useKeys({
    a: () => go('/agents/add'),
    j: () => setActive((i) => Math.min(agents.length - 1, i + 1)),
    k: () => setActive((i) => Math.max(0, i - 1)),
    Enter: () => agents[active] && go(`/agents/${agents[active]?.id}`),
    Escape: () => adding && go('/agents'),
  });
  const s = t.agents;
  return (
    <div class="page">
      <PageHead title={t.nav.agents} lead={s.lead}>
        {adding || made ? null : (
          <a class="button primary" href={to('/agents/add')}>
            {s.add}
          </a>
        )}
      </PageHead>
      {made ? <AgentKey made={made} close={() => setMade(undefined)} /> : null}
      {adding && !made ? (
        <section class="card" aria-labelledby="agent-form-title">
          <h2 id="agent-form-title">{s.add}</h2>
          <AgentForm
            done={(answer) => {
              setMade(answer as { agent: AgentView; key: string });
              go('/agents', true);
              list.reload();
            }}
            cancel="/agents"
          />
        </section>
      ) : null}
      <Await of={list}>
        {() =>
          agents.length === 0 ? (
            <div class="card empty">
              <h2>{s.none}</h2>
              <p>{s.noneHint}</p>
              {adding ? null : (
                <a class="button primary" href={to('/agents/add')}>
                  {s.add}
                </a>
              )}
            </div>
          ) : (
            <div class="card flush">
              <Table heads={[s.columns.name, s.columns.scope, s.columns.key, s.columns.ends, s.columns.state]}>
                {agents.map((a, i) => (
                  <Row key={a.id} active={i === active}>
                    <td>
                      <a href={to(`/agents/${a.id}`)}>
                        <strong>{a.name}</strong>
                      </a>{' '}
                      {a.demo ? <span class="chip info">{t.connections.demo}</span> : null}
                      <div class="muted small">{s.owner(a.owner)}</div>
                    </td>
                    <td class="small">
                      <ScopeLine scope={a.scope} />
                    </td>
                    <td class="mono small">{a.keyHint ? `${a.keyHint}…` : s.noKey}</td>
                    <td class="small">{a.expiresAt ? <Time at={a.expiresAt} /> : s.never}</td>
                    <td>
                      <StateChip state={stateOf(a)} />
                    </td>
                  </Row>
                ))}
              </Table>
            </div>
          )
        }
      </Await>
    </div>
  );
}

export function StateChip({ state }: { state: AgentState }) {
  return <span class={`chip ${state === 'live' ? 'allow' : state === 'revoked' ? 'block' : 'approve'}`}>{t.agents.states[state]}</span>;
}

/** A scope in one line: connections, models, operations. */
export function ScopeLine({ scope }: { scope: AgentView['scope'] }) {
  const part = (list: readonly string[], all: string): string => (list.includes('*') ? all : list.join(', ') || t.agents.nothing);
  return (
    <>
      {part(scope.connections, t.agents.allConnections)} · {part(scope.models, t.agents.allModels)}
      {scope.operations.includes('*') ? '' : ` · ${scope.operations.join(', ') || t.agents.nothing}`}
    </>
  );
}
