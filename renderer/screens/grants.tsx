import type { Grant } from '../../proxy/contract/index.js';
import { api } from '../api/client.js';
import { Failure, useAct } from '../parts/act.js';
import { Await, useLoad } from '../parts/load.js';
import { Recorded } from '../parts/text.js';
import { Time } from '../parts/time.js';
import { t } from '../strings/index.js';

/** Standing approvals of a shape: what they cover, how often they were used, and taking them back. */
export function Grants() {
  const list = useLoad((signal) => api<{ grants: Grant[] }>('GET', '/grants', undefined, signal), []);
  const act = useAct();
  const g = t.settings.grants;
  return (
    <section class="card" aria-labelledby="grants-title">
      <h2 id="grants-title">{g.title}</h2>
      <Failure error={act.error} />
      <Await of={list}>
        {({ grants }) => {
          const open = grants.filter((one) => !one.revokedAt && Date.parse(one.expiresAt) > Date.now());
          if (open.length === 0) return <p class="muted">{g.none}</p>;
          return (
            <ul class="plain">
              {open.map((one) => (
                <li key={one.id} class="row between">
                  <span>
                    <span class="chip">{one.tool}</span>{' '}
                    <code>
                      <Recorded text={one.pattern} limit={200} />
                    </code>{' '}
                    <span class="muted small">
                      {g.uses(one.uses)} · {g.until} <Time at={one.expiresAt} />
                    </span>
                  </span>
                  <button
                    type="button"
                    disabled={act.busy}
                    onClick={() => void act.run(() => api('DELETE', `/grants/${one.id}`), list.reload)}
                  >
                    {g.revoke}
                  </button>
                </li>
              ))}
            </ul>
          );
        }}
      </Await>
    </section>
  );
}
