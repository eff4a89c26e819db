import { wordsOfAnswer } from '../index-text.js';

/** Messages of a request body of any provider's form, as plain text. */
export function messagesOf(body: string): { role: string; text: string }[] {
  let parsed: { messages?: unknown; input?: unknown; system?: unknown; instructions?: unknown };
  try {
    parsed = JSON.parse(body);
  } catch {
    return body === '' ? [] : [{ role: 'user', text: body }];
  }
  const messages: { role: string; text: string }[] = [];
  const system = parsed?.system ?? parsed?.instructions;
  if (system !== undefined) messages.push({ role: 'system', text: contentText(system) });
  const list = parsed?.messages ?? parsed?.input;
  if (typeof list === 'string') messages.push({ role: 'user', text: list });
  for (const item of Array.isArray(list) ? (list as Record<string, unknown>[]) : []) {
    const calls = Array.isArray(item?.['tool_calls']) ? `\n${JSON.stringify(item['tool_calls'])}` : '';
    const role = String(item?.['role'] ?? item?.['type'] ?? 'user');
    messages.push({ role, text: `${contentText(item?.['content'] ?? item?.['output'] ?? item?.['arguments'])}${calls}` });
  }
  return messages;
}

function contentText(content: unknown): string {
  if (content === undefined || content === null) return '';
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return JSON.stringify(content);
  return (content as Record<string, unknown>[])
    .map((block) => {
      if (typeof block?.['text'] === 'string') return block['text'];
      if (block?.['type'] === 'tool_result') return contentText(block['content']);
      return JSON.stringify(block);
    })
    .join('\n');
}

/** The text of an answer: of a stream, put together; of a JSON answer, the message's text where it has one. */
export function answerText(body: string): string {
  try {
    const parsed = JSON.parse(body) as {
      choices?: { message?: { content?: unknown } }[];
      content?: unknown;
      output?: { content?: unknown }[];
    };
    const content =
      parsed.choices?.[0]?.message?.content ?? parsed.content ?? parsed.output?.map((item) => contentText(item.content)).join('\n');
    return content === undefined ? body : contentText(content);
  } catch {
    return wordsOfAnswer(body);
  }
}
