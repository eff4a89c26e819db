/** What full text search sees of a body. */

const MOST = 262_144;

/** Plain words of a piece of JSON (it may begin or end inside a string): keys dropped, escapes undone. */
export function wordsOfJson(text: string): string {
  return text
    .slice(0, MOST)
    .replace(/"[\w$-]{1,64}"\s*:/g, ' ')
    .replace(/\\u([0-9a-fA-F]{4})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
    .replace(/\\[nrtbf]/g, ' ')
    .replace(/\\(["\\/])/g, '$1');
}

const TEXT_KEYS = new Set([
  'content',
  'text',
  'delta',
  'arguments',
  'partial_json',
  'thinking',
  'refusal',
  'reasoning_content',
  'input',
  'name',
  'message',
]);

/** Words of an answer: of a stream, the text of each channel put together, so that a word split over events is found. */
export function wordsOfAnswer(text: string): string {
  if (!/^(?:event|data|id|:)/m.test(text.slice(0, 256))) return wordsOfJson(text);
  const channels = new Map<string, string>();
  let size = 0;
  for (const line of text.split('\n')) {
    if (!line.startsWith('data:') || size > MOST) continue;
    let value: unknown;
    try {
      value = JSON.parse(line.slice(5));
    } catch {
      continue;
    }
    collect(value, '', 0, (path, words) => {
      channels.set(path, (channels.get(path) ?? '') + words);
      size += words.length;
    });
  }
  return [...channels.values()].join('\n').slice(0, MOST);
}

function collect(value: unknown, path: string, depth: number, take: (path: string, words: string) => void): void {
  if (depth > 8 || typeof value !== 'object' || value === null) return;
  const index = (value as { index?: unknown }).index ?? (value as { output_index?: unknown }).output_index ?? '';
  for (const [key, inner] of Object.entries(value)) {
    const at = `${path}.${key}${typeof index === 'number' ? `#${index}` : ''}`;
    if (typeof inner === 'string') {
      if (TEXT_KEYS.has(key)) take(at, inner);
    } else collect(inner, at, depth + 1, take);
  }
}
