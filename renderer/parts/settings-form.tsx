import type { ComponentChildren } from 'preact';
import { api } from '../api/client.js';
import { t } from '../strings/index.js';
import { Saved, Submit, useAct } from './act.js';

/** A card of settings that are saved together. `patch` makes what is sent: a merge patch. */
export function SettingsForm({
  title,
  lead,
  patch,
  reload,
  children,
}: {
  title: string;
  lead?: ComponentChildren;
  patch: () => Record<string, unknown>;
  reload: () => void;
  children: ComponentChildren;
}) {
  const act = useAct();
  return (
    <form
      class="card"
      aria-label={title}
      onSubmit={(e) => {
        e.preventDefault();
        void act.run(() => api('PATCH', '/settings', patch()), reload);
      }}
    >
      <h2>{title}</h2>
      {lead ? <p class="muted">{lead}</p> : null}
      {children}
      <Submit act={act}>
        <Saved act={act} />
      </Submit>
    </form>
  );
}

/** A whole number with its unit. */
export function NumberField({
  label,
  hint,
  value,
  onInput,
  min,
  max,
  step,
}: {
  label: string;
  hint?: string;
  value: number | '';
  onInput: (value: number | '') => void;
  min?: number;
  max?: number;
  step?: number | 'any';
}) {
  return (
    <label>
      {label} {hint ? <span class="hint">{hint}</span> : null}
      <input
        type="number"
        min={min}
        max={max}
        step={step ?? 1}
        value={value}
        onInput={(e) => onInput(e.currentTarget.value === '' ? '' : Number(e.currentTarget.value))}
      />
    </label>
  );
}

/** One of several things that are edited in one form, with the way to take it out again. */
export function Draft({ name, remove, children }: { name: string; remove: () => void; children: ComponentChildren }) {
  return (
    <fieldset class="rule">
      <legend>{name}</legend>
      <div class="two">{children}</div>
      <div class="row">
        <button type="button" class="quiet" aria-label={`${t.common.delete}: ${name}`} onClick={remove}>
          {t.common.delete}
        </button>
      </div>
    </fieldset>
  );
}
