/** Which screen stands at which address. */
import type { ComponentChildren } from 'preact';
import { Approval } from './approval.js';
import { Approvals } from './approvals.js';
import { Session } from './session.js';
import { Sessions } from './sessions.js';

export function screenFor(path: readonly string[]): ComponentChildren {
  switch (path[0]) {
    case 'sessions':
      return path[1] ? <Session key={path[1]} id={path[1]} /> : <Sessions />;
    case 'approvals':
      return path[1] ? <Approval key={path[1]} id={path[1]} /> : <Approvals />;
    default:
      return <Sessions />;
  }
}
