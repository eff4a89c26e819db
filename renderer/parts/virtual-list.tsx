import { elementScroll, observeElementOffset, observeElementRect, Virtualizer } from '@tanstack/virtual-core';
import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';

export interface VirtualListProps<T> {
  items: readonly T[];
  /** Pixels of one row; rows are all of one height, so that nothing jumps while the list is live. */
  rowHeight: number;
  label: string;
  keyOf(item: T): string;
  row(item: T, index: number): ComponentChildren;
  /** The end is near: load more. */
  onEnd?(): void;
  /** Row that has the keyboard. */
  active?: number;
}

/** A list that draws only what is seen; smooth at 100,000 rows. */
export function VirtualList<T>({ items, rowHeight, label, keyOf, row, onEnd, active }: VirtualListProps<T>) {
  const box = useRef<HTMLDivElement>(null);
  const [, draw] = useState(0);
  const made = useRef<Virtualizer<HTMLDivElement, HTMLElement> | undefined>(undefined);
  const count = items.length;
  made.current ??= new Virtualizer<HTMLDivElement, HTMLElement>({
    count,
    getScrollElement: () => box.current,
    estimateSize: () => rowHeight,
    overscan: 10,
    scrollToFn: elementScroll,
    observeElementRect,
    observeElementOffset,
    onChange: () => draw((n) => n + 1),
  });
  const virtual = made.current;
  virtual.setOptions({ ...virtual.options, count, onChange: () => draw((n) => n + 1) });
  useEffect(() => virtual._didMount(), [virtual]);
  useEffect(() => {
    virtual._willUpdate();
    draw((n) => n + 1);
  }, [virtual, count]);
  useEffect(() => {
    if (active !== undefined && active >= 0) virtual.scrollToIndex(active);
  }, [virtual, active]);
  const shown = virtual.getVirtualItems();
  const last = shown.at(-1)?.index ?? 0;
  useEffect(() => {
    if (count > 0 && last >= count - 20) onEnd?.();
  }, [last, count]);
  return (
    <div ref={box} class="virtual" role="list" aria-label={label} tabIndex={-1}>
      <div ref={(el) => el?.style.setProperty('height', `${virtual.getTotalSize()}px`)} class="virtual-space">
        {shown.map((v) => {
          const item = items[v.index] as T;
          return (
            <div
              key={keyOf(item)}
              role="listitem"
              aria-setsize={count}
              aria-posinset={v.index + 1}
              class="virtual-row"
              ref={(el) => {
                // Styles are set by script: the policy allows no inline style attributes.
                el?.style.setProperty('transform', `translateY(${v.start}px)`);
                el?.style.setProperty('height', `${rowHeight}px`);
              }}
            >
              {row(item, v.index)}
            </div>
          );
        })}
      </div>
    </div>
  );
}
