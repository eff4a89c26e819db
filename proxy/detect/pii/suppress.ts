/**
 * What programs write and people do not: UUIDs, hashes, times, versions. Digits inside them are not looked at.
 */
const isHex = (c: number) => (c >= 48 && c <= 57) || (c >= 97 && c <= 102) || (c >= 65 && c <= 70);
const isBase64 = (c: number) =>
  (c >= 97 && c <= 122) || (c >= 65 && c <= 90) || (c >= 47 && c <= 57) || c === 43 || c === 61 || c === 95 || c === 45;

/** End of the machine-made identifier around `at`, or 0. */
export function machineId(text: string, at: number): number {
  // Hex words and dashed hex groups.
  let start = at;
  let letters = false;
  let dashes = 0;
  const floor = Math.max(0, at - 72);
  while (start > floor) {
    const c = text.charCodeAt(start - 1);
    if (isHex(c)) letters ||= c > 57;
    else if (c === 45 && isHex(text.charCodeAt(start - 2))) dashes++;
    else break;
    start--;
  }
  let end = at + 1;
  const limit = Math.min(text.length, at + 200);
  while (end < limit) {
    const c = text.charCodeAt(end);
    if (isHex(c)) letters ||= c > 57;
    else if (c === 45 && isHex(text.charCodeAt(end + 1))) dashes++;
    else break;
    end++;
  }
  const length = end - start;
  if (letters || dashes > 0) {
    if (
      length === 36 &&
      dashes === 4 &&
      text[start + 8] === '-' &&
      text[start + 13] === '-' &&
      text[start + 18] === '-' &&
      text[start + 23] === '-'
    )
      return end;
    if (letters && dashes === 0 && (length === 32 || length === 40 || length === 56 || length === 64 || length === 96 || length === 128))
      return end;
    if (letters && dashes === 0 && length >= 20 && text[start - 1] !== 'x') return end;
  } else if (length > 40) return end;
  // Long runs of base64 and other tokens with letters of both cases.
  let left = at;
  while (left > Math.max(0, at - 128) && isBase64(text.charCodeAt(left - 1))) left--;
  let right = at + 1;
  while (right < Math.min(text.length, at + 1024) && isBase64(text.charCodeAt(right))) right++;
  if (right - left >= 48) {
    const run = text.slice(left, Math.min(right, left + 128));
    if (/[a-z]/.test(run) && /[A-Z]/.test(run) && !/[-_]{2}/.test(run)) return right;
  }
  return 0;
}
