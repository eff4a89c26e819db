import { useEffect, useRef, useState } from 'preact/hooks';
import type { Line } from '../api/replay.js';

export const SPEEDS = [1, 4, 16] as const;
/** Milliseconds between pictures: often enough to look like it did, seldom enough to leave time for drawing. */
const FRAME_MS = 40;

export interface Playhead {
  /** Milliseconds on the line. */
  position: number;
  playing: boolean;
  toggle(): void;
  seek(position: number): void;
}

/** A point that moves along the line while it plays. Begins at the first event, standing still. */
export function usePlayhead(line: Line, speed: number): Playhead {
  const [position, setPosition] = useState(0);
  const [playing, setPlaying] = useState(false);
  const at = useRef(0);
  const set = (next: number): void => {
    at.current = Math.max(0, Math.min(line.length, next));
    setPosition(at.current);
  };
  useEffect(() => {
    if (!playing) return;
    let last = performance.now();
    let frame = 0;
    const draw = (now: number): void => {
      if (now - last >= FRAME_MS) {
        set(at.current + (now - last) * speed);
        last = now;
        if (at.current >= line.length) return setPlaying(false);
      }
      frame = requestAnimationFrame(draw);
    };
    frame = requestAnimationFrame(draw);
    return () => cancelAnimationFrame(frame);
  }, [playing, speed, line]);
  return {
    position,
    playing,
    toggle() {
      if (!playing && at.current >= line.length) set(0);
      setPlaying((p) => !p);
    },
    seek: set,
  };
}
