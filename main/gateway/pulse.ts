/** Between two questions. */
const BEAT_MS = 10_000;
/** So many in a row without an answer. Questions are counted and not time: a computer that slept asked none. */
const UNANSWERED = 4;

export interface Pulse {
  /** The child has said something. */
  heard(): void;
  end(): void;
}

/**
 * A gateway that lives but does not answer lets nothing pass, and nobody would know why. It is asked for a sign of life every ten
 * seconds; `lost` is called once when it has been silent for forty.
 */
export function watchPulse(ask: () => void, lost: () => void, setTimer: (run: () => void, ms: number) => () => void): Pulse {
  let unanswered = 0;
  const beat = (): void => {
    if (unanswered === UNANSWERED) return lost();
    unanswered++;
    ask();
    cancel = setTimer(beat, BEAT_MS);
  };
  let cancel = setTimer(beat, BEAT_MS);
  return {
    heard() {
      unanswered = 0;
    },
    end: () => cancel(),
  };
}
