import { useState } from 'preact/hooks';
import type { ExportFormat } from '../../proxy/control/types.js';
import { api, download } from '../api/client.js';
import { Submit, useAct } from '../parts/act.js';
import { save } from '../parts/copy.js';
import { place } from '../router.js';
import { t } from '../strings/index.js';

const FORMATS: ExportFormat[] = ['sally', 'jsonl', 'har', 'otlp', 'markdown'];

/** A copy of one session, or of all that a search finds, to take away. `/proof?export=SESSION` comes with the session filled in. */
export function ExportForm() {
  const given = place.value.query.get('export') ?? '';
  const [what, setWhat] = useState<'session' | 'search' | 'all'>(given ? 'session' : 'all');
  const [session, setSession] = useState(given);
  const [search, setSearch] = useState(place.value.query.get('q') ?? '');
  const [format, setFormat] = useState<ExportFormat>('sally');
  const [originals, setOriginals] = useState(false);
  const act = useAct();
  const [saved, setSaved] = useState('');
  const f = t.exports;
  const ready = what === 'all' || (what === 'session' ? session.trim() !== '' : search.trim() !== '');
  const make = async (): Promise<string> => {
    const { filename, blob } = await download('/export', {
      format,
      ...(what === 'session' ? { sessions: [session.trim()] } : {}),
      ...(what === 'search' ? { search: search.trim() } : {}),
      ...(originals ? { originals } : {}),
    });
    save(filename, blob);
    return filename;
  };
  // Originals need a person; asking for one first keeps the question apart from the file.
  const begin = async (): Promise<string> => {
    if (originals) await api('GET', '/persons/current');
    return make();
  };
  return (
    <section class="card" aria-labelledby="export-title">
      <h2 id="export-title">{f.title}</h2>
      <form
        class="stack"
        onSubmit={(e) => {
          e.preventDefault();
          setSaved('');
          if (ready) void act.run(begin, setSaved);
        }}
      >
        <fieldset class="choices">
          <legend>{f.what}</legend>
          {(['all', 'search', 'session'] as const).map((name) => (
            <label key={name} class="inline">
              <input type="radio" name="export-what" checked={what === name} onChange={() => setWhat(name)} />
              {f.whats[name]}
            </label>
          ))}
        </fieldset>
        {what === 'session' ? (
          <label>
            {f.session}
            <input class="mono" value={session} onInput={(e) => setSession(e.currentTarget.value)} />
          </label>
        ) : null}
        {what === 'search' ? (
          <label>
            {f.search} <span class="hint">{f.searchHint}</span>
            <input value={search} onInput={(e) => setSearch(e.currentTarget.value)} />
          </label>
        ) : null}
        <fieldset class="choices formats">
          <legend>{f.format}</legend>
          {FORMATS.map((name) => (
            <label key={name} class="inline choice">
              <input type="radio" name="export-format" checked={format === name} onChange={() => setFormat(name)} />
              <span>
                {f.formats[name][0]} <span class="hint">{f.formats[name][1]}</span>
              </span>
            </label>
          ))}
        </fieldset>
        <label class="inline">
          <input type="checkbox" checked={originals} onChange={(e) => setOriginals(e.currentTarget.checked)} />
          <span>
            {f.originals} <span class="hint">{f.originalsHint}</span>
          </span>
        </label>
        <Submit act={act} label={act.busy ? t.common.working : f.make} disabled={!ready}>
          <span role="status" class="muted">
            {saved ? f.saved(saved) : ''}
          </span>
        </Submit>
      </form>
    </section>
  );
}
