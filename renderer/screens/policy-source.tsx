import { useEffect, useRef } from 'preact/hooks';
import type { PolicyProblem } from '../../proxy/policy/types.js';
import { t } from '../strings/index.js';

/** What the gateway says of a source while it is typed. */
export interface Check {
  ok: boolean;
  problems: PolicyProblem[];
  rules: { id: string; action: string }[];
}

/** The text of a policy; `caret` is where a problem was chosen. */
export function SourceEditor({
  source,
  change,
  readOnly,
  caret,
  problems,
}: {
  source: string;
  change: (source: string) => void;
  readOnly: boolean;
  caret: number | undefined;
  problems: readonly PolicyProblem[];
}) {
  const area = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    if (caret === undefined || !area.current) return;
    area.current.focus();
    area.current.setSelectionRange(caret, caret);
  }, [caret]);
  const lines = source.split('\n').length;
  const bad = new Set(problems.map((p) => p.line));
  return (
    <div class="editor">
      <pre class="gutter" aria-hidden="true">
        {Array.from({ length: lines }, (_, i) => (
          <span key={i} class={bad.has(i + 1) ? 'bad' : ''}>
            {i + 1}
          </span>
        ))}
      </pre>
      <textarea
        ref={area}
        rows={Math.max(14, lines)}
        wrap="off"
        spellcheck={false}
        readOnly={readOnly}
        aria-label={t.policies.tabs.source}
        value={source}
        onInput={(e) => change(e.currentTarget.value)}
      />
    </div>
  );
}

/** What is wrong, with its place, and what the examples said. */
/** What is wrong, line by line, or that all is well. */
export function Problems({ check, go: show }: { check: Check | undefined; go: (problem: PolicyProblem) => void }) {
  const p = t.policies;
  return (
    <section class="card" aria-label={p.checks} aria-live="polite">
      {!check ? (
        <p class="muted">{p.checking}</p>
      ) : check.problems.length === 0 ? (
        <p class="good">✓ {p.allWell(check.rules.length)}</p>
      ) : (
        <ul class="problems">
          {check.problems.map((problem, i) => (
            <li key={i}>
              <span class={`chip ${problem.severity === 'error' ? 'block' : 'approve'}`}>{p.severity[problem.severity]}</span>{' '}
              {problem.message} {problem.suggestion ?? ''}{' '}
              {problem.line === undefined ? null : (
                <button type="button" class="link" onClick={() => show(problem)}>
                  {p.at(problem.line, problem.column ?? 1)}
                </button>
              )}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
