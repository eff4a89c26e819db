/**
 * What was open when the process ended: approvals that waited (they are withdrawn at the next start and never released) and grants that
 * stand. What an attacker could do here: write a grant into the file; so it carries a MAC whose key is in the SecretStore.
 */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { ApprovalBroker } from '../approvals/index.js';
import type { Approval, Grant, SecretStore } from '../contract/index.js';
import { sealedFile } from '../identity/index.js';

interface Kept {
  open: Approval[];
  grants: Grant[];
}

const KEY = 'approvals-seal';

export interface OpenApprovals {
  leftOver: Approval[];
  grants: Grant[];
  /** Keeps the file in step with the broker from now on. */
  follow(broker: ApprovalBroker): void;
}

export async function openApprovals(directory: string, secrets: SecretStore, now: () => number): Promise<OpenApprovals> {
  const file = sealedFile<Kept>(join(directory, 'state', 'approvals.json'), 'approvals', async () => {
    const kept = await secrets.get(KEY);
    if (kept !== undefined) return kept;
    const made = randomBytes(32).toString('base64url');
    await secrets.set(KEY, made);
    return made;
  });
  const kept = (await file.read()) ?? { open: [], grants: [] };
  return {
    leftOver: kept.open,
    grants: kept.grants.filter((grant) => Date.parse(grant.expiresAt) > now()),
    follow(broker) {
      let timer: NodeJS.Timeout | undefined;
      broker.onChange(() => {
        timer ??= setTimeout(() => {
          timer = undefined;
          // The texts that were shown stay in the ledger alone.
          const open = broker.list({ state: 'open' }).map((a) => ({ ...a, shown: [] }));
          void file.write({ open, grants: broker.grants() }).catch(() => {});
        }, 50);
      });
    },
  };
}
