import { useState } from 'preact/hooks';
import type { Issuer } from '../../proxy/contract/index.js';
import { api } from '../api/client.js';
import { Failure, Submit, Sure, useAct } from '../parts/act.js';
import { SettingsForm } from '../parts/settings-form.js';
import { t } from '../strings/index.js';
import { words } from './agent-form.js';
import type { PageProps } from './settings.js';

/** Who signs persons in and whose tokens agents may bring. */
export function IssuerSettings({ settings, reload }: PageProps) {
  const s = t.settings.issuers;
  const [editing, setEditing] = useState<Issuer | 'new' | undefined>();
  const act = useAct();
  const [required, setRequired] = useState(settings.identity.requiredGroups.join(', '));
  const [onSignOut, setOnSignOut] = useState(settings.identity.onSignOut);
  const [grace, setGrace] = useState(settings.identity.ownerGraceHours);
  return (
    <>
      <section class="card" aria-labelledby="issuers-title">
        <h2 id="issuers-title">{s.title}</h2>
        <p class="muted">{s.lead}</p>
        {settings.issuers.length === 0 && !editing ? <p>{s.none}</p> : null}
        <ul class="plain">
          {settings.issuers.map((issuer) => (
            <li key={issuer.url} class="row between">
              <span>
                <strong>{issuer.name}</strong> <span class="mono small">{issuer.url}</span>{' '}
                {issuer.signIn ? <span class="chip info">{s.signsIn}</span> : null}
              </span>
              <span class="row">
                <button type="button" aria-label={s.changeOf(issuer.name)} onClick={() => setEditing(issuer)}>
                  {s.change}
                </button>
                <Sure
                  label={t.common.delete}
                  sure={s.removeSure(issuer.name)}
                  onYes={() => void act.run(() => api('DELETE', `/issuers?url=${encodeURIComponent(issuer.url)}`), reload)}
                />
              </span>
            </li>
          ))}
        </ul>
        <Failure error={act.error} />
        {editing ? (
          <IssuerForm
            key={editing === 'new' ? 'new' : editing.url}
            issuer={editing === 'new' ? undefined : editing}
            done={() => (setEditing(undefined), reload())}
            cancel={() => setEditing(undefined)}
          />
        ) : (
          <div class="row">
            <button type="button" onClick={() => setEditing('new')}>
              {s.add}
            </button>
          </div>
        )}
      </section>
      <SettingsForm
        title={s.rules}
        reload={reload}
        patch={() => ({ identity: { requiredGroups: words(required), onSignOut, ownerGraceHours: grace } })}
      >
        <label>
          {s.required} <span class="hint">{s.requiredHint}</span>
          <input value={required} onInput={(e) => setRequired(e.currentTarget.value)} />
        </label>
        <div class="two">
          <label>
            {s.onSignOut}
            <select value={onSignOut} onChange={(e) => setOnSignOut(e.currentTarget.value as 'lock' | 'keep')}>
              <option value="lock">{s.lock}</option>
              <option value="keep">{s.keep}</option>
            </select>
          </label>
          <label>
            {s.grace} <span class="hint">{s.graceHint}</span>
            <input type="number" min={0} max={8760} value={grace} onInput={(e) => setGrace(Number(e.currentTarget.value))} />
          </label>
        </div>
      </SettingsForm>
    </>
  );
}

function IssuerForm({ issuer, done, cancel }: { issuer: Issuer | undefined; done: () => void; cancel: () => void }) {
  const s = t.settings.issuers.form;
  const [url, setUrl] = useState(issuer?.url ?? '');
  const [name, setName] = useState(issuer?.name ?? '');
  const [audience, setAudience] = useState(issuer?.audience ?? '');
  const [clientId, setClientId] = useState(issuer?.signIn?.clientId ?? '');
  const [scopes, setScopes] = useState((issuer?.signIn?.scopes ?? ['openid', 'profile', 'offline_access']).join(' '));
  const [groups, setGroups] = useState(issuer?.claims.groups ?? 'groups');
  const [agent, setAgent] = useState(issuer?.claims.agent ?? 'client_id');
  const [required, setRequired] = useState((issuer?.requiredGroups ?? []).join(', '));
  const [algorithms, setAlgorithms] = useState((issuer?.algorithms ?? ['RS256', 'ES256']).join(', '));
  const act = useAct();
  const ready = /^https?:\/\/\S+$/.test(url) && name.trim() !== '' && (audience.trim() !== '' || clientId.trim() !== '');
  return (
    <form
      class="stack inset"
      aria-label={issuer ? issuer.name : t.settings.issuers.add}
      onSubmit={(e) => {
        e.preventDefault();
        if (!ready) return;
        const body: Issuer = {
          ...(issuer?.typ ? { typ: issuer.typ } : {}),
          ...(issuer?.defaultScope ? { defaultScope: issuer.defaultScope } : {}),
          url: url.trim(),
          name: name.trim(),
          audience: audience.trim() || clientId.trim(),
          algorithms: words(algorithms),
          clockSkewSeconds: issuer?.clockSkewSeconds ?? 30,
          claims: { agent: agent.trim(), groups: groups.trim() },
          requiredGroups: words(required),
          ...(clientId.trim() ? { signIn: { clientId: clientId.trim(), scopes: scopes.split(/\s+/).filter(Boolean) } } : {}),
        };
        void act.run(() => api('PUT', '/issuers', body), done);
      }}
    >
      <div class="two">
        <label>
          {s.url} <span class="hint">{s.urlHint}</span>
          <input type="url" class="mono" value={url} readOnly={issuer !== undefined} onInput={(e) => setUrl(e.currentTarget.value)} />
        </label>
        <label>
          {s.name}
          <input value={name} onInput={(e) => setName(e.currentTarget.value)} />
        </label>
        <label>
          {s.clientId} <span class="hint">{s.clientIdHint}</span>
          <input class="mono" value={clientId} onInput={(e) => setClientId(e.currentTarget.value)} />
        </label>
        <label>
          {s.scopes}
          <input class="mono" value={scopes} onInput={(e) => setScopes(e.currentTarget.value)} />
        </label>
        <label>
          {s.audience} <span class="hint">{s.audienceHint}</span>
          <input class="mono" value={audience} onInput={(e) => setAudience(e.currentTarget.value)} />
        </label>
        <label>
          {s.groups} <span class="hint">{s.groupsHint}</span>
          <input class="mono" value={groups} onInput={(e) => setGroups(e.currentTarget.value)} />
        </label>
        <label>
          {s.agent} <span class="hint">{s.agentHint}</span>
          <input class="mono" value={agent} onInput={(e) => setAgent(e.currentTarget.value)} />
        </label>
        <label>
          {s.required} <span class="hint">{s.requiredHint}</span>
          <input value={required} onInput={(e) => setRequired(e.currentTarget.value)} />
        </label>
        <label>
          {s.algorithms}
          <input class="mono" value={algorithms} onInput={(e) => setAlgorithms(e.currentTarget.value)} />
        </label>
      </div>
      <Submit act={act} disabled={!ready}>
        <button type="button" onClick={cancel}>
          {t.common.cancel}
        </button>
      </Submit>
    </form>
  );
}
