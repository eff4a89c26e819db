import { useState } from 'preact/hooks';
import type { Connection } from '../../proxy/contract/index.js';
import type { AgentView } from '../../proxy/control/types.js';
import { api } from '../api/client.js';
import { Submit, useAct } from '../parts/act.js';
import { useLoad } from '../parts/load.js';
import { to } from '../router.js';
import { t } from '../strings/index.js';

const OPERATIONS = ['chat', 'responses', 'embeddings', 'models', 'messages', 'count_tokens', 'http', 'passthrough'] as const;
const DAY = 86_400_000;

/** Words between commas or line ends. */
export const words = (text: string): string[] =>
  text
    .split(/[,\n]/)
    .map((w) => w.trim())
    .filter(Boolean);

/** Makes an agent, or changes one: name, scope, groups, end, working folder. */
export function AgentForm({
  agent,
  done,
  cancel,
  short,
}: {
  agent?: AgentView;
  done: (answer: unknown) => void;
  cancel?: string;
  short?: boolean;
}) {
  const list = useLoad((signal) => api<{ connections: Connection[] }>('GET', '/connections', undefined, signal), []);
  const scope = agent?.scope ?? { connections: ['*'], models: ['*'], operations: ['*' as const] };
  const [name, setName] = useState(agent?.name ?? '');
  const [connections, setConnections] = useState<string[]>(scope.connections);
  const [models, setModels] = useState(scope.models.join(', '));
  const [operations, setOperations] = useState<string[]>(scope.operations);
  const [groups, setGroups] = useState((agent?.groups ?? []).join(', '));
  const [cwd, setCwd] = useState(agent?.cwd ?? '');
  const [ends, setEnds] = useState(agent?.expiresAt?.slice(0, 10) ?? '');
  const act = useAct();
  const f = t.agents.form;
  const submit = (): void => {
    const body = {
      name: name.trim(),
      scope: { connections, models: words(models), operations },
      groups: words(groups),
      ...(ends ? { expiresAt: `${ends}T23:59:59Z` } : {}),
      ...(cwd.trim() ? { cwd: cwd.trim() } : {}),
    };
    void act.run(() => api(agent ? 'PATCH' : 'POST', agent ? `/agents/${agent.id}` : '/agents', body), done);
  };
  return (
    <form
      class="stack"
      onSubmit={(e) => {
        e.preventDefault();
        if (name.trim()) submit();
      }}
    >
      <div class="two">
        <label>
          {f.name} <span class="hint">{f.nameHint}</span>
          <input value={name} maxLength={100} onInput={(e) => setName(e.currentTarget.value)} />
        </label>
        {short ? null : (
          <div class="stack tight">
            <label>
              {f.ends} <span class="hint">{f.endsHint}</span>
              <input type="date" value={ends} onInput={(e) => setEnds(e.currentTarget.value)} />
            </label>
            <div class="row">
              {[7, 30, 90].map((days) => (
                <button
                  key={days}
                  type="button"
                  class="quiet"
                  onClick={() => setEnds(new Date(Date.now() + days * DAY).toISOString().slice(0, 10))}
                >
                  {f.days(days)}
                </button>
              ))}
            </div>
          </div>
        )}
      </div>
      {short ? null : (
        <>
          <Pick
            title={f.connections}
            all={f.all}
            names={(list.value?.connections ?? []).map((c) => c.name)}
            chosen={connections}
            choose={setConnections}
          />
          <Pick title={f.operations} all={f.all} names={[...OPERATIONS]} chosen={operations} choose={setOperations} />
          <div class="two">
            <label>
              {f.models} <span class="hint">{f.modelsHint}</span>
              <input class="mono" value={models} onInput={(e) => setModels(e.currentTarget.value)} />
            </label>
            <label>
              {f.groups} <span class="hint">{f.groupsHint}</span>
              <input value={groups} onInput={(e) => setGroups(e.currentTarget.value)} />
            </label>
          </div>
          <label>
            {f.cwd} <span class="hint">{f.cwdHint}</span>
            <input class="mono" value={cwd} onInput={(e) => setCwd(e.currentTarget.value)} />
          </label>
        </>
      )}
      <Submit act={act} label={agent ? t.common.save : f.make} disabled={name.trim() === ''}>
        {cancel ? (
          <a class="button" href={to(cancel)}>
            {t.common.cancel}
          </a>
        ) : null}
        <span role="status" class="muted">
          {agent && act.done ? t.common.saved : ''}
        </span>
      </Submit>
    </form>
  );
}

/** Everything, or some of a list. */
function Pick({
  title,
  all,
  names,
  chosen,
  choose,
}: {
  title: string;
  all: string;
  names: readonly string[];
  chosen: readonly string[];
  choose: (next: string[]) => void;
}) {
  const everything = chosen.includes('*');
  const shown = [...new Set([...names, ...chosen.filter((c) => c !== '*')])];
  return (
    <fieldset class="choices">
      <legend>{title}</legend>
      <label class="inline">
        <input type="checkbox" checked={everything} onChange={(e) => choose(e.currentTarget.checked ? ['*'] : [...names])} />
        {all}
      </label>
      {everything
        ? null
        : shown.map((name) => (
            <label key={name} class="inline">
              <input
                type="checkbox"
                checked={chosen.includes(name)}
                onChange={(e) => choose(e.currentTarget.checked ? [...chosen, name] : chosen.filter((c) => c !== name))}
              />
              {name}
            </label>
          ))}
    </fieldset>
  );
}
