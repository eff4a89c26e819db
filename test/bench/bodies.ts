/** The requests of the bench. `NONCE` (12 bytes) is replaced in every request, so that nothing repeats whole. */
export const NONCE = '@@@@@@@@@@@@';

const PLEASE = 'Please summarise the following meeting notes for the team and list the next steps in order. ';
const FOX = 'the quick brown fox jumps over the lazy dog and goes back to the old barn by the river again ';
const fill = (text: string, bytes: number): string => text.repeat(Math.ceil(bytes / text.length)).slice(0, bytes);
const body = (model: string, text: string, more: Record<string, unknown> = {}): string =>
  JSON.stringify({
    model,
    ...more,
    messages: [
      { role: 'system', content: 'You are a helpful assistant.' },
      { role: 'user', content: text },
    ],
  });

/** About `bytes` of clean text in one message. */
export const plain = (model: string, bytes: number, stream = false): string =>
  body(model, `${NONCE} ${fill(PLEASE, bytes - 160)}`, stream ? { stream: true } : {});

/** 1 KB with three values of persons, from a set of 32 each; the answer of the `echo` model brings them back. */
export function withHits(model: string, i: number, stream = false): string {
  const text = `${NONCE} Write to jane.miller${i % 32}@example-corp.com or call +49 30 9018${1000 + (i % 32)}; her card is ${CARDS[i % CARDS.length]}. `;
  return body(model, text + fill(PLEASE, 1024 - 160 - text.length), stream ? { stream: true } : {});
}
/** Numbers that pass the check digit and are nobody's. */
const CARDS = ['4929 7226 5379 7141', '5425 2334 3010 9903', '3782 822463 10005', '4532 0151 1283 0366'];

/** A conversation of an agent: 64 messages, 12 tools, about 48 KB; only its last message is new in each request. */
export function conversation(model: string, run: string): string {
  const tools = Array.from({ length: 12 }, (_, i) => ({
    type: 'function',
    function: {
      name: `tool_${i}`,
      description: 'Reads rows from a store and returns them as "JSON" lines.\nUse with care.',
      parameters: { type: 'object', properties: { q: { type: 'string' }, n: { type: 'integer' } }, required: ['q'] },
    },
  }));
  const messages = Array.from({ length: 64 }, (_, i) => {
    if (i === 63) return { role: 'user', content: `${NONCE} ${fill(FOX, 900)}` };
    if (i % 4 === 3) {
      const rows = Array.from({ length: 6 }, (_, k) => ({ id: k * 977 + i, name: `item ${k}`, price: k * 1.5 }));
      return { role: 'tool', tool_call_id: `call_${i - 1}`, content: JSON.stringify({ rows }) };
    }
    if (i % 4 === 2)
      return {
        role: 'assistant',
        content: null,
        tool_calls: [{ id: `call_${i}`, type: 'function', function: { name: 'tool_1', arguments: '{"q":"status of order 4711","n":3}' } }],
      };
    return {
      role: i % 2 ? 'assistant' : 'user',
      content: `Turn ${i} of ${run}. Look at the log below and tell me what is wrong.\n\t"line" ${fill(FOX, 1180)}`,
    };
  });
  return JSON.stringify({ model, stream: false, tools, messages });
}
