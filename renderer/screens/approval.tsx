import { useEffect, useState } from 'preact/hooks';
import type { Approval as ApprovalRecord } from '../../proxy/contract/index.js';
import { api } from '../api/client.js';
import { concerns, onEvent } from '../api/events.js';
import { pretty } from '../parts/conversation.js';
import { Await, useLoad } from '../parts/load.js';
import { Recorded, words } from '../parts/text.js';
import { VerdictLine } from '../parts/verdict.js';
import { go, to } from '../router.js';
import { t } from '../strings/index.js';
import { Decide } from './approval-decide.js';
import { Left } from './approvals.js';
import '../styles/approvals.css';

/** What would be sent or executed, exactly; facts; the decision. Focus starts on Deny. */
export function Approval({ id }: { id: string }) {
  const approval = useLoad((signal) => api<ApprovalRecord>('GET', `/approvals/${id}`, undefined, signal), [id]);
  const queue = useLoad((signal) => api<{ approvals: ApprovalRecord[] }>('GET', '/approvals?state=pending', undefined, signal), [id]);
  useEffect(
    () =>
      onEvent((e) => {
        if (!concerns(e, 'approval')) return;
        if (e.type !== 'approval' || e.approval.id === id) approval.reload();
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
