import { useState } from 'preact/hooks';
import { addRule, FIELDS, type FormRule, readForm, removeRule, writeRule } from '../api/policy-document.js';
import { Sure } from '../parts/act.js';
import { t } from '../strings/index.js';

/** The rules of a source, one form each; every change goes into the source at once. */
export function PolicyForm({
  source,
  change,
  readOnly,
  toSource,
}: {
  source: string;
  change: (source: string) => void;
  readOnly: boolean;
  toSource: () => void;
}) {
  const rules = readForm(source);
  const p = t.policies.form;
  if (!rules)
    return (
      <div class="empty">
        <p>{p.unreadable}</p>
        <button type="button" onClick={toSource}>
          {t.policies.tabs.source}
        </button>
      </div>
    );
  return (
    <div class="stack">
      {rules.length === 0 ? <p class="muted">{p.none}</p> : null}
      {rules.map((rule, i) => (
        <Rule
          key={i}
          rule={rule}
          readOnly={readOnly}
          change={(next) => change(writeRule(source, i, next))}
          remove={() => change(removeRule(source, i))}
        />
      ))}
      {readOnly ? null : (
        <div class="row">
          <button type="button" onClick={() => change(addRule(source))}>
            {p.add}
          </button>
        </div>
      )}
    </div>
  );
}

function Rule({
  rule,
  change,
  remove,
  readOnly,
}: {
  rule: FormRule;
  change: (rule: FormRule) => void;
  remove: () => void;
  readOnly: boolean;
}) {
  const p = t.policies.form;
  const [adding, setAdding] = useState('');
  const left = FIELDS.filter((f) => !rule.match.some((m) => m.field === f));
  const set = (part: Partial<FormRule>): void => change({ ...rule, ...part });
  return (
    <fieldset class="rule" disabled={readOnly}>
      <legend>
        <span class="mono">{rule.id || p.noId}</span>{' '}
        <span class={`chip ${rule.action}`}>{(t.policies.actions as Record<string, string>)[rule.action] ?? rule.action}</span>
        {rule.enabled ? null : <span class="chip"> {p.off}</span>}
      </legend>
      <div class="two">
        <label>
          {p.id}
          <input class="mono" value={rule.id} onChange={(e) => set({ id: e.currentTarget.value.trim() })} />
        </label>
        <label>
          {p.does}
          <select value={rule.action} onChange={(e) => set({ action: e.currentTarget.value })}>
            {(['allow', 'mask', 'approve', 'block'] as const).map((action) => (
              <option key={action} value={action}>
                {t.policies.actions[action]}
              </option>
            ))}
          </select>
        </label>
      </div>
      <div class="conditions" role="group" aria-label={p.match}>
        <span class="small muted">{p.match}</span>
        {rule.match.map((m) => (
          <div key={m.field} class="condition">
            <label class="inline">
              <code>{m.field}</code>
              <input
                class="mono"
                value={m.value}
                onChange={(e) =>
                  set({ match: rule.match.map((one) => (one.field === m.field ? { ...one, value: e.currentTarget.value } : one)) })
                }
              />
            </label>
            {readOnly ? null : (
              <button
                type="button"
                class="quiet"
                aria-label={p.removeCondition(m.field)}
                onClick={() => set({ match: rule.match.filter((one) => one.field !== m.field) })}
              >
                ✕
              </button>
            )}
          </div>
        ))}
        {rule.match.length === 0 ? <p class="hint">{p.everything}</p> : null}
        {readOnly ? null : (
          <label class="inline small add-condition">
            {p.addCondition}
            <select
              value={adding}
              onChange={(e) => {
                const field = e.currentTarget.value;
                setAdding('');
                if (field) set({ match: [...rule.match, { field, value: '*' }] });
              }}
            >
              <option value="">{p.choose}</option>
              {left.map((f) => (
                <option key={f} value={f}>
                  {f}
                </option>
              ))}
            </select>
          </label>
        )}
      </div>
      <label>
        {p.sentence} <span class="hint">{p.sentenceHint}</span>
        <input value={rule.sentence} onChange={(e) => set({ sentence: e.currentTarget.value })} />
      </label>
      {rule.description ? <p class="hint">{rule.description}</p> : null}
      <div class="row between">
        <span class="hint">{rule.more.length > 0 ? p.more(rule.more) : ''}</span>
        {readOnly ? null : (
          <span class="row">
            <label class="inline">
              <input type="checkbox" checked={rule.enabled} onChange={(e) => set({ enabled: e.currentTarget.checked })} />
              {p.enabled}
            </label>
            <Sure label={t.common.delete} sure={p.removeSure} onYes={remove} />
          </span>
        )}
      </div>
    </fieldset>
  );
}
