import { type Person, type RecordInput, SallyportError } from '../contract/index.js';
import type { RevealResult } from '../control/types.js';
import type { LedgerReader } from '../ledger/index.js';
import type { VaultEntry } from '../mask/types.js';

export interface RevealParts {
  reader: LedgerReader;
  originals: { load(session: string): Promise<VaultEntry[]> } | undefined;
  record(records: RecordInput): Promise<void>;
}

/** Puts originals back for a named person. The act is on disk before anything is answered. @throws SallyportError not_found, keychain_unavailable */
export async function reveal(
  parts: RevealParts,
  what: { session: string; exchange?: string; placeholders?: string[]; why?: string },
  person: Person,
): Promise<RevealResult> {
  if (!parts.originals)
    throw new SallyportError(
      'keychain_unavailable',
      'Originals are not kept here: our keys are not protected by a keychain, so masking is irreversible.',
    );
  const entries = await parts.originals.load(what.session);
  const wanted = what.placeholders ? entries.filter((e) => what.placeholders?.includes(e.placeholder)) : entries;
  const exchange = what.exchange === undefined ? undefined : await parts.reader.exchange(what.exchange);
  if (what.exchange !== undefined && exchange?.session !== what.session)
    throw new SallyportError('not_found', 'There is no such exchange in this session.');
  await parts.record({
    kind: 'reveal',
    session: what.session,
    ...(what.exchange === undefined ? {} : { exchange: what.exchange }),
    meta: {
      person: person.id,
      personName: person.name,
      via: person.via,
      placeholders: wanted.map((e) => e.placeholder),
      ...(what.why ? { why: what.why.slice(0, 500) } : {}),
    },
  });
  const back = (text: string | undefined): string | undefined =>
    text && wanted.reduce((out, e) => out.replaceAll(e.placeholder, () => JSON.stringify(e.value).slice(1, -1)), text);
  const request = back(exchange?.request);
  const response = back(exchange?.response);
  return {
    session: what.session,
    ...(what.exchange === undefined ? {} : { exchange: what.exchange }),
    originals: wanted.filter((e) => e.reversible).map(({ placeholder, entity, value }) => ({ placeholder, entity, value })),
    ...(request === undefined ? {} : { request }),
    ...(response === undefined ? {} : { response }),
  };
}
