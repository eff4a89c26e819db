/** Which screen stands at which address. */
import type { ComponentChildren } from 'preact';
import { Sessions } from './sessions.js';

export function screenFor(path: readonly string[]): ComponentChildren {
  switch (path[0]) {
    default:
      return <Sessions />;
  }
}
