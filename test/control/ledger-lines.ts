import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The records as they lie on disk. */
export function ledgerLines(directory: string): { kind: string; meta: Record<string, unknown>; session?: string; exchange?: string }[] {
  const folder = join(directory, 'ledger');
  return readdirSync(folder)
    .filter((name) => name.endsWith('.jsonl'))
    .sort()
    .flatMap((name) => readFileSync(join(folder, name), 'utf8').split('\n').filter(Boolean))
    .map((line) => JSON.parse(line) as { kind: string; meta: Record<string, unknown> });
}
