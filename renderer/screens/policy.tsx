import { useEffect, useState } from 'preact/hooks';
import type { PolicySummary } from '../../proxy/policy/types.js';
import { api } from '../api/client.js';
import { offsetOf, readForm } from '../api/policy-document.js';
import { Failure, Sure, useAct } from '../parts/act.js';
import { Await, useLoad } from '../parts/load.js';
import { Tabs } from '../parts/tabs.js';
import { go, to } from '../router.js';
import { t } from '../strings/index.js';
import { Backtest } from './policy-backtest.js';
import { PolicyForm } from './policy-form.js';
import { type Check, Problems, SourceEditor } from './policy-source.js';
import '../styles/session.css';
import '../styles/policy.css';

interface Source {
  name: string;
  source: string;
  format: 'yaml' | 'json';
  revision: string;
  readOnly: boolean;
  /** Judges now. */
  active?: boolean;
}

const NAME = /^[a-z0-9][a-z0-9_-]{0,59}\.(?:yaml|yml|json)$/;

/** One policy: as a form, as its source, and tried on what was recorded. `new` begins one, `new?from=NAME` with the text of another. */
export function Policy({ name, from }: { name: string; from: string | undefined }) {
  const loaded = useLoad<Source>(
    async (signal) => {
      const other = name === 'new' ? from : name;
      const source = other ? await api<Source>('GET', `/policies/${encodeURIComponent(other)}`, undefined, signal) : undefined;
      if (name !== 'new') {
        const { policies } = await api<{ policies: PolicySummary[] }>('GET', '/policies', undefined, signal);
        return { ...(source as Source), active: policies.find((p) => p.name === name)?.active === true };
      }
      return {
        name: '',
        format: 'yaml',
        revision: '',
        readOnly: false,
        source: source ? source.source.replace(/^name:.*$/m, 'name: mine') : t.policies.start,
      };
    },
    [name, from],
  );
  return (
    <div class="page">
      <Await of={loaded}>{(source) => <Editor key={source.name + source.revision} given={source} />}</Await>
    </div>
  );
}

type Tab = 'form' | 'source' | 'backtest';

function Editor({ given }: { given: Source }) {
  const isNew = given.name === '';
  const [name, setName] = useState(isNew ? 'mine.yaml' : given.name);
  const [source, setSource] = useState(given.source);
  const [tab, setTab] = useState<Tab>(readForm(given.source) ? 'form' : 'source');
  const [check, setCheck] = useState<Check | undefined>();
  const [activate, setActivate] = useState(true);
  const [caret, setCaret] = useState<number | undefined>();
  const act = useAct();
  const checking = useAct();
  const changed = source !== given.source || isNew || (!given.active && activate);
  useEffect(() => {
    if (source.trim() === '') return;
    const stop = new AbortController();
    const timer = setTimeout(
      () =>
        void checking.run(
          () => api<Check>('POST', '/policy/validate', { source }, stop.signal).catch(quietly),
          (c) => c && setCheck(c),
        ),
      250,
    );
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [source]);
  const p = t.policies;
  const nameOk = NAME.test(name);
  const errors = (check?.problems ?? []).filter((problem) => problem.severity === 'error');
  const save = (): void =>
    void act.run(
      () =>
        api('PUT', `/policies/${encodeURIComponent(name)}`, {
          source,
          activate,
          ...(given.revision ? { revision: given.revision } : {}),
        }),
      () => go('/policies'),
    );
  const tabs: [Tab, string][] = [
    ['form', p.tabs.form],
    ['source', p.tabs.source],
    ['backtest', p.tabs.backtest],
  ];
  return (
    <>
      <header>
        <div>
          <p class="small">
            <a href={to('/policies')}>{t.nav.policies}</a>
          </p>
          <h1>{isNew ? p.add : given.name}</h1>
          <p>
            {given.readOnly ? (
              <>
                {p.readOnly} <a href={to(`/policies/new?from=${encodeURIComponent(given.name)}`)}>{p.copy}</a>
              </>
            ) : (
              p.editorLead
            )}
          </p>
        </div>
        {given.readOnly ? null : (
          <div class="row">
            {isNew ? null : (
              <Sure
                label={t.common.delete}
                sure={p.removeSure}
                onYes={() =>
                  void act.run(
                    () => api('DELETE', `/policies/${encodeURIComponent(given.name)}`),
                    () => go('/policies'),
                  )
                }
              />
            )}
            {given.active ? (
              <span class="chip allow">{p.inUse}</span>
            ) : (
              <label class="inline">
                <input type="checkbox" checked={activate} onChange={(e) => setActivate(e.currentTarget.checked)} />
                {p.activate}
              </label>
            )}
            <button type="button" class="primary" disabled={act.busy || !changed || !nameOk || errors.length > 0} onClick={save}>
              {t.common.save}
            </button>
          </div>
        )}
      </header>
      {isNew ? (
        <label class="narrow">
          {p.fileName} <span class="hint">{p.fileNameHint}</span>
          <input class="mono" value={name} spellcheck={false} onInput={(e) => setName(e.currentTarget.value)} />
          {nameOk ? null : <span class="error">{p.fileNameBad}</span>}
        </label>
      ) : null}
      <Failure error={act.error} />
      <section class="card exchange" aria-label={given.name || p.add}>
        <Tabs names={tabs} chosen={tab} choose={setTab} label={p.tabs.label} panel="policy-panel" />
        <div id="policy-panel" role="tabpanel" aria-labelledby={`policy-panel-${tab}`} class="stack">
          {tab === 'form' ? (
            <PolicyForm source={source} readOnly={given.readOnly} change={setSource} toSource={() => setTab('source')} />
          ) : null}
          {tab === 'source' ? (
            <SourceEditor source={source} readOnly={given.readOnly} change={setSource} caret={caret} problems={check?.problems ?? []} />
          ) : null}
          {tab === 'backtest' ? <Backtest source={source} name={given.readOnly ? undefined : name} ok={errors.length === 0} /> : null}
        </div>
      </section>
      <Problems
        check={check}
        go={(problem) => {
          setTab('source');
          if (problem.line !== undefined) setCaret(offsetOf(source, problem.line, problem.column ?? 1));
        }}
      />
    </>
  );
}

/** A newer check is under way; its answer counts. */
function quietly(error: Error): undefined {
  if (error.name !== 'AbortError') throw error;
  return undefined;
}
