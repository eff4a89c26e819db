import { useState } from 'preact/hooks';
import type { Connection } from '../../proxy/contract/index.js';
import { api } from '../api/client.js';
import { readRules } from '../api/connection-rules.js';
import { Submit, useAct } from '../parts/act.js';
import { t } from '../strings/index.js';

const lines = (list: Connection['rules']): string => (list ?? []).map((r) => `${r.method} ${r.path}`).join('\n');

/** Which further paths go through: pass-through (not looked into), and the allowed ones of an HTTP API. */
export function PathRules({ connection: c, done }: { connection: Connection; done: () => void }) {
  const [passthrough, setPassthrough] = useState(lines(c.passthrough));
  const [rules, setRules] = useState(lines(c.rules));
  const act = useAct();
  const f = t.connections;
  return (
    <form
      class="stack inset"
      onSubmit={(e) => {
        e.preventDefault();
        void act.run(
          () =>
            api('PATCH', `/connections/${c.name}`, {
              passthrough: readRules(passthrough),
              ...(c.dialect === 'http' ? { rules: readRules(rules) } : {}),
            }),
          done,
        );
      }}
    >
      {c.dialect === 'http' ? (
        <label>
          {f.form.rules} <span class="hint">{f.form.rulesHint}</span>
          <textarea rows={4} value={rules} spellcheck={false} onInput={(e) => setRules(e.currentTarget.value)} />
        </label>
      ) : null}
      <label>
        {f.passthrough} <span class="hint">{f.passthroughHint}</span>
        <textarea
          rows={4}
          value={passthrough}
          spellcheck={false}
          placeholder="POST /v1/files"
          onInput={(e) => setPassthrough(e.currentTarget.value)}
        />
      </label>
      <Submit act={act} />
    </form>
  );
}
