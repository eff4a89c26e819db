import { useState } from 'preact/hooks';
import type { BacktestChange, BacktestReport } from '../../proxy/policy/backtest-types.js';
import { Failure } from '../parts/act.js';
import { Progress, useJob } from '../parts/job.js';
import { Time } from '../parts/time.js';
import { to } from '../router.js';
import { t } from '../strings/index.js';

const DAY = 86_400_000;
const SHOWN = 50;

/** The draft tried on recorded sessions: what would be judged otherwise, likely false alarms first. */
export function Backtest({ source, name, ok }: { source: string; name: string | undefined; ok: boolean }) {
  const [days, setDays] = useState(30);
  const job = useJob<BacktestReport>();
  const b = t.policies.backtest;
  const start = (): void =>
    job.start('/policy/backtest', {
      source,
      ...(name ? { name } : {}),
      ...(days > 0 ? { since: new Date(Date.now() - days * DAY).toISOString() } : {}),
    });
  return (
    <div class="stack">
      <p class="muted">{b.lead}</p>
      <div class="row">
        <label class="inline">
          {b.since}
          <select value={String(days)} onChange={(e) => setDays(Number(e.currentTarget.value))}>
            {[1, 7, 30, 90, 0].map((n) => (
              <option key={n} value={String(n)}>
                {b.days(n)}
              </option>
            ))}
          </select>
        </label>
        <button type="button" class="primary" disabled={job.running || !ok} onClick={start}>
          {b.run}
        </button>
        {ok ? null : <span class="error">{b.notOk}</span>}
      </div>
      <Progress of={job} label={b.run} />
      <Failure error={job.error} />
      {!job.running && job.job?.state === 'done' && job.job.result ? <Report report={job.job.result} /> : null}
    </div>
  );
}

function Report({ report }: { report: BacktestReport }) {
  const b = t.policies.backtest;
  const alarms = report.changes.filter((c) => c.likelyFalseAlarm);
  const rest = report.changes.filter((c) => !c.likelyFalseAlarm);
  return (
    <div class="stack" role="status">
      <p>
        <strong>{b.result(report.exchanges, report.changes.length)}</strong>{' '}
        <span class="muted">{b.took(report.seconds, report.skipped)}</span>
      </p>
      <p class="row">
        {(['allow', 'mask', 'approve', 'block'] as const).map((action) => (
          <span key={action} class={`chip ${action}`}>
            {t.action[action]} {report.totals[action] ?? 0}
          </span>
        ))}
      </p>
      {report.byRule.length > 0 ? (
        <ul class="plain">
          {report.byRule.map((r) => (
            <li key={`${r.rule}-${r.becomes}`}>
              <span class="mono">{r.rule}</span> <span class={`chip ${r.becomes}`}>{t.action[r.becomes]}</span> {b.exchanges(r.exchanges)}
            </li>
          ))}
        </ul>
      ) : null}
      <Changes title={b.alarms(alarms.length)} hint={b.alarmsHint} changes={alarms} />
      <Changes title={b.others(rest.length)} changes={rest} />
    </div>
  );
}

function Changes({ title, hint, changes }: { title: string; hint?: string; changes: readonly BacktestChange[] }) {
  const [all, setAll] = useState(false);
  if (changes.length === 0) return null;
  return (
    <section class="stack" aria-label={title}>
      <h3>{title}</h3>
      {hint ? <p class="hint">{hint}</p> : null}
      <table class="table">
        <tbody>
          {(all ? changes : changes.slice(0, SHOWN)).map((c) => (
            <tr key={`${c.exchange}-${c.rule}`}>
              <td>
                <a href={to(`/sessions/${c.session}?x=${c.exchange}`)}>{c.agent}</a>{' '}
                <span class="muted small">
                  <Time at={c.at} />
                </span>
              </td>
              <td>
                <span class={`chip ${c.was}`}>{t.action[c.was]}</span> → <span class={`chip ${c.becomes}`}>{t.action[c.becomes]}</span>
              </td>
              <td>
                {c.sentence} <span class="mono muted small">{c.rule}</span>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {!all && changes.length > SHOWN ? (
        <button type="button" class="quiet" onClick={() => setAll(true)}>
          {t.policies.backtest.showAll(changes.length)}
        </button>
      ) : null}
    </section>
  );
}
