import type { Explanation } from '../../proxy/policy/types.js';
import { api } from '../api/client.js';
import { Await, useLoad } from '../parts/load.js';
import { Action } from '../parts/verdict.js';
import { t } from '../strings/index.js';

/** Which rules matched, which won, and the nearest that did not. */
export function Explain({ exchange }: { exchange: string }) {
  const found = useLoad((signal) => api<Explanation>('GET', `/exchanges/${exchange}/explain`, undefined, signal), [exchange]);
  const x = t.explain;
  return (
    <Await of={found}>
      {(e) => (
        <div class="stack">
          <p class="muted">
            {e.changedSince ? x.changed : x.same} <span class="mono">{e.policyRevision}</span>
          </p>
          <ol class="explained">
            {e.subjects.map((s, i) => (
              <li key={i}>
                <h3>{s.about}</h3>
                <p>
                  <Action action={s.action} /> {s.sentence} <span class="mono muted small">{s.rule}</span>
                </p>
                {s.matched.length > 1 ? (
                  <ul class="plain small">
                    {s.matched.slice(1).map((m) => (
                      <li key={m.rule}>
                        {x.also} <Action action={m.action} /> <span class="mono">{m.rule}</span>
                      </li>
                    ))}
                  </ul>
                ) : null}
                {s.nearest ? (
                  <p class="hint">
                    {x.nearest} <span class="mono">{s.nearest.rule}</span>: {s.nearest.because}
                  </p>
                ) : null}
              </li>
            ))}
          </ol>
        </div>
      )}
    </Await>
  );
}
