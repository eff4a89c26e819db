const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** First six characters of a hex digest in base32 (RFC 4648): what a person compares in notification, window and record. */
export function codeOf(digest: string): string {
  const bits = BigInt(`0x${digest.slice(0, 8)}`);
  let out = '';
  for (let i = 0; i < 6; i++) out += BASE32[Number((bits >> BigInt(27 - 5 * i)) & 31n)];
  return out;
}
