import { useEffect, useRef, useState } from 'preact/hooks';
import type { FirstRunState } from '../../proxy/control/types.js';
import { api } from '../api/client.js';
import { live, status, trouble } from '../api/events.js';
import { go, place, to } from '../router.js';
import { screenFor } from '../screens/index.js';
import { t } from '../strings/index.js';
import { Failure, useAct } from './act.js';
import { KeyHelp, useKeys } from './keys.js';
import { UnlockDialog } from './unlock.js';

const NAV = [
  ['sessions', t.nav.history],
  ['approvals', t.nav.approvals],
  ['connections', t.nav.connections],
  ['agents', t.nav.agents],
  ['policies', t.nav.policies],
  ['proof', t.nav.proof],
  ['settings', t.nav.settings],
] as const;

/** Navigation, what needs attention, and the screen. */
export function Shell() {
  const [help, setHelp] = useState(false);
  useKeys({ '?': () => setHelp(true), '/': () => go('/sessions?focus=search') });
  // The desktop's window may be there before its gateway.
  const there = live.value;
  useEffect(() => void (there && toFirstRun()), [there]);
  const { path } = place.value;
  const current = path[0] ?? 'sessions';
  const isAt = (name: string): boolean => current === name || (name === 'sessions' && current === 'replay');
  const now = status.value;
  const pending = now?.pending ?? 0;
  // A new screen begins at its top, and a screen reader begins to read there.
  const main = useRef<HTMLElement>(null);
  const where = path.join('/');
  const first = useRef(true);
  useEffect(() => {
    if (!first.current) {
      main.current?.scrollTo(0, 0);
      if (document.activeElement === document.body || document.activeElement === null) main.current?.focus();
    }
    first.current = false;
  }, [where]);
  useEffect(() => {
    document.title = pending > 0 ? `(${pending}) ${t.app}` : t.app;
  }, [pending]);
  return (
    <div class="shell">
      <a
        class="skip"
        href={to(`/${where}`)}
        onClick={(e) => {
          e.preventDefault();
          main.current?.focus();
        }}
      >
        {t.nav.skip}
      </a>
      <aside class="side">
        <div class="brand">
          <img src="/icon.svg" alt="" />
          {t.app}
        </div>
        <nav aria-label={t.app}>
          {NAV.map(([name, label]) => (
            <a key={name} href={to(`/${name}`)} aria-current={isAt(name) ? 'page' : undefined}>
              {label}
              {name === 'approvals' && pending > 0 ? <span class="chip approve">{pending}</span> : null}
            </a>
          ))}
        </nav>
        <div class="foot">
          <StatusLine />
          <button type="button" class="quiet" onClick={() => setHelp(true)}>
            <kbd>?</kbd> {t.keys.title}
          </button>
        </div>
      </aside>
      <main ref={main} class="main" id="main" tabIndex={-1}>
        <Banners />
        {screenFor(path)}
      </main>
      <KeyHelp open={help} onClose={() => setHelp(false)} />
      <UnlockDialog />
    </div>
  );
}

function StatusLine() {
  const now = status.value;
  const bad = !live.value || now?.state === 'fault';
  const text =
    !live.value && trouble.value
      ? t.status.down
      : now
        ? now.pending > 0
          ? t.status.waiting(now.pending)
          : t.status[now.state]
        : t.status.starting;
  return (
    <div class="row" role="status">
      <span class={`dot ${bad ? 'bad' : now?.frozen || (now?.pending ?? 0) > 0 ? 'warn' : 'ok'}`} />
      <span>{text}</span>
    </div>
  );
}

/** Opened with nothing set up, the console begins with the first steps. */
async function toFirstRun(): Promise<void> {
  if (place.value.path.length > 0) return;
  try {
    const state = await api<FirstRunState>('GET', '/first-run');
    if (state.connections === 0 && state.agents === 0 && !state.demo && !state.firstRequestSeen && place.value.path.length === 0)
      go('/settings/first-run', true);
  } catch {
    // The history's own error says it.
  }
}

function Banners() {
  const now = status.value;
  const act = useAct();
  return (
    <>
      {trouble.value ? (
        <div class="banner fault" role="alert">
          {trouble.value}
        </div>
      ) : null}
      {(now?.faults ?? []).map((fault) => (
        <div key={fault.code + fault.message} class="banner fault" role="alert">
          {fault.message}
        </div>
      ))}
      {now?.frozen ? (
        <div class="banner">
          {t.status.frozen}
          <button type="button" disabled={act.busy} onClick={() => void act.run(() => api('POST', '/resume'))}>
            {t.status.resume}
          </button>
        </div>
      ) : null}
      {now && !now.secrets.protected ? <div class="banner">{t.status.unprotected}</div> : null}
      {now?.demo ? (
        <div class="banner">
          {t.status.demo}
          <button type="button" disabled={act.busy} onClick={() => void act.run(() => api('POST', '/demo/close'))}>
            {t.status.demoRemove}
          </button>
        </div>
      ) : null}
      <Failure error={act.error} />
    </>
  );
}
