import { useEffect, useRef } from 'preact/hooks';
import type { AgentView } from '../../proxy/control/types.js';
import { Copy } from '../parts/copy.js';
import { t } from '../strings/index.js';
import { Snippets } from './snippets.js';

/** A key, this once, and what to paste. The key leaves the page when this is closed. */
export function AgentKey({ made, close }: { made: { agent: AgentView; key: string }; close: () => void }) {
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => title.current?.focus(), []);
  const s = t.agents;
  return (
    <section class="card key-card" aria-labelledby="agent-key-title">
      <h2 id="agent-key-title" ref={title} tabIndex={-1}>
        {s.keyOf(made.agent.name)}
      </h2>
      <p>{s.keyOnce}</p>
      <div class="row">
        <code class="key">{made.key}</code>
        <Copy text={made.key} label={s.copyKey} />
        <Copy text={`export SALLYPORT_KEY=${made.key}`} label={s.copyExport} />
      </div>
      <Snippets scope={made.agent.scope.connections} />
      <div class="row">
        <button type="button" onClick={close}>
          {s.keyKept}
        </button>
      </div>
    </section>
  );
}
