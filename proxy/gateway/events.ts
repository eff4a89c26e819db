import type { ControlEvent } from '../contract/index.js';

/** Everything that happens, for the control API's event stream and the desktop. A listener that throws does not stop the others. */
export class Events {
  private readonly listeners = new Set<(event: ControlEvent) => void>();

  emit(event: ControlEvent): void {
    for (const listener of this.listeners) {
      try {
        listener(event);
      } catch {
        // Who watches may not stop what passes.
      }
    }
  }

  subscribe(listener: (event: ControlEvent) => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }
}
