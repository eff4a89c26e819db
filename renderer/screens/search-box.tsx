import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { useKeys } from '../parts/keys.js';
import { go, place } from '../router.js';
import { t } from '../strings/index.js';

const FIELDS: [string, string][] = [
  ['agent:', t.search.agent],
  ['model:', t.search.model],
  ['verdict:', t.search.verdict],
  ['finding:', t.search.finding],
  ['tool:', t.search.tool],
  ['connection:', t.search.connection],
  ['outcome:', t.search.outcome],
  ['label:', t.search.label],
  ['after:', t.search.after],
  ['before:', t.search.before],
  ['value:', t.search.value],
];
const VALUES: Record<string, string[]> = {
  'verdict:': ['block', 'approve', 'mask'],
  'outcome:': ['ok', 'blocked', 'denied', 'refused', 'provider-error', 'client-gone', 'interrupted', 'failed'],
};

/** The typed search, with completion of its fields; `/` goes there. */
export function SearchBox({ value, problems }: { value: string; problems: readonly string[] }) {
  const [text, setText] = useState(value);
  const [open, setOpen] = useState(false);
  const [pick, setPick] = useState(0);
  const input = useRef<HTMLInputElement>(null);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const list = useId();
  useEffect(() => setText(value), [value]);
  // Whoever went elsewhere is not called back by what was typed before.
  useEffect(() => () => clearTimeout(timer.current), []);
  useKeys({ '/': () => input.current?.focus() });
  const asked = place.value.query.get('focus') === 'search';
  useEffect(() => {
    if (!asked) return;
    input.current?.focus();
    go('/sessions', true);
  }, [asked]);

  const word = /(\S*)$/.exec(text)?.[1] ?? '';
  const field = FIELDS.find(([f]) => word.startsWith(f))?.[0];
  const offers: [string, string][] = field
    ? (VALUES[field] ?? []).filter((v) => (field + v).startsWith(word) && field + v !== word).map((v) => [field + v, ''])
    : word === ''
      ? []
      : FIELDS.filter(([f]) => f.startsWith(word.toLowerCase()));

  const set = (next: string): void => {
    setText(next);
    setPick(0);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => go(next.trim() ? `/sessions?q=${encodeURIComponent(next.trim())}` : '/sessions', true), 250);
  };
  const take = (offer: string): void => {
    set(text.slice(0, text.length - word.length) + offer);
    input.current?.focus();
  };
  return (
    <div class="search">
      <label class="visually-hidden" for={`${list}-input`}>
        {t.keys.search}
      </label>
      <input
        id={`${list}-input`}
        ref={input}
        type="search"
        value={text}
        placeholder={t.search.placeholder}
        autocomplete="off"
        spellcheck={false}
        list={undefined}
        role="combobox"
        aria-expanded={open && offers.length > 0}
        aria-controls={list}
        aria-autocomplete="list"
        aria-activedescendant={open && offers.length > 0 ? `${list}-${pick}` : undefined}
        onInput={(e) => {
          setOpen(true);
          set(e.currentTarget.value);
        }}
        onFocus={() => setOpen(true)}
        onBlur={() => setOpen(false)}
        onKeyDown={(e) => {
          if (e.key === 'Escape') {
            // A browser would empty the field, and the list below it with it.
            e.preventDefault();
            if (open && offers.length > 0) setOpen(false);
            else input.current?.blur();
          }
          if (!open || offers.length === 0) return;
          if (e.key === 'ArrowDown') setPick((pick + 1) % offers.length);
          else if (e.key === 'ArrowUp') setPick((pick + offers.length - 1) % offers.length);
          else if (e.key === 'Tab' || e.key === 'Enter') take(offers[pick]?.[0] ?? '');
          else return;
          e.preventDefault();
        }}
      />
      <ul id={list} role="listbox" aria-label={t.search.fields} hidden={!open || offers.length === 0}>
        {offers.map(([offer, what], i) => (
          <li
            key={offer}
            id={`${list}-${i}`}
            role="option"
            aria-selected={i === pick}
            onMouseDown={(e) => (e.preventDefault(), take(offer))}
          >
            <code>{offer}</code> <span class="muted small">{what}</span>
          </li>
        ))}
      </ul>
      {problems.map((problem) => (
        <p key={problem} class="error">
          {problem}
        </p>
      ))}
    </div>
  );
}
