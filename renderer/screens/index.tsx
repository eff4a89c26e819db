/** Which screen stands at which address. */
import type { ComponentChildren } from 'preact';
import { place } from '../router.js';
import { Agent } from './agent.js';
import { Agents } from './agents.js';
import { Approval } from './approval.js';
import { Approvals } from './approvals.js';
import { Connections } from './connections.js';
import { FirstRun } from './first-run.js';
import { Policies } from './policies.js';
import { Policy } from './policy.js';
import { Proof } from './proof.js';
import { Replay } from './replay.js';
import { Session } from './session.js';
import { Sessions } from './sessions.js';
import { Settings } from './settings.js';

export function screenFor(path: readonly string[]): ComponentChildren {
  const [screen, id] = path;
  switch (screen) {
    case 'sessions':
      return id ? <Session key={id} id={id} /> : <Sessions />;
    case 'replay':
      return id ? <Replay key={id} id={id} /> : <Sessions />;
    case 'approvals':
      return id ? <Approval key={id} id={id} /> : <Approvals />;
    case 'connections':
      return <Connections adding={id === 'add'} />;
    case 'agents':
      return id && id !== 'add' ? <Agent key={id} id={id} /> : <Agents adding={id === 'add'} />;
    case 'policies': {
      const from = place.value.query.get('from') ?? undefined;
      return id ? <Policy key={`${id}:${from}`} name={id} from={from} /> : <Policies />;
    }
    case 'proof':
      return <Proof key={place.value.query.toString()} />;
    case 'settings':
      return id === 'first-run' ? <FirstRun /> : <Settings page={id ?? ''} />;
    default:
      return <Sessions />;
  }
}
