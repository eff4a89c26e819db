import { useEffect, useState } from 'preact/hooks';
import type { Approval } from '../../proxy/contract/index.js';
import { type ApiError, api } from '../api/client.js';
import { concerns, onEvent } from '../api/events.js';
import { useKeys } from '../parts/keys.js';
import { Await, useLoad } from '../parts/load.js';
import { PageHead } from '../parts/page-head.js';
import { Table } from '../parts/table.js';
import { ago, duration, Time } from '../parts/time.js';
import { go, to } from '../router.js';
import { t } from '../strings/index.js';
import '../styles/approvals.css';

/** The inbox: what waits, with time left; below what was decided. */
export function Approvals() {
  const list = useLoad((signal) => api<{ approvals: Approval[] }>('GET', '/approvals', undefined, signal), []);
  useEffect(() => onEvent((e) => concerns(e, 'approval') && list.reload()), []);
  return (
    <div class="page">
      <PageHead title={t.nav.approvals} lead={t.approvals.lead} />
      <Await of={list}>{({ approvals }) => <Inbox approvals={approvals} />}</Await>
    </div>
  );
}

function Inbox({ approvals }: { approvals: Approval[] }) {
  const [now, setNow] = useState(Date.now());
  const [active, setActive] = useState(0);
  const [chosen, setChosen] = useState<Set<string>>(new Set());
  const [error, setError] = useState<ApiError | undefined>();
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, []);
  const pending = approvals.filter((a) => a.state === 'pending').sort((a, b) => a.expiresAt.localeCompare(b.expiresAt));
  const ended = approvals.filter((a) => a.state !== 'pending').sort((a, b) => b.createdAt.localeCompare(a.createdAt));
  useKeys({
    j: () => setActive((i) => Math.min(pending.length - 1, i + 1)),
    k: () => setActive((i) => Math.max(0, i - 1)),
    Enter: () => pending[active] && go(`/approvals/${pending[active]?.id}`),
  });
  const denyAll = async (): Promise<void> => {
    try {
      await api('POST', '/approvals/deny', { items: pending.filter((a) => chosen.has(a.id)).map(({ id, version }) => ({ id, version })) });
      setChosen(new Set());
      setError(undefined);
    } catch (caught) {
      setError(caught as ApiError);
    }
  };
  return (
    <>
      {pending.length === 0 ? (
        <div class="card empty">
          <h2>{t.approvals.nothing}</h2>
          <p>{t.approvals.nothingHint}</p>
        </div>
      ) : (
        <section class="stack" aria-label={t.approvals.waiting}>
          <div class="row between">
            <h2>{t.approvals.waitingN(pending.length)}</h2>
            {chosen.size > 0 ? (
              <button type="button" class="danger" onClick={() => void denyAll()}>
                {t.approvals.denyN(chosen.size)}
              </button>
            ) : null}
          </div>
          {error ? (
            <p class="error" role="alert">
              {error.message}
            </p>
          ) : null}
          <ul class="inbox">
            {pending.map((a, i) => (
              <li key={a.id} class={i === active ? 'active' : ''}>
                <input
                  type="checkbox"
                  aria-label={t.approvals.choose(a.code)}
                  checked={chosen.has(a.id)}
                  onChange={(e) => {
                    const next = new Set(chosen);
                    if (e.currentTarget.checked) next.add(a.id);
                    else next.delete(a.id);
                    setChosen(next);
                  }}
                />
                <a href={to(`/approvals/${a.id}`)}>
                  <span class="title">
                    {t.approvals.wants(a.agent.name, a.tool?.name, a.model ?? a.connection)} <span class="chip mono">{a.code}</span>
                  </span>
                  <span class="muted small">{a.tool?.risks[0]?.sentence ?? a.verdicts[0]?.sentence}</span>
                </a>
                <Left expiresAt={a.expiresAt} now={now} waiting={a.clientWaiting} />
              </li>
            ))}
          </ul>
        </section>
      )}
      {ended.length > 0 ? (
        <section class="stack" aria-label={t.approvals.decided}>
          <h2>{t.approvals.decided}</h2>
          <Table heads={[t.approvals.columns.what, t.approvals.columns.state, t.approvals.columns.who, t.approvals.columns.when]}>
            {ended.slice(0, 100).map((a) => (
              <tr key={a.id}>
                <td>
                  <a href={to(`/approvals/${a.id}`)}>{t.approvals.wants(a.agent.name, a.tool?.name, a.model ?? a.connection)}</a>{' '}
                  <span class="chip mono">{a.code}</span>
                </td>
                <td>
                  <span class={`chip ${a.state === 'approved' || a.state === 'used' ? 'allow' : a.state === 'denied' ? 'block' : ''}`}>
                    {t.approvals.states[a.state]}
                  </span>
                </td>
                <td>{a.decisions.map((d) => d.personName).join(', ') || t.common.none}</td>
                <td title={a.createdAt}>
                  {ago(a.decisions.at(-1)?.at ?? a.createdAt, now)}
                  <span class="visually-hidden">
                    {' '}
                    <Time at={a.createdAt} />
                  </span>
                </td>
              </tr>
            ))}
          </Table>
        </section>
      ) : null}
    </>
  );
}

/** Time left, and whether a client still waits. */
export function Left({ expiresAt, now, waiting }: { expiresAt: string; now: number; waiting: boolean }) {
  const ms = Date.parse(expiresAt) - now;
  return (
    <span class="left small">
      <strong class={ms < 60_000 ? 'error' : ''}>{ms > 0 ? duration(Math.round(ms / 1_000) * 1_000) : t.approvals.states.expired}</strong>
      <span class="muted">{waiting ? t.approvals.clientWaits : t.approvals.clientGone}</span>
    </span>
  );
}
