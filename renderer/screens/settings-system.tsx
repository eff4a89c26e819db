import { useState } from 'preact/hooks';
import type { Settings } from '../../proxy/contract/index.js';
import { api } from '../api/client.js';
import { Failure, Sure, useAct } from '../parts/act.js';
import { save } from '../parts/copy.js';
import { Await, useLoad } from '../parts/load.js';
import { SettingsForm } from '../parts/settings-form.js';
import { t } from '../strings/index.js';

interface Check {
  id: string;
  ok: boolean;
  message: string;
  advice?: string;
}

/** What is not well, what to do, and the bundle for a maintainer. */
export function DiagnosticsSettings() {
  const s = t.settings.diagnostics;
  const checks = useLoad((signal) => api<{ checks: Check[] }>('GET', '/doctor', undefined, signal), []);
  const [bundle, setBundle] = useState<string | undefined>();
  const act = useAct();
  return (
    <>
      <section class="card" aria-labelledby="checks-title">
        <div class="row between">
          <h2 id="checks-title">{s.checks}</h2>
          <button type="button" onClick={checks.reload}>
            {s.again}
          </button>
        </div>
        <Await of={checks}>
          {(a) => (
            <ul class="checks">
              {a.checks.map((c) => (
                <li key={c.id} class={c.ok ? 'good' : 'bad'}>
                  <span aria-hidden="true">{c.ok ? '✓' : '✗'}</span>
                  <div>
                    <span class="visually-hidden">{c.ok ? s.ok : s.notOk}</span>
                    {c.message}
                    {c.advice ? <p class="hint">{c.advice}</p> : null}
                  </div>
                </li>
              ))}
            </ul>
          )}
        </Await>
      </section>
      <section class="card" aria-labelledby="bundle-title">
        <h2 id="bundle-title">{s.bundle}</h2>
        <p class="muted">{s.bundleLead}</p>
        <Failure error={act.error} />
        <div class="row">
          <button
            type="button"
            disabled={act.busy}
            onClick={() =>
              void act.run(
                () => api('GET', '/diagnostics'),
                (value) => setBundle(JSON.stringify(value, null, 2)),
              )
            }
          >
            {s.show}
          </button>
          {bundle ? (
            <button type="button" class="primary" onClick={() => save('sallyport-diagnostics.json', bundle)}>
              {s.save}
            </button>
          ) : null}
        </div>
        {bundle ? (
          <pre class="code tall" tabIndex={0} aria-label={s.bundle}>
            {bundle}
          </pre>
        ) : null}
      </section>
    </>
  );
}

/** Tray, login item, updates; and what to do where no tray is shown. */
export function DesktopSettings({ settings, reload, desktop }: { settings: Settings; reload: () => void; desktop: boolean }) {
  const s = t.settings.desktop;
  const [login, setLogin] = useState(settings.preferences.launchAtLogin);
  const [updates, setUpdates] = useState(settings.preferences.updates);
  return (
    <>
      <SettingsForm
        title={s.title}
        {...(desktop ? {} : { lead: s.headless })}
        reload={reload}
        patch={() => ({ preferences: { launchAtLogin: login, updates } })}
      >
        <label class="inline">
          <input type="checkbox" checked={login} onChange={(e) => setLogin(e.currentTarget.checked)} />
          {s.login}
        </label>
        <label class="inline">
          <input type="checkbox" checked={updates === 'check'} onChange={(e) => setUpdates(e.currentTarget.checked ? 'check' : 'off')} />
          <span>
            {s.updates} <span class="hint">{s.updatesHint}</span>
          </span>
        </label>
      </SettingsForm>
      <section class="card" aria-labelledby="no-tray">
        <h2 id="no-tray">{s.noTray}</h2>
        <p>{s.noTrayLead}</p>
        <ul class="help">
          {s.noTraySteps.map((step) => (
            <li key={step}>{step}</li>
          ))}
        </ul>
      </section>
    </>
  );
}

/** The demo workspace, opened and closed in one click. */
export function DemoSettings() {
  const s = t.settings.demo;
  const state = useLoad((signal) => api<{ open: boolean; available: boolean }>('GET', '/demo', undefined, signal), []);
  const act = useAct();
  return (
    <section class="card" aria-labelledby="demo-title">
      <h2 id="demo-title">{s.title}</h2>
      <p>{s.lead}</p>
      <Failure error={act.error} />
      <Await of={state}>
        {(d) => (
          <div class="row">
            {d.open ? (
              <Sure
                label={s.close}
                sure={s.closeSure}
                disabled={act.busy}
                onYes={() => void act.run(() => api('POST', '/demo/close'), state.reload)}
              />
            ) : (
              <button
                type="button"
                class="primary"
                disabled={act.busy || !d.available}
                onClick={() => void act.run(() => api('POST', '/demo/open'), state.reload)}
              >
                {act.busy ? t.common.working : s.open}
              </button>
            )}
            <span role="status" class="muted">
              {d.open ? s.isOpen : d.available ? '' : s.unavailable}
            </span>
          </div>
        )}
      </Await>
    </section>
  );
}
