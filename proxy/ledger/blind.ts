import { createHmac } from 'node:crypto';

/**
 * The blind index: a keyed hash of each masked value, so that "which sessions hold this person's data?" has an answer and
 * the value itself is stored nowhere in the index. Who has the key can test guesses; the key lies in the SecretStore.
 */
export function blindHashes(key: Buffer, value: string): string[] {
  return [...new Set(forms(value))].map((form) => createHmac('sha256', key).update(form).digest('base64url').slice(0, 22));
}

/** Spellings under which a value is found: as it is in lower case, and numbers without their separators. */
function forms(value: string): string[] {
  const plain = value.normalize('NFKC').trim().toLowerCase().replace(/\s+/g, ' ');
  const compact = plain.replace(/[\s().\-/+]/g, '');
  return /\d{6,}/.test(compact) ? [plain, compact] : [plain];
}

/** One line of `vault/values.jsonl`. */
export interface BlindLine {
  session: string;
  hashes: string[];
}
