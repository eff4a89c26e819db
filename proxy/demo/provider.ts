import { randomBytes } from 'node:crypto';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Behaviour, behaviourOf } from './behaviours.js';
import { type Conversation, fromAnthropic, fromChat, fromResponses, type Turn } from './conversation.js';
import { beforeHeaders, deliverFrames, deliverJson, Gone, type Sink } from './deliver.js';
import { countTokens, embeddings, models, rest } from './endpoints.js';
import { createLog, type ProviderLog, type ProviderLogEntry } from './log.js';
import { createSigner } from './signing.js';
import { badSignature, messageFrames, messageJson } from './wire-anthropic.js';
import { chatFrames, chatJson, frame, type Stamp } from './wire-chat.js';
import { responsesFrames, responsesJson } from './wire-responses.js';

export interface ProviderOptions {
  /** 0 (default): any free port, on 127.0.0.1. */
  port?: number;
  /** The keys that it takes. Default: one random key, see {@link SimulatedProvider.apiKey}. */
  apiKeys?: string[];
  /** Milliseconds between tokens; 0 (default): as fast as the client reads. */
  paceMs?: number;
  /** How many log entries are kept. */
  keep?: number;
  /** Decides before the markers do (see behaviours.ts); undefined leaves it to them. */
  script?: (conversation: Conversation, entry: ProviderLogEntry) => Behaviour | undefined;
}

export interface SimulatedProvider {
  /** `http://127.0.0.1:PORT`, without `/v1`. */
  origin: string;
  apiKey: string;
  log: ProviderLog;
  /** Requests that are being answered now. */
  readonly open: number;
  close(): Promise<void>;
}

type Json = Record<string, unknown>;
const NO_DELIVERY = { paceMs: 0 };
const BODY_LIMIT = 256 * 1024 * 1024;

/**
 * A provider that speaks the real wire formats of OpenAI (chat completions, responses, embeddings, models) and Anthropic
 * (messages, count_tokens, models), JSON and SSE, on a loopback port. It checks its key, keeps a log of exactly what it
 * received, and does what behaviours.ts lists. For demo and tests: the only simulated thing in either.
 */
export async function startSimulatedProvider(options: ProviderOptions = {}): Promise<SimulatedProvider> {
  const apiKeys = options.apiKeys ?? [`sk-proj-${randomBytes(24).toString('base64url')}`];
  const log = createLog(apiKeys, options.keep ?? 5000);
  const signer = createSigner();
  const stored = new Map<string, Turn[]>();
  let open = 0;

  async function answer(request: http.IncomingMessage, entry: ProviderLogEntry, sink: Sink): Promise<void> {
    const path = entry.path.replace(/\?.*$/, '');
    const isAnthropic = request.headers['anthropic-version'] !== undefined;
    const send = (status: number, body: unknown, headers: Record<string, string> = {}) => {
      entry.status = status;
      return deliverJson(JSON.stringify(body), status, { ...quota(isAnthropic), ...headers }, NO_DELIVERY, sink);
    };
    const fail = (status: number, message: string, code?: string, headers?: Record<string, string>) =>
      send(status, errorBody(isAnthropic, status, message, code), headers);

    if (entry.key !== 'right') return fail(401, 'Incorrect API key provided.', 'invalid_api_key');
    if (path.startsWith('/rest/')) {
      const result = rest(entry.method, path, entry.body);
      return send(result.status, result.body);
    }
    if (entry.method === 'GET' && path === '/v1/models') return send(200, models(isAnthropic));
    if (entry.method !== 'POST') return fail(404, `Unknown request URL: ${entry.method} ${path}.`, 'unknown_url');
    if (typeof entry.json !== 'object' || entry.json === null) return fail(400, 'We could not parse the JSON body of your request.');
    const body = entry.json as Json;
    const model = entry.model;
    if (!model) return fail(400, 'you must provide a model parameter');
    if (path === '/v1/embeddings') return send(200, embeddings(body));
    if (path === '/v1/messages/count_tokens') return send(200, { input_tokens: countTokens(entry.text) });

    const protocol = { '/v1/chat/completions': 'chat', '/v1/responses': 'responses', '/v1/messages': 'messages' }[path];
    if (!protocol) return fail(404, `Unknown request URL: ${entry.method} ${path}.`, 'unknown_url');
    const previous = body['previous_response_id'];
    const earlier = typeof previous === 'string' ? stored.get(previous) : [];
    if (!earlier) return fail(400, `Previous response with id '${String(previous)}' not found.`, 'previous_response_not_found');
    const forged = protocol === 'messages' ? badSignature(body, signer) : forgedReasoning(body, signer.opens);
    if (forged) return fail(400, forged, 'invalid_signature');

    const conversation =
      protocol === 'chat' ? fromChat(body) : protocol === 'responses' ? fromResponses(body, earlier) : fromAnthropic(body);
    const behaviour = options.script?.(conversation, entry) ?? behaviourOf(conversation, options.paceMs ?? 0);
    const { delivery } = behaviour;
    await beforeHeaders(delivery, sink.signal);
    if (delivery.redirect) {
      entry.status = 307;
      sink.response.writeHead(307, { location: 'http://redirected.invalid/v1' }).end();
      return;
    }
    if (delivery.error) {
      const { status, retryAfter } = delivery.error;
      return fail(status, `Simulated error ${status}.`, `simulated_${status}`, retryAfter ? { 'retry-after': retryAfter } : {});
    }
    const stamp: Stamp = {
      id: `${{ chat: 'chatcmpl-', responses: 'resp_', messages: 'msg_' }[protocol as 'chat']}${randomBytes(12).toString('hex')}`,
      model,
      created: Math.floor(Date.now() / 1000),
      promptTokens: countTokens(entry.text),
      includeUsage: (body['stream_options'] as Json | undefined)?.['include_usage'] === true,
    };
    entry.status = 200;
    if (protocol === 'responses' && body['store'] !== false) remember(stored, stamp.id, conversation, behaviour);
    if (!conversation.stream) {
      const whole =
        protocol === 'chat'
          ? chatJson(behaviour.answer, stamp)
          : protocol === 'responses'
            ? responsesJson(behaviour.answer, stamp, body, signer)
            : messageJson(behaviour.answer, stamp, signer);
      return deliverJson(JSON.stringify(whole), 200, quota(isAnthropic), delivery, sink);
    }
    const frames =
      protocol === 'chat'
        ? chatFrames(behaviour.answer, stamp)
        : protocol === 'responses'
          ? responsesFrames(behaviour.answer, stamp, body, signer)
          : messageFrames(behaviour.answer, stamp, signer);
    const error = errorBody(isAnthropic, 529, 'Overloaded', 'overloaded');
    return deliverFrames(frames, frame(error, isAnthropic ? 'error' : undefined), quota(isAnthropic), delivery, sink);
  }

  const server = http.createServer({ maxHeaderSize: 65_536 }, (request, response) => {
    open += 1;
    const gone = new AbortController();
    let entry: ProviderLogEntry | undefined;
    response.once('close', () => {
      open -= 1;
      if (entry?.ended === 'open') entry.ended = response.writableFinished ? 'finished' : 'client-gone';
      if (entry) entry.endedAt = Date.now();
      gone.abort();
    });
    read(request)
      .then((body) => {
        const made = log.add(request, body);
        entry = made;
        return answer(request, made, {
          response,
          signal: gone.signal,
          sent: (bytes) => {
            made.bytesSent += bytes;
          },
          cut: () => {
            made.ended = 'cut';
            response.destroy();
          },
        });
      })
      .catch((error: unknown) => {
        if (error instanceof Gone || response.destroyed) return;
        if (response.headersSent) response.destroy();
        else response.writeHead(500).end(String(error));
      });
  });
  server.requestTimeout = 0;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    apiKey: apiKeys[0] ?? '',
    log,
    get open() {
      return open;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function read(request: http.IncomingMessage): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of request as AsyncIterable<Buffer>) {
    size += piece.length;
    if (size > BODY_LIMIT) throw new Gone();
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

/** Keeps what the next turn needs, of the newest thousand responses. */
function remember(stored: Map<string, Turn[]>, id: string, conversation: Conversation, behaviour: Behaviour): void {
  stored.set(id, [...conversation.turns, { role: 'assistant', text: behaviour.answer.toolCalls.map((c) => c.name).join() }]);
  const oldest = stored.keys().next().value;
  if (stored.size > 1000 && oldest !== undefined) stored.delete(oldest);
}

function forgedReasoning(body: Json, opens: (token: unknown) => boolean): string | undefined {
  const items = Array.isArray(body['input']) ? (body['input'] as Json[]) : [];
  const forged = items.some((item) => item['type'] === 'reasoning' && item['encrypted_content'] && !opens(item['encrypted_content']));
  return forged ? 'The encrypted content could not be verified.' : undefined;
}

/** Error bodies as the two APIs send them. */
function errorBody(isAnthropic: boolean, status: number, message: string, code?: string): unknown {
  if (!isAnthropic) {
    const type =
      status === 401 ? 'invalid_request_error' : status === 429 ? 'requests' : status >= 500 ? 'server_error' : 'invalid_request_error';
    return { error: { message, type, param: null, code: code ?? null } };
  }
  const types: Record<number, string> = {
    400: 'invalid_request_error',
    401: 'authentication_error',
    403: 'permission_error',
    404: 'not_found_error',
    413: 'request_too_large',
    429: 'rate_limit_error',
    529: 'overloaded_error',
  };
  return { type: 'error', error: { type: types[status] ?? 'api_error', message }, request_id: `req_${randomBytes(9).toString('hex')}` };
}

function quota(isAnthropic: boolean): Record<string, string> {
  const id = `req_${randomBytes(9).toString('hex')}`;
  return isAnthropic
    ? { 'request-id': id, 'anthropic-ratelimit-requests-limit': '1000', 'anthropic-ratelimit-requests-remaining': '999' }
    : {
        'x-request-id': id,
        'x-ratelimit-limit-requests': '10000',
        'x-ratelimit-remaining-requests': '9999',
        'openai-processing-ms': '12',
        'set-cookie': '__cf_bm=simulated; path=/; HttpOnly',
      };
}
