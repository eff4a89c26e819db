/** Freeze all agents: every exchange is held where it is, with keep-alives, until a person resumes or drops them. */
export interface FreezeGate {
  readonly frozen: boolean;
  /** Resolves at once when not frozen; `drop` when a person dropped what was held. */
  pass(): 'go' | Promise<'go' | 'drop'>;
  freeze(): void;
  resume(): void;
  /** Ends everything that is held, then resumes. Answers how many were held. */
  drop(): number;
  /** Called at each change. */
  onChange(listener: (frozen: boolean) => void): () => void;
}

export function createFreezeGate(): FreezeGate {
  let frozen = false;
  let waiting: ((outcome: 'go' | 'drop') => void)[] = [];
  const listeners = new Set<(frozen: boolean) => void>();
  const settle = (outcome: 'go' | 'drop'): number => {
    const held = waiting;
    waiting = [];
    frozen = false;
    for (const resolve of held) resolve(outcome);
    for (const listener of listeners) listener(false);
    return held.length;
  };
  return {
    get frozen() {
      return frozen;
    },
    pass() {
      return frozen ? new Promise((resolve) => waiting.push(resolve)) : 'go';
    },
    freeze() {
      frozen = true;
      for (const listener of listeners) listener(true);
    },
    resume() {
      settle('go');
    },
    drop() {
      return settle('drop');
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
