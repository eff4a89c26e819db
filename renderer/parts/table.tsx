import type { ComponentChildren } from 'preact';

/** A table with its heads, rows inside. */
export function Table({ heads, children }: { heads: readonly string[]; children: ComponentChildren }) {
  return (
    <table class="table">
      <thead>
        <tr>
          {heads.map((head) => (
            <th key={head}>{head}</th>
          ))}
        </tr>
      </thead>
      <tbody>{children}</tbody>
    </table>
  );
}

/** A row that the keyboard can stand on. */
export function Row({ active, children }: { active: boolean; children: ComponentChildren }) {
  return (
    <tr class={active ? 'active' : ''} aria-current={active ? 'true' : undefined}>
      {children}
    </tr>
  );
}
