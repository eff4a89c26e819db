import { useRef } from 'preact/hooks';

/** A row of tabs; the arrow keys move between them. */
export function Tabs<T extends string>({
  names,
  chosen,
  choose,
  label,
  panel,
}: {
  names: readonly (readonly [T, string])[];
  chosen: T;
  choose: (name: T) => void;
  label: string;
  /** Id of the panel below. */
  panel: string;
}) {
  const row = useRef<HTMLDivElement>(null);
  const move = (by: number): void => {
    const at = names.findIndex(([name]) => name === chosen);
    const next = names[(at + by + names.length) % names.length];
    if (!next) return;
    choose(next[0]);
    row.current?.querySelectorAll<HTMLElement>('[role="tab"]')[names.indexOf(next)]?.focus();
  };
  return (
    <div
      ref={row}
      class="tabs"
      role="tablist"
      aria-label={label}
      onKeyDown={(e) => {
        if (e.key === 'ArrowRight') move(1);
        else if (e.key === 'ArrowLeft') move(-1);
        else return;
        e.preventDefault();
        e.stopPropagation();
      }}
    >
      {names.map(([name, text]) => (
        <button
          key={name}
          type="button"
          role="tab"
          id={`${panel}-${name}`}
          aria-selected={name === chosen}
          aria-controls={panel}
          tabIndex={name === chosen ? 0 : -1}
          onClick={() => choose(name)}
        >
          {text}
        </button>
      ))}
    </div>
  );
}
