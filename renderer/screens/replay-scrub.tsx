import type { ReplayEvent } from '../../proxy/control/types.js';
import { clock, countAt, type Line, type Mark, type MarkKind } from '../api/replay.js';
import { t } from '../strings/index.js';

const WIDTH = 1_000;
const HEIGHT = 22;
/** Marks that are drawn last are on top. */
const ORDER: MarkKind[] = ['answer', 'arrival', 'end', 'tool', 'finding', 'decision', 'hold', 'blocked'];

/** The bar that is dragged, with the marks of what happened under it. */
export function Scrub({
  line,
  marks,
  position,
  seek,
  events,
}: {
  line: Line;
  marks: readonly Mark[];
  position: number;
  seek: (position: number) => void;
  events: readonly ReplayEvent[];
}) {
  const length = Math.max(1, line.length);
  const x = (at: number): number => 4 + (at / length) * (WIDTH - 8);
  const sorted = [...marks].sort((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind));
  const kinds = ORDER.filter((kind) => marks.some((m) => m.kind === kind)).reverse();
  const count = countAt(line, position);
  return (
    <div class="scrub">
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" class="marks" aria-hidden="true">
        <rect x="0" y={HEIGHT / 2 - 1} width={WIDTH} height="2" class="track" />
        {sorted.map((m) => (
          <rect key={m.index} x={x(line.at[m.index] ?? 0) - 2} y="2" width="4" height={HEIGHT - 4} rx="2" class={`mark-${m.kind}`} />
        ))}
      </svg>
      <input
        type="range"
        min={0}
        max={length}
        step="any"
        value={position}
        aria-label={t.replay.scrub}
        aria-valuetext={t.replay.scrubText(clock(position), count, events.length)}
        onInput={(e) => seek(Number(e.currentTarget.value))}
      />
      <p class="legend small">
        {kinds.map((kind) => (
          <span key={kind}>
            <i class={`dot mark-${kind}`} /> {t.replay.marks[kind]}
          </span>
        ))}
      </p>
    </div>
  );
}
