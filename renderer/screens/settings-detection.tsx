import { useState } from 'preact/hooks';
import type { CustomEntity } from '../../proxy/contract/index.js';
import { Draft, SettingsForm } from '../parts/settings-form.js';
import { t } from '../strings/index.js';
import { words } from './agent-form.js';
import type { PageProps } from './settings.js';

interface Kind {
  name: string;
  pattern: string;
  words: string;
  contextWords: string;
  confidence: number;
}

const draftOf = (e: CustomEntity): Kind => ({
  name: e.name,
  pattern: e.pattern ?? '',
  words: (e.words ?? []).join(', '),
  contextWords: (e.contextWords ?? []).join(', '),
  confidence: e.confidence,
});
const entityOf = (d: Kind): CustomEntity => ({
  name: d.name.trim(),
  confidence: d.confidence,
  ...(d.pattern ? { pattern: d.pattern } : {}),
  ...(words(d.words).length > 0 ? { words: words(d.words) } : {}),
  ...(words(d.contextWords).length > 0 ? { contextWords: words(d.contextWords) } : {}),
});

/** What is looked for beside the built-in kinds. */
export function DetectionSettings({ settings, reload }: PageProps) {
  const s = t.settings.detection;
  const [names, setNames] = useState(settings.detection.names);
  const [deny, setDeny] = useState(settings.detection.denyWords.join('\n'));
  const [custom, setCustom] = useState<Kind[]>(settings.detection.custom.map(draftOf));
  const change = (i: number, part: Partial<Kind>): void => setCustom(custom.map((c, at) => (at === i ? { ...c, ...part } : c)));
  return (
    <>
      <SettingsForm
        title={s.title}
        reload={reload}
        patch={() => ({
          detection: {
            names,
            denyWords: deny
              .split('\n')
              .map((w) => w.trim())
              .filter(Boolean),
          },
        })}
      >
        <label class="inline">
          <input type="checkbox" checked={names} onChange={(e) => setNames(e.currentTarget.checked)} />
          <span>
            {s.names} <span class="hint">{s.namesHint}</span>
          </span>
        </label>
        <label>
          {s.deny} <span class="hint">{s.denyHint}</span>
          <textarea rows={4} value={deny} onInput={(e) => setDeny(e.currentTarget.value)} />
        </label>
      </SettingsForm>
      <SettingsForm title={s.custom} lead={s.customLead} reload={reload} patch={() => ({ detection: { custom: custom.map(entityOf) } })}>
        {custom.map((c, i) => (
          <Draft key={i} name={c.name || s.unnamed} remove={() => setCustom(custom.filter((_, at) => at !== i))}>
            <label>
              {s.name} <span class="hint">{s.nameHint}</span>
              <input class="mono" value={c.name} onInput={(e) => change(i, { name: e.currentTarget.value })} />
            </label>
            <label>
              {s.confidence} <span class="hint">{s.confidenceHint}</span>
              <input
                type="number"
                min={0}
                max={1}
                step={0.05}
                value={c.confidence}
                onInput={(e) => change(i, { confidence: Number(e.currentTarget.value) })}
              />
            </label>
            <label>
              {s.pattern} <span class="hint">{s.patternHint}</span>
              <input class="mono" value={c.pattern} spellcheck={false} onInput={(e) => change(i, { pattern: e.currentTarget.value })} />
            </label>
            <label>
              {s.words} <span class="hint">{s.wordsHint}</span>
              <input value={c.words} onInput={(e) => change(i, { words: e.currentTarget.value })} />
            </label>
            <label>
              {s.context} <span class="hint">{s.contextHint}</span>
              <input value={c.contextWords} onInput={(e) => change(i, { contextWords: e.currentTarget.value })} />
            </label>
          </Draft>
        ))}
        <div class="row">
          <button
            type="button"
            onClick={() => setCustom([...custom, { name: '', pattern: '', words: '', contextWords: '', confidence: 0.8 }])}
          >
            {s.add}
          </button>
        </div>
      </SettingsForm>
    </>
  );
}
