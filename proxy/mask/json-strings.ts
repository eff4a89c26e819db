/** The inside of a JSON string literal for `text`. */
export const escapeJson = (text: string): string => JSON.stringify(text).slice(1, -1);

/**
 * Decodes a raw JSON string, quotes included. `map[i]` is where character `i` stands in the raw text; `map[length]` the closing
 * quote; no map when nothing is escaped. Takes what a strict reader refuses (a model wrote it) as it stands.
 */
export function decodeString(raw: string): { value: string; map?: Int32Array } {
  const end = raw.length - 1;
  if (!raw.includes('\\')) return { value: raw.slice(1, end) };
  const map = new Int32Array(end + 1);
  const pieces: string[] = [];
  let count = 0;
  let plain = 1;
  let i = 1;
  while (i < end) {
    map[count++] = i;
    if (raw.charCodeAt(i) !== 92) {
      i++;
      continue;
    }
    if (i > plain) pieces.push(raw.slice(plain, i));
    const e = raw[i + 1];
    const hex = e === 'u' ? raw.slice(i + 2, i + 6) : '';
    if (/^[0-9a-fA-F]{4}$/.test(hex)) {
      pieces.push(String.fromCharCode(Number.parseInt(hex, 16)));
      i += 6;
    } else {
      pieces.push(SINGLE[e!] ?? e ?? '');
      i += 2;
    }
    plain = i;
  }
  if (end > plain) pieces.push(raw.slice(plain, end));
  map[count] = end;
  return { value: pieces.join(''), map: map.subarray(0, count + 1) };
}

const SINGLE: Record<string, string> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };
