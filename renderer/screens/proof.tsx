import { useEffect } from 'preact/hooks';
import type { VerifyReport } from '../../proxy/control/types.js';
import { api } from '../api/client.js';
import type { Job } from '../api/jobs.js';
import { Failure } from '../parts/act.js';
import { Progress, useJob } from '../parts/job.js';
import { PageHead } from '../parts/page-head.js';
import { Time } from '../parts/time.js';
import { t } from '../strings/index.js';
import { ExportForm } from './export-form.js';
import { Retention } from './retention.js';
import '../styles/proof.css';

/** What the ledger's own report says beside the fields that control promises. */
type Report = VerifyReport & {
  ledger?: string;
  seals?: number;
  last?: { sequence: number; hash: string; at: string };
  keys?: { id: string; publicKey: string; trusted: boolean }[];
};

/** Is the record whole? Verifying, taking a copy out, and what retention would remove. */
export function Proof() {
  const verify = useJob<Report>();
  useEffect(() => {
    const stop = new AbortController();
    api<{ jobs: Job<Report>[] }>('GET', '/jobs', undefined, stop.signal).then(
      ({ jobs }) => {
        const last = jobs.filter((j) => j.kind === 'verify' && j.state === 'done').at(-1);
        if (last) verify.set(last);
        // A small record is verified at once; a large one when it is asked for.
        else verify.start('/verify', {});
      },
      () => undefined,
    );
    return () => stop.abort();
  }, []);
  const job = verify.job;
  return (
    <div class="page">
      <PageHead title={t.nav.proof} lead={t.proof.lead}>
        <button type="button" class="primary" disabled={verify.running} onClick={() => verify.start('/verify', {})}>
          {t.proof.verify}
        </button>
      </PageHead>
      <section class="card proof" aria-label={t.proof.result} aria-live="polite">
        <Progress of={verify} label={t.proof.verifying} />
        {!verify.running && job?.state === 'done' && job.result ? <Result job={job} report={job.result} /> : null}
        {!verify.running && job?.state === 'cancelled' ? <p class="muted">{t.proof.stopped}</p> : null}
        {!verify.running && !job && !verify.error ? <p class="muted">{t.proof.notYet}</p> : null}
        <Failure error={verify.error} />
      </section>
      <ExportForm />
      <Retention />
    </div>
  );
}

function Result({ job, report }: { job: Job<Report>; report: Report }) {
  const p = t.proof;
  const rows: [string, preact.ComponentChildren][] = [
    [p.checked, p.records(report.records, report.segments)],
    [p.whatChecked, p.whatCheckedText],
    [p.when, <Time at={job.endedAt ?? job.startedAt} />],
    ...(report.last
      ? [
          [
            p.last,
            <>
              {report.last.sequence.toLocaleString()} · <span class="mono digest">{report.last.hash}</span>
            </>,
          ] as [string, preact.ComponentChildren],
        ]
      : []),
    [p.bound, <Bound report={report} />],
    ...(report.keys ?? []).map((k): [string, preact.ComponentChildren] => [
      p.key,
      <>
        <span class="mono digest">{k.publicKey}</span>{' '}
        <span class={`chip ${k.trusted ? 'allow' : 'block'}`}>{k.trusted ? p.keyKnown : p.keyForeign}</span>
      </>,
    ]),
  ];
  return (
    <>
      <div class={`badge-line ${report.ok ? 'good' : 'bad'}`}>
        <span class="badge-mark" aria-hidden="true">
          {report.ok ? '✓' : '✗'}
        </span>
        <div>
          <h2>{report.ok ? p.verified : p.broken(report.problemCount ?? report.problems.length)}</h2>
          <p class="muted">{report.ok ? p.verifiedHint : p.brokenHint}</p>
        </div>
      </div>
      {report.protectedKeys === false ? <p class="note warn">{p.unprotected}</p> : null}
      {report.problems.length > 0 ? (
        <ol class="problems">
          {report.problems.slice(0, 20).map((problem, i) => (
            <li key={i}>
              <strong>{problem.sentence}</strong>
              <p class="small muted">
                {p.where(problem.segment, problem.line, problem.sequence)} · <span class="mono">{problem.field}</span>{' '}
                {p.should(problem.expected, problem.found)}
              </p>
            </li>
          ))}
        </ol>
      ) : null}
      <dl class="facts">
        {rows.map(([name, value], i) => (
          <div key={i}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {(report.notes ?? []).map((note) => (
        <p key={note} class="hint">
          {note}
        </p>
      ))}
    </>
  );
}

/** What cannot be known: how much could have been cut off the end without a trace. */
function Bound({ report }: { report: Report }) {
  const p = t.proof;
  if (!report.head) return <>{p.noHead}</>;
  const open = report.uncovered && report.uncovered.to > report.uncovered.after;
  return (
    <>
      {p.headAt(report.head.sequence)} <Time at={report.head.at} />.{' '}
      {open && report.uncovered ? p.uncovered(report.uncovered.after + 1, report.uncovered.to) : p.covered}
    </>
  );
}
