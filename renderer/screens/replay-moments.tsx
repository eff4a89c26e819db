import { useEffect, useRef } from 'preact/hooks';
import type { ReplayEvent } from '../../proxy/control/types.js';
import { clock, type Line, type Mark } from '../api/replay.js';
import { t } from '../strings/index.js';

/** The marked moments as a list, to go to one. */
export function Moments({
  events,
  marks,
  line,
  count,
  show,
}: {
  events: readonly ReplayEvent[];
  marks: readonly Mark[];
  line: Line;
  count: number;
  show: (count: number) => void;
}) {
  const list = useRef<HTMLOListElement>(null);
  const current = marks.findLastIndex((m) => m.index < count);
  useEffect(() => {
    list.current?.children[current]?.scrollIntoView({ block: 'nearest' });
  }, [current]);
  return (
    <ol ref={list} class="moments" aria-label={t.replay.moments}>
      {marks.map((m, i) => (
        <li key={m.index}>
          <button
            type="button"
            class={i > current ? 'later' : ''}
            aria-current={i === current ? 'step' : undefined}
            onClick={() => show(m.index + 1)}
          >
            <i class={`dot mark-${m.kind}`} aria-hidden="true" />
            <span>{t.replay.moment(m.kind, nameOf(events[m.index]))}</span>
            <span class="muted mono small">{clock(line.at[m.index] ?? 0)}</span>
          </button>
        </li>
      ))}
    </ol>
  );
}

function nameOf(event: ReplayEvent | undefined): string {
  const meta = event?.meta ?? {};
  for (const key of ['name', 'operation', 'outcome', 'decision', 'state']) if (typeof meta[key] === 'string') return meta[key] as string;
  return '';
}
