import type { RecordKind } from '../contract/index.js';
import type { Call } from './route.js';

/** Records a change that a person made, and tells every face that settings changed. Never given a value that is secret. */
export async function changed(call: Call, kind: RecordKind, meta: Record<string, unknown>): Promise<void> {
  await call.services.acts.record({ kind, meta: { ...meta, person: call.person.id, face: call.face } });
  call.hub.publish({ type: 'settings' });
}
