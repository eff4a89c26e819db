/**
 * A short plain title for lists from a masked request body: the last text that a person wrote, whatever the provider's form
 * (`messages`, `input`, `prompt`). At most 120 characters; empty where there is none.
 */
export function titleOf(body: string): string {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch {
    return clip(body);
  }
  if (typeof parsed !== 'object' || parsed === null) return '';
  const { messages, input, prompt } = parsed as { messages?: unknown; input?: unknown; prompt?: unknown };
  for (const source of [messages, input, prompt]) {
    if (typeof source === 'string') return clip(source);
    if (!Array.isArray(source)) continue;
    for (let i = source.length - 1; i >= 0; i--) {
      const item = source[i] as { role?: string; content?: unknown } | string;
      if (typeof item === 'string') return clip(item);
      if (item?.role !== 'user') continue;
      const text = textOf(item.content);
      if (text) return clip(text);
    }
  }
  return '';
}

function textOf(content: unknown): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  return (content as { text?: unknown }[])
    .map((block) => (typeof block?.text === 'string' ? block.text : ''))
    .filter(Boolean)
    .join(' ');
}

function clip(text: string): string {
  const plain = text.replace(/\s+/g, ' ').trim();
  return plain.length <= 120 ? plain : `${plain.slice(0, 119)}…`;
}
