import { useId, useState } from 'preact/hooks';
import { api } from '../api/client.js';
import { Copy } from '../parts/copy.js';
import { Await, useLoad } from '../parts/load.js';
import { Tabs } from '../parts/tabs.js';
import { t } from '../strings/index.js';

interface Answer {
  baseUrl: string;
  environment: Record<string, string>;
  snippets: { id: string; title: string; language: string; text: string; connection: string }[];
}

/** What to paste into an agent, for a connection that it may use. The key is read from SALLYPORT_KEY and stands in none of them. */
export function Snippets({ scope = ['*'] }: { scope?: readonly string[] }) {
  const answer = useLoad((signal) => api<Answer>('GET', '/snippets', undefined, signal), []);
  return (
    <Await of={answer}>
      {(a) => {
        const names = [...new Set(a.snippets.map((s) => s.connection))].filter((n) => scope.includes('*') || scope.includes(n));
        return names.length === 0 ? <p class="muted">{t.snippets.none}</p> : <Chosen answer={a} names={names} />;
      }}
    </Await>
  );
}

function Chosen({ answer, names }: { answer: Answer; names: string[] }) {
  const [connection, setConnection] = useState(names[0] as string);
  const [id, setId] = useState('langchain-python');
  const panel = useId();
  const of = answer.snippets.filter((s) => s.connection === connection);
  const environment = Object.entries(answer.environment)
    .filter(([name]) => name !== 'SALLYPORT_KEY')
    .map(([name, value]) => `export ${name}="${value}"`)
    .join('\n');
  const all = [...of.map((s) => [s.id, s.title, s.text] as const), ['environment', t.snippets.environment, environment] as const];
  const chosen = all.find(([name]) => name === id) ?? all[0];
  return (
    <div class="stack snippets">
      <div class="row between">
        <h3>{t.snippets.title}</h3>
        {names.length > 1 ? (
          <label class="inline small">
            {t.snippets.connection}
            <select value={connection} onChange={(e) => setConnection(e.currentTarget.value)}>
              {names.map((name) => (
                <option key={name}>{name}</option>
              ))}
            </select>
          </label>
        ) : null}
      </div>
      <div>
        <Tabs
          names={all.map(([name, title]) => [name, title] as const)}
          chosen={chosen?.[0] ?? ''}
          choose={setId}
          label={t.snippets.title}
          panel={panel}
        />
        <div id={panel} role="tabpanel" aria-labelledby={`${panel}-${chosen?.[0]}`} class="snippet">
          <pre class="code" tabIndex={0} aria-label={chosen?.[1]}>
            {chosen?.[2]}
          </pre>
          <Copy text={chosen?.[2] ?? ''} label={t.snippets.copy} />
        </div>
      </div>
    </div>
  );
}
