import { useEffect, useState } from 'preact/hooks';
import type { PolicySummary } from '../../proxy/policy/types.js';
import { api } from '../api/client.js';
import { concerns, onEvent } from '../api/events.js';
import { Failure, useAct } from '../parts/act.js';
import { useKeys } from '../parts/keys.js';
import { Await, useLoad } from '../parts/load.js';
import { PageHead } from '../parts/page-head.js';
import { Row, Table } from '../parts/table.js';
import { go, to } from '../router.js';
import { t } from '../strings/index.js';
import '../styles/lists.css';

interface Current {
  preset: string;
  revision: string;
  managed: boolean;
  files: string[];
}

/** What judges: the preset, the user's own rules above it, the administrator's above all. */
export function Policies() {
  const list = useLoad((signal) => api<{ policies: PolicySummary[] }>('GET', '/policies', undefined, signal), []);
  const current = useLoad((signal) => api<Current>('GET', '/policy', undefined, signal), []);
  const reload = (): void => {
    list.reload();
    current.reload();
  };
  useEffect(() => onEvent((e) => concerns(e, 'settings') && reload()), []);
  useKeys({ a: () => go('/policies/new') });
  return (
    <div class="page">
      <PageHead title={t.nav.policies} lead={t.policies.lead}>
        <a class="button primary" href={to('/policies/new')}>
          {t.policies.add}
        </a>
      </PageHead>
      <Await of={list}>
        {({ policies }) => (
          <>
            {policies
              .filter((p) => p.source === 'managed')
              .map((p) => (
                <div key={p.name} class="note">
                  <strong>{t.policies.managed}</strong> {t.policies.managedHint(p.rules)}{' '}
                  <a href={to(`/policies/${encodeURIComponent(p.name)}`)}>{t.policies.look}</a>
                </div>
              ))}
            <Presets policies={policies.filter((p) => p.source === 'preset')} reload={reload} />
            <Files policies={policies.filter((p) => p.source === 'file')} />
          </>
        )}
      </Await>
      {current.value ? (
        <p class="hint">
          {t.policies.revision} <span class="mono">{current.value.revision}</span>
        </p>
      ) : null}
    </div>
  );
}

function Presets({ policies, reload }: { policies: PolicySummary[]; reload: () => void }) {
  const act = useAct();
  const p = t.policies;
  return (
    <section class="stack" aria-labelledby="presets-title">
      <h2 id="presets-title">{p.presets}</h2>
      <fieldset class="presets">
        <legend class="visually-hidden">{p.presets}</legend>
        {(['observe', 'balanced', 'strict'] as const).map((name) => {
          const summary = policies.find((one) => one.name === name);
          return (
            <label key={name} class={`card preset${summary?.active ? ' chosen' : ''}`}>
              <span class="row between">
                <span class="row">
                  <input
                    type="radio"
                    name="preset"
                    checked={summary?.active === true}
                    disabled={act.busy}
                    onChange={() => void act.run(() => api('PUT', '/policy/preset', { preset: name }), reload)}
                  />
                  <strong>{p.preset[name][0]}</strong>
                </span>
                {summary ? <span class="chip">{p.rulesN(summary.rules)}</span> : null}
              </span>
              <span class="hint">{p.preset[name][1]}</span>
              <a href={to(`/policies/${name}`)} class="small">
                {p.lookAt(p.preset[name][0])}
              </a>
            </label>
          );
        })}
      </fieldset>
      <Failure error={act.error} />
    </section>
  );
}

function Files({ policies }: { policies: PolicySummary[] }) {
  const [active, setActive] = useState(-1);
  useKeys({
    j: () => setActive((i) => Math.min(policies.length - 1, i + 1)),
    k: () => setActive((i) => Math.max(0, i - 1)),
    Enter: () => policies[active] && go(`/policies/${encodeURIComponent(policies[active]?.name ?? '')}`),
  });
  const p = t.policies;
  return (
    <section class="stack" aria-labelledby="files-title">
      <h2 id="files-title">{p.own}</h2>
      {policies.length === 0 ? (
        <div class="card empty">
          <p>{p.noFiles}</p>
          <a class="button" href={to('/policies/new')}>
            {p.add}
          </a>
        </div>
      ) : (
        <div class="card flush">
          <Table heads={[p.columns.name, p.columns.rules, p.columns.state, p.columns.revision]}>
            {policies.map((one, i) => (
              <Row key={one.name} active={i === active}>
                <td>
                  <a href={to(`/policies/${encodeURIComponent(one.name)}`)}>{one.name}</a>
                </td>
                <td>{one.rules}</td>
                <td>
                  <span class={`chip ${one.active ? 'allow' : ''}`}>{one.active ? p.inUse : p.notInUse}</span>
                </td>
                <td class="mono small">{one.revision}</td>
              </Row>
            ))}
          </Table>
        </div>
      )}
    </section>
  );
}
