import { useEffect, useRef, useState } from 'preact/hooks';
import type { Approval as ApprovalRecord } from '../../proxy/contract/index.js';
import { type ApiError, api } from '../api/client.js';
import { onEvent } from '../api/events.js';
import { pretty } from '../parts/conversation.js';
import { Await, useLoad } from '../parts/load.js';
import { Recorded, words } from '../parts/text.js';
import { VerdictLine } from '../parts/verdict.js';
import { go, to } from '../router.js';
import { t } from '../strings/index.js';
import { Left } from './approvals.js';
import '../styles/approvals.css';

/** What would be sent or executed, exactly; facts; the decision. Focus starts on Deny. */
export function Approval({ id }: { id: string }) {
  const approval = useLoad((signal) => api<ApprovalRecord>('GET', `/approvals/${id}`, undefined, signal), [id]);
  const queue = useLoad((signal) => api<{ approvals: ApprovalRecord[] }>('GET', '/approvals?state=pending', undefined, signal), [id]);
  useEffect(
    () =>
      onEvent((e) => {
        if (e.type !== 'approval') return;
        if (e.approval.id === id) approval.reload();
        queue.reload();
      }),
    [id],
  );
  const others = (queue.value?.approvals ?? []).filter((a) => a.id !== id);
  return (
    <div class="page approval">
      <Await of={approval}>{(a) => <Body approval={a} reload={approval.reload} next={others[0]?.id} more={others.length} />}</Await>
    </div>
  );
}

function Body({
  approval: a,
  reload,
  next,
  more,
}: {
  approval: ApprovalRecord;
  reload: () => void;
  next: string | undefined;
  more: number;
}) {
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, []);
  const pending = a.state === 'pending';
  return (
    <>
      <header>
        <div>
          <p class="small">
            <a href={to('/approvals')}>{t.nav.approvals}</a>{' '}
            {more > 0 && next ? <a href={to(`/approvals/${next}`)}>· {t.approvals.next(more)}</a> : null}
          </p>
          <h1>{t.approvals.wants(a.agent.name, a.tool?.name, a.model ?? a.connection)}</h1>
          <p>
            {t.approvals.destination(a.destination)} · {t.approvals.code} <strong class="mono">{a.code}</strong>
          </p>
        </div>
        {pending ? (
          <Left expiresAt={a.expiresAt} now={now} waiting={a.clientWaiting} />
        ) : (
          <span class={`chip ${a.state === 'approved' || a.state === 'used' ? 'allow' : 'block'}`}>{t.approvals.states[a.state]}</span>
        )}
      </header>
      <section class="card" aria-label={t.approvals.why}>
        <h2>{t.approvals.why}</h2>
        {a.verdicts.map((v, i) => (
          <VerdictLine key={i} verdict={v} />
        ))}
        {a.tool && (a.tool.facts.length > 0 || a.tool.risks.length > 0) ? (
          <ul class="facts-list">
            {a.tool.risks.map((risk) => (
              <li key={risk.id}>
                <span class={`chip ${risk.level === 'catastrophic' ? 'block' : risk.level === 'risky' ? 'approve' : ''}`}>
                  {risk.level}
                </span>{' '}
                {risk.sentence}
              </li>
            ))}
            {a.tool.facts.map((fact, i) => (
              <li key={i}>
                <strong>{words(fact.kind.replaceAll('-', '_'))}</strong>{' '}
                {fact.target ? (
                  <code>
                    <Recorded text={fact.target} />
                  </code>
                ) : null}{' '}
                {fact.detail ? <span class="muted">{fact.detail}</span> : null}
              </li>
            ))}
          </ul>
        ) : null}
      </section>
      <section class="card" aria-label={t.approvals.exactly}>
        <h2>{a.kind === 'tool-call' ? t.approvals.wouldRun : t.approvals.wouldSend}</h2>
        {a.shown.map((part) => (
          <div key={part.partId} class="stack">
            <h3 class="muted small">{part.title}</h3>
            <pre class="code wrap">
              {part.findings.length > 0 ? (
                <Marked text={part.text} findings={part.findings} />
              ) : (
                <Recorded text={pretty(part.text)} limit={100_000} />
              )}
            </pre>
          </div>
        ))}
        <p class="hint">
          {t.approvals.bound} <span class="mono digest">{a.digest}</span> ·{' '}
          <a href={to(`/sessions/${a.session}?x=${a.exchange}`)}>{t.approvals.inSession}</a>
        </p>
      </section>
      {pending ? <Decide approval={a} done={() => (next ? go(`/approvals/${next}`) : reload())} /> : null}
      {a.decisions.map((d, i) => (
        <p key={i} class="muted">
          {t.approvals.decidedBy(d.personName, d.decision)} {d.reason ? `“${d.reason}”` : ''}
        </p>
      ))}
    </>
  );
}

/** Spans that a detector found, marked. Offsets are those of the text. */
function Marked({ text, findings }: { text: string; findings: ApprovalRecord['shown'][number]['findings'] }) {
  const out: preact.ComponentChildren[] = [];
  let at = 0;
  for (const f of [...findings].sort((p, q) => p.start - q.start)) {
    if (f.start < at || f.end > text.length) continue;
    out.push(<Recorded key={`t${f.start}`} text={text.slice(at, f.start)} />);
    out.push(
      <mark key={f.start} title={`${words(f.entity)}: ${f.why}`}>
        <Recorded text={text.slice(f.start, f.end)} />
      </mark>,
    );
    at = f.end;
  }
  out.push(<Recorded key="end" text={text.slice(at)} limit={100_000} />);
  return <>{out}</>;
}

function Decide({ approval: a, done }: { approval: ApprovalRecord; done: () => void }) {
  const deny = useRef<HTMLButtonElement>(null);
  const [reason, setReason] = useState('');
  const [read, setRead] = useState(false);
  const [shape, setShape] = useState(false);
  const [pattern, setPattern] = useState<string | undefined>();
  const [minutes, setMinutes] = useState(60);
  const [edited, setEdited] = useState<string | undefined>();
  const [error, setError] = useState<ApiError | undefined>();
  const [busy, setBusy] = useState(false);
  useEffect(() => deny.current?.focus(), [a.id]);
  const part = a.shown[0];
  const decide = async (decision: 'approve' | 'deny', more: Record<string, unknown> = {}): Promise<void> => {
    setBusy(true);
    try {
      await api('POST', `/approvals/${a.id}/decision`, {
        version: a.version,
        decision,
        ...(reason.trim() ? { reason: reason.trim() } : {}),
        ...more,
      });
      done();
    } catch (caught) {
      setError(caught as ApiError);
    } finally {
      setBusy(false);
    }
  };
  const openShape = async (): Promise<void> => {
    setShape(true);
    try {
      const found = await api<{ pattern?: string; suggestion?: { pattern: string } }>('GET', `/approvals/${a.id}/pattern`);
      setPattern(found.suggestion?.pattern ?? found.pattern ?? '');
    } catch (caught) {
      setError(caught as ApiError);
    }
  };
  // High-risk classes need a deliberate step before anything can be approved.
  const locked = a.demand.mustOpen && !read;
  const edits = edited !== undefined && part ? { edited: [{ partId: part.partId, text: edited }] } : {};
  return (
    <section class="card decide" aria-label={t.approvals.decide}>
      {error ? (
        <p class="error" role="alert">
          {error.message}
        </p>
      ) : null}
      <label>
        {t.approvals.reason} <span class="hint">{t.approvals.reasonHint}</span>
        <input value={reason} maxLength={500} onInput={(e) => setReason(e.currentTarget.value)} />
      </label>
      {edited !== undefined ? (
        <label>
          {t.approvals.editLabel}
          <textarea rows={8} value={edited} onInput={(e) => setEdited(e.currentTarget.value)} />
        </label>
      ) : null}
      {shape ? (
        <div class="two">
          <label>
            {t.approvals.pattern} <span class="hint">{t.approvals.patternHint}</span>
            <textarea rows={3} value={pattern ?? ''} onInput={(e) => setPattern(e.currentTarget.value)} />
          </label>
          <label>
            {t.approvals.minutes}
            <input type="number" min={1} max={1440} value={minutes} onInput={(e) => setMinutes(Number(e.currentTarget.value))} />
          </label>
        </div>
      ) : null}
      {a.demand.mustOpen ? (
        <label class="inline">
          <input type="checkbox" checked={read} onChange={(e) => setRead(e.currentTarget.checked)} />
          {t.approvals.readIt(a.code)}
        </label>
      ) : null}
      <div class="row">
        <button ref={deny} type="button" class="danger" disabled={busy} onClick={() => void decide('deny')}>
          {t.approvals.deny}
        </button>
        <button type="button" disabled={busy || locked} onClick={() => void decide('approve', edits)}>
          {edited === undefined ? t.approvals.approve : t.approvals.approveEdited}
        </button>
        {shape ? (
          <button
            type="button"
            disabled={busy || locked || !pattern}
            onClick={() => void decide('approve', { grant: { pattern, minutes } })}
          >
            {t.approvals.approveShape(minutes)}
          </button>
        ) : (
          <button type="button" class="quiet" onClick={() => void openShape()}>
            {t.approvals.shape}
          </button>
        )}
        {edited === undefined && part ? (
          <button type="button" class="quiet" onClick={() => setEdited(part.text)}>
            {t.approvals.edit}
          </button>
        ) : null}
      </div>
    </section>
  );
}
