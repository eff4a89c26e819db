import { createHash } from 'node:crypto';

type Json = Record<string, unknown>;

const MODELS = ['gpt-4o', 'gpt-4o-mini', 'o4-mini', 'text-embedding-3-small'];
const CLAUDE = ['claude-sonnet-5', 'claude-haiku-4-5'];

/** Roughly what a tokenizer counts; stable, so tests may compare. */
export const countTokens = (text: string): number => Math.ceil(text.length / 4);

/** `GET /v1/models` in the shape of the asking API. */
export function models(anthropic: boolean): unknown {
  return anthropic
    ? {
        data: CLAUDE.map((id) => ({ type: 'model', id, display_name: id, created_at: '2025-01-01T00:00:00Z' })),
        has_more: false,
        first_id: CLAUDE[0],
        last_id: CLAUDE.at(-1),
      }
    : { object: 'list', data: MODELS.map((id) => ({ id, object: 'model', created: 1_735_689_600, owned_by: 'simulated' })) };
}

/** A vector that is the same for the same text, and of length 1. */
function vector(text: string, dimensions: number): number[] {
  const values = Array.from({ length: dimensions }, (_, i) => {
    const digest = createHash('sha256')
      .update(`${i >> 3}:${text}`)
      .digest();
    return digest.readInt32BE((i & 7) * 4) / 2 ** 31;
  });
  const length = Math.hypot(...values);
  return values.map((v) => v / length);
}

/** `POST /v1/embeddings`: floats, or base64 of 32-bit floats as the official clients ask for. */
export function embeddings(body: Json): unknown {
  const inputs = Array.isArray(body['input']) ? body['input'].map((i) => String(i)) : [String(body['input'] ?? '')];
  const dimensions = typeof body['dimensions'] === 'number' ? body['dimensions'] : 64;
  const tokens = inputs.reduce((sum, i) => sum + countTokens(i), 0);
  return {
    object: 'list',
    model: body['model'],
    data: inputs.map((input, index) => {
      const values = vector(input, dimensions);
      const embedding = body['encoding_format'] === 'base64' ? Buffer.from(new Float32Array(values).buffer).toString('base64') : values;
      return { object: 'embedding', index, embedding };
    }),
    usage: { prompt_tokens: tokens, total_tokens: tokens },
  };
}

/** A small REST API for connections of the `http` dialect: `/rest/orders/ID` (GET, DELETE), `/rest/echo` (POST). */
export function rest(method: string, path: string, body: Buffer): { status: number; body: unknown } {
  const order = /^\/rest\/orders\/(\d+)$/.exec(path)?.[1];
  if (order && method === 'GET') return { status: 200, body: { id: Number(order), status: 'shipped', items: 3, total: '41.90' } };
  if (order && method === 'DELETE') return { status: 200, body: { deleted: Number(order) } };
  if (path === '/rest/echo' && method === 'POST') return { status: 200, body: { received: body.toString('utf8') } };
  return { status: 404, body: { error: 'no such thing' } };
}
