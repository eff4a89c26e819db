import { createHmac } from 'node:crypto';

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567';

/** All 51 base32 characters of HMAC-SHA256(key, entity ‖ 0 ‖ value); callers take a prefix. */
export function code(key: Buffer, entity: string, value: string): string {
  const digest = createHmac('sha256', key).update(entity).update('\0').update(value, 'utf8').digest();
  let out = '';
  let bits = 0;
  let held = 0;
  for (const byte of digest) {
    held = (held << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      out += ALPHABET[(held >> bits) & 31];
    }
    held &= (1 << bits) - 1;
  }
  return out;
}

/** Entities of which two spellings are one value, and what that value is. */
const CANONICAL: Record<string, (value: string) => string> = {
  EMAIL_ADDRESS: (value) => value.toLowerCase(),
  PHONE_NUMBER: digits,
  CREDIT_CARD: digits,
  US_SSN: digits,
  IBAN_CODE: (value) => value.replace(/[\s.-]/g, '').toUpperCase(),
};

function digits(value: string): string {
  return value.replace(/[^0-9+]/g, '');
}

/** The common form of all spellings of a value; NFC where nothing better is known. */
export function canonical(entity: string, value: string): string {
  return CANONICAL[entity]?.(value) ?? value.normalize('NFC');
}
