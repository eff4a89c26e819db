import { useEffect, useRef, useState } from 'preact/hooks';
import type { Approval as ApprovalRecord } from '../../proxy/contract/index.js';
import { type ApiError, api } from '../api/client.js';
import { t } from '../strings/index.js';

/** The decision of a person: focus starts on Deny, and approving what is risky takes a deliberate step. */
export function Decide({ approval: a, done }: { approval: ApprovalRecord; done: () => void }) {
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
