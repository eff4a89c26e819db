import { useEffect, useState } from 'preact/hooks';
import type { Connection } from '../../proxy/contract/index.js';
import type { ConnectionTest, FirstRunState } from '../../proxy/control/types.js';
import { api } from '../api/client.js';
import { concerns, onEvent, status } from '../api/events.js';
import { Failure, Submit, Sure, useAct } from '../parts/act.js';
import { useKeys } from '../parts/keys.js';
import { Await, useLoad } from '../parts/load.js';
import { PageHead } from '../parts/page-head.js';
import { duration } from '../parts/time.js';
import { go, to } from '../router.js';
import { t } from '../strings/index.js';
import { ConnectionForm, KeyField } from './connection-form.js';
import { PathRules } from './path-rules.js';
import '../styles/lists.css';

type View = Connection & { needsKey: boolean };

/** Providers and APIs behind the gateway; where their keys are kept. */
export function Connections({ adding }: { adding: boolean }) {
  const list = useLoad((signal) => api<{ connections: View[] }>('GET', '/connections', undefined, signal), []);
  const first = useLoad((signal) => api<FirstRunState>('GET', '/first-run', undefined, signal), []);
  useEffect(() => onEvent((e) => concerns(e, 'settings') && list.reload()), []);
  useKeys({ a: () => go('/connections/add'), Escape: () => adding && go('/connections') });
  const keychain = first.value?.keychain;
  return (
    <div class="page">
      <PageHead title={t.nav.connections} lead={t.connections.lead}>
        {adding ? null : (
          <a class="button primary" href={to('/connections/add')}>
            {t.connections.add}
          </a>
        )}
      </PageHead>
      {keychain && !keepsKeys(keychain.state) ? (
        <div class="note warn">
          <strong>{t.connections.keychain(keychain.state)}</strong> {keychain.advice}
        </div>
      ) : null}
      {adding ? <ConnectionForm keeps={keychain && keepsKeys(keychain.state)} done={() => (list.reload(), go('/connections'))} /> : null}
      <Await of={list}>
        {({ connections }) =>
          connections.length === 0 ? (
            <div class="card empty">
              <h2>{t.connections.none}</h2>
              <p>{t.connections.noneHint}</p>
              {adding ? null : (
                <a class="button primary" href={to('/connections/add')}>
                  {t.connections.add}
                </a>
              )}
            </div>
          ) : (
            <ul class="cards" aria-label={t.nav.connections}>
              {connections.map((c) => (
                <li key={c.name} class="card">
                  <One connection={c} reload={list.reload} />
                </li>
              ))}
            </ul>
          )
        }
      </Await>
    </div>
  );
}

/** Can a provider key be kept: in the keychain, or in a file under a passphrase or a key of systemd? */
export const keepsKeys = (keychain: string): boolean =>
  keychain === 'unlocked' || ['passphrase', 'systemd'].includes(status.value?.secrets.kind ?? '');

type Open = 'key' | 'paths' | undefined;

function One({ connection: c, reload }: { connection: View; reload: () => void }) {
  const [open, setOpen] = useState<Open>();
  const [result, setResult] = useState<ConnectionTest | undefined>();
  const test = useAct();
  const remove = useAct();
  const names = t.connections;
  const toggle = (what: Open): void => setOpen(open === what ? undefined : what);
  return (
    <>
      <div class="row between">
        <div class="stack tight">
          <h2>
            {c.name} <span class="chip">{names.dialects[c.dialect]}</span> {c.demo ? <span class="chip info">{names.demo}</span> : null}
          </h2>
          <p class="muted">
            <span class="mono">
              {c.origin}
              {c.pathPrefix}
            </span>
          </p>
          <p class="small">
            <KeyState connection={c} />
            {c.passthrough?.length ? (
              <>
                {' '}
                <span class="chip approve">{names.passthroughN(c.passthrough.length)}</span>
              </>
            ) : null}
          </p>
        </div>
        <div class="row">
          <button
            type="button"
            disabled={test.busy}
            aria-label={names.testOf(c.name)}
            onClick={() => void test.run(() => api<ConnectionTest>('POST', `/connections/${c.name}/test`), setResult)}
          >
            {test.busy ? t.common.working : names.test}
          </button>
          <button type="button" aria-expanded={open === 'key'} aria-label={names.setKeyOf(c.name)} onClick={() => toggle('key')}>
            {names.setKey}
          </button>
          <button type="button" aria-expanded={open === 'paths'} aria-label={names.pathsOf(c.name)} onClick={() => toggle('paths')}>
            {names.paths}
          </button>
          <Sure
            label={t.common.delete}
            sure={names.removeSure(c.name)}
            disabled={remove.busy}
            onYes={() => void remove.run(() => api('DELETE', `/connections/${c.name}`), reload)}
          />
        </div>
      </div>
      <div role="status" class="result">
        {result ? (
          <p class={result.ok ? 'good' : 'error'}>
            {result.ok ? '✓' : '✗'} {result.message} <span class="muted">{duration(result.ms)}</span>
            {result.models?.length ? <span class="muted"> · {names.models(result.models.length, result.models.slice(0, 4))}</span> : null}
          </p>
        ) : null}
      </div>
      <Failure error={test.error ?? remove.error} />
      {open === 'key' ? <SetKey connection={c} done={() => (setOpen(undefined), reload())} /> : null}
      {open === 'paths' ? <PathRules connection={c} done={() => (setOpen(undefined), reload())} /> : null}
    </>
  );
}

/** Where the key is, masked. */
function KeyState({ connection: c }: { connection: View }) {
  const k = t.connections.key;
  if (c.needsKey) return <span class="chip block">{k.needed}</span>;
  const [kind = '', rest = ''] = c.credential.split(/:(.*)/s);
  if (kind === 'none') return <span class="chip">{k.none}</span>;
  if (kind === 'keychain')
    return (
      <span>
        <span class="mono">••••••••••••</span> <span class="muted">{k.keychain}</span>
      </span>
    );
  return (
    <span class="muted">
      {k.elsewhere(kind)} <span class="mono">{rest}</span>
    </span>
  );
}

function SetKey({ connection: c, done }: { connection: View; done: () => void }) {
  const [key, setKey] = useState('');
  const act = useAct();
  return (
    <form
      class="stack inset"
      onSubmit={(e) => {
        e.preventDefault();
        if (key) void act.run(() => api('PUT', `/connections/${c.name}/key`, { key: key.trim() }), done);
      }}
    >
      <KeyField value={key} onInput={setKey} focus hint={t.connections.keyBound(c.origin)} />
      <Submit act={act} label={t.connections.saveKey} disabled={key.trim() === ''} />
    </form>
  );
}
