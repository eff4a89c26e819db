import { useState } from 'preact/hooks';
import type { Budget } from '../../proxy/contract/index.js';
import type { AgentView } from '../../proxy/control/types.js';
import { api } from '../api/client.js';
import { status } from '../api/events.js';
import { Failure, useAct } from '../parts/act.js';
import { useLoad } from '../parts/load.js';
import { Draft, NumberField, SettingsForm } from '../parts/settings-form.js';
import { duration } from '../parts/time.js';
import { to } from '../router.js';
import { t } from '../strings/index.js';
import { words } from './agent-form.js';
import { Grants } from './grants.js';
import type { PageProps } from './settings.js';

interface Quality {
  decided: number;
  approved: number;
  medianSeconds?: number;
  underTwoSeconds?: number;
}

/** How long a request waits for a person, and what must be opened. */
export function ApprovalSettings({ settings, reload }: PageProps) {
  const s = t.settings.approvals;
  const [expires, setExpires] = useState<number | ''>(settings.approvals.expiresInSeconds / 60);
  const [heartbeat, setHeartbeat] = useState<number | ''>(settings.approvals.heartbeatSeconds);
  const [classes, setClasses] = useState(settings.approvals.mustOpenClasses.join(', '));
  const quiet = useAct();
  const quality = useLoad((signal) => api<Quality>('GET', '/approvals/quality', undefined, signal), []);
  return (
    <>
      <SettingsForm
        title={s.title}
        reload={reload}
        patch={() => ({
          approvals: {
            expiresInSeconds: Math.round(Number(expires) * 60),
            heartbeatSeconds: Number(heartbeat),
            mustOpenClasses: words(classes),
          },
        })}
      >
        <div class="two">
          <NumberField label={s.expires} hint={s.expiresHint} min={0.1} max={1440} step="any" value={expires} onInput={setExpires} />
          <NumberField label={s.heartbeat} hint={s.heartbeatHint} min={1} max={300} value={heartbeat} onInput={setHeartbeat} />
        </div>
        <label>
          {s.classes} <span class="hint">{s.classesHint}</span>
          <textarea rows={2} value={classes} onInput={(e) => setClasses(e.currentTarget.value)} />
        </label>
      </SettingsForm>
      <section class="card">
        <h2>{s.quiet}</h2>
        <label class="inline">
          <input
            type="checkbox"
            checked={status.value?.doNotDisturb ?? settings.approvals.doNotDisturb}
            disabled={quiet.busy}
            onChange={(e) => void quiet.run(() => api('PUT', '/do-not-disturb', { on: e.currentTarget.checked }))}
          />
          {s.quietHint}
        </label>
        <Failure error={quiet.error} />
      </section>
      <Grants />
      {quality.value && quality.value.decided > 0 ? (
        <section class="card">
          <h2>{s.quality}</h2>
          <p>
            {s.decided(quality.value.decided, quality.value.approved)}
            {quality.value.medianSeconds === undefined ? '' : ` ${s.median(duration(quality.value.medianSeconds * 1_000))}`}
          </p>
          {(quality.value.underTwoSeconds ?? 0) > 0.5 ? <p class="note warn">{s.tooFast}</p> : null}
          <p class="hint">{s.kept}</p>
        </section>
      ) : null}
    </>
  );
}

/** Soft stops. */
export function BudgetSettings({ settings, reload }: PageProps) {
  const s = t.settings.budgets;
  const [list, setList] = useState<Budget[]>(settings.budgets);
  const agents = useLoad((signal) => api<{ agents: AgentView[] }>('GET', '/agents', undefined, signal), []);
  const change = (i: number, part: Partial<Budget>): void => setList(list.map((b, at) => (at === i ? { ...b, ...part } : b)));
  const limit = (i: number, unit: 'tokens' | 'cost' | 'requests', value: number | ''): void => {
    const { [unit]: _, ...rest } = list[i]?.limit ?? {};
    change(i, { limit: value === '' ? rest : { ...rest, [unit]: value } });
  };
  return (
    <SettingsForm title={s.title} lead={s.lead} reload={reload} patch={() => ({ budgets: list })}>
      {list.length === 0 ? <p class="muted">{s.none}</p> : null}
      {list.map((b, i) => (
        <Draft key={i} name={b.id} remove={() => setList(list.filter((_, at) => at !== i))}>
          <label>
            {s.id}
            <input value={b.id} onInput={(e) => change(i, { id: e.currentTarget.value })} />
          </label>
          <label>
            {s.agent}
            <select value={b.agent} onChange={(e) => change(i, { agent: e.currentTarget.value })}>
              <option value="*">{s.every}</option>
              {(agents.value?.agents ?? []).map((a) => (
                <option key={a.id} value={a.id}>
                  {a.name}
                </option>
              ))}
            </select>
          </label>
          <label>
            {s.per}
            <select value={b.per} onChange={(e) => change(i, { per: e.currentTarget.value as Budget['per'] })}>
              <option value="day">{s.day}</option>
              <option value="minute">{s.minute}</option>
            </select>
          </label>
          <NumberField label={s.requests} min={1} value={b.limit.requests ?? ''} onInput={(v) => limit(i, 'requests', v)} />
          <NumberField label={s.tokens} min={1} value={b.limit.tokens ?? ''} onInput={(v) => limit(i, 'tokens', v)} />
          <NumberField
            label={s.cost}
            hint={s.costHint}
            min={0}
            step="any"
            value={b.limit.cost ?? ''}
            onInput={(v) => limit(i, 'cost', v)}
          />
        </Draft>
      ))}
      <div class="row">
        <button
          type="button"
          onClick={() => setList([...list, { id: `budget-${list.length + 1}`, agent: '*', per: 'day', limit: { requests: 1_000 } }])}
        >
          {s.add}
        </button>
      </div>
    </SettingsForm>
  );
}

/** How long recordings are kept. */
export function RetentionSettings({ settings, reload }: PageProps) {
  const s = t.settings.retention;
  const { days, bytes } = settings.ledger.retention;
  const [keepDays, setDays] = useState<number | ''>(days ?? '');
  const [keepGb, setGb] = useState<number | ''>(bytes === undefined ? '' : bytes / 1e9);
  return (
    <SettingsForm
      title={s.title}
      lead={
        <>
          {s.lead} <a href={to('/proof')}>{s.tryIt}</a>
        </>
      }
      reload={reload}
      patch={() => ({
        ledger: { retention: { days: keepDays === '' ? null : keepDays, bytes: keepGb === '' ? null : Math.round(keepGb * 1e9) } },
      })}
    >
      <div class="two">
        <NumberField label={s.days} hint={s.empty} min={1} value={keepDays} onInput={setDays} />
        <NumberField label={s.bytes} hint={s.empty} min={0.001} step="any" value={keepGb} onInput={setGb} />
      </div>
    </SettingsForm>
  );
}
