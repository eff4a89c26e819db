import { type RecordInput, SallyportError } from '../contract/index.js';
import type { LedgerActs } from '../control/types.js';

/** The rooms behind the acts; filled by the composition. */
export interface ActParts {
  record(input: RecordInput): Promise<void>;
  verify: LedgerActs['verify'];
  export: LedgerActs['export'];
  forget: LedgerActs['forget'];
  retention: LedgerActs['retention'];
  rebuildIndex?: LedgerActs['rebuildIndex'];
  /** Labels of a session; undefined when there is no such session. */
  labelsOf(session: string): Promise<string[] | undefined>;
  changed(session: string): void;
}

/** Acts of persons on the ledger. Each is itself a record. */
export function ledgerActs(parts: ActParts): LedgerActs {
  const must = async (session: string): Promise<string[]> => {
    const labels = await parts.labelsOf(session);
    if (!labels) throw new SallyportError('not_found', `There is no session ${session}.`);
    return labels;
  };
  return {
    record: parts.record,
    verify: parts.verify,
    export: parts.export,
    retention: parts.retention,
    ...(parts.rebuildIndex ? { rebuildIndex: parts.rebuildIndex } : {}),
    async forget(session, person) {
      await must(session);
      return parts.forget(session, person);
    },
    async note(session, text, person) {
      await must(session);
      await parts.record({
        kind: 'note',
        session,
        meta: { person: person.id, personName: person.name },
        content: { name: 'note', bytes: Buffer.from(text) },
      });
      parts.changed(session);
    },
    async label(session, { title, labels, starred, legalHold }, person) {
      const before = await must(session);
      const meta = {
        person: person.id,
        ...(labels ? { add: labels.filter((l) => !before.includes(l)), remove: before.filter((l) => !labels.includes(l)) } : {}),
        ...(starred === undefined ? {} : { star: starred }),
        ...(legalHold === undefined ? {} : { hold: legalHold }),
      };
      await parts.record({
        kind: 'label',
        session,
        meta,
        ...(title === undefined ? {} : { content: { name: 'note' as const, bytes: Buffer.from(title) } }),
      });
      parts.changed(session);
    },
  };
}
