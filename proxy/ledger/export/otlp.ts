import { hash } from 'node:crypto';
import type { ExchangeDetail, SessionDetail } from '../types.js';
import type { ExportSource } from './index.js';
import { answerText, messagesOf } from './text.js';

type Value = string | number | boolean | string[];

/** The conventions that names and values follow; said in each file and batch. */
export const SCHEMA_URL = 'https://opentelemetry.io/schemas/1.37.0';

/**
 * OTLP/JSON trace file by the OpenTelemetry semantic conventions for generative AI (1.37 and later: `gen_ai.provider.name`,
 * messages as attributes). A session is a trace: its root is `invoke_agent`, each exchange a client span, each tool call a
 * child. The same ids come out at every export, so a collector that gets a session twice can tell.
 */
export async function* otlpParts(source: ExportSource): AsyncGenerator<string> {
  yield OPENING;
  let first = true;
  for (const id of source.sessions) {
    const detail = await source.detail(id);
    const spans = [sessionSpan(detail)];
    for await (const exchange of source.exchanges(detail))
      spans.push(...(await exchangeSpans(exchange, detail.agent, (text) => source.show(id, text))));
    for (const span of spans) {
      yield `${first ? '' : ','}${JSON.stringify(span)}`;
      first = false;
    }
  }
  yield CLOSING;
}

const OPENING = `{"resourceSpans":[{"resource":${JSON.stringify({ attributes: attributes({ 'service.name': 'sallyport' }) })},"schemaUrl":"${SCHEMA_URL}","scopeSpans":[{"scope":{"name":"sallyport.ledger"},"schemaUrl":"${SCHEMA_URL}","spans":[`;
const CLOSING = ']}]}]}';

/** The body of an OTLP/HTTP request with these spans, each as JSON. */
export const tracesBody = (spans: readonly string[]): string => `${OPENING}${spans.join(',')}${CLOSING}`;

function sessionSpan(session: SessionDetail): object {
  return {
    traceId: traceId(session.id),
    spanId: spanId(session.id),
    name: `invoke_agent ${session.agent}`,
    kind: 1,
    startTimeUnixNano: nanos(Date.parse(session.startedAt)),
    endTimeUnixNano: nanos(Date.parse(session.lastAt)),
    attributes: attributes({
      'gen_ai.operation.name': 'invoke_agent',
      'gen_ai.agent.name': session.agent,
      'gen_ai.conversation.id': session.id,
      'gen_ai.usage.input_tokens': session.inputTokens,
      'gen_ai.usage.output_tokens': session.outputTokens,
    }),
    status: {},
  };
}

const OPERATIONS: Record<string, string> = { chat: 'chat', responses: 'chat', messages: 'chat', embeddings: 'embeddings' };

/**
 * Spans of one exchange: the call to the model, and its tool calls. Without `show`, what was said is left out (the conventions make
 * messages opt-in). `alone`: the session's own span is not sent, so that nothing names it as its parent.
 */
export async function exchangeSpans(
  exchange: ExchangeDetail,
  agent: string,
  show: ((text: string) => Promise<string>) | undefined,
  alone = false,
): Promise<object[]> {
  const start = Date.parse(exchange.at);
  const arrival = exchange.events.find(({ kind }) => kind === 'arrival')?.meta ?? {};
  const end = exchange.events.find(({ kind }) => kind === 'end')?.meta as { usage?: Record<string, number>; code?: string } | undefined;
  const operation = OPERATIONS[exchange.operation] ?? exchange.operation;
  const failed = exchange.outcome !== 'ok';
  const own = spanId(exchange.id);
  const base = { traceId: traceId(exchange.session) };
  const span = {
    ...base,
    spanId: own,
    ...(alone ? {} : { parentSpanId: spanId(exchange.session) }),
    name: `${operation} ${exchange.model ?? ''}`.trim(),
    kind: 3,
    startTimeUnixNano: nanos(start),
    endTimeUnixNano: nanos(start + exchange.totalMs),
    attributes: attributes({
      'gen_ai.operation.name': operation,
      'gen_ai.provider.name': String(arrival['dialect'] ?? exchange.connection),
      'gen_ai.request.model': exchange.model ?? '',
      'gen_ai.conversation.id': exchange.session,
      'gen_ai.agent.name': agent,
      'http.response.status_code': exchange.status,
      'gen_ai.usage.input_tokens': end?.usage?.['inputTokens'] ?? 0,
      'gen_ai.usage.output_tokens': end?.usage?.['outputTokens'] ?? 0,
      ...(failed ? { 'error.type': end?.code ?? exchange.outcome } : {}),
      ...(show ? await said(exchange, show) : {}),
      'sallyport.outcome': exchange.outcome,
      'sallyport.strongest_verdict': exchange.strongest,
      'sallyport.ledger.first_hash': exchange.events[0]?.hash ?? '',
    }),
    events: exchange.events
      .filter(({ kind }) => ['verdict', 'approval', 'decision'].includes(kind))
      .map((event) => ({ timeUnixNano: nanos(start + event.offsetMs), name: `sallyport.${event.kind}`, attributes: [] })),
    status: failed ? { code: 2, message: exchange.outcome } : { code: 1 },
  };
  const tools = exchange.events
    .filter(({ kind }) => kind === 'tool-call')
    .map((event) => ({
      ...base,
      spanId: spanId(`${exchange.id}/${event.sequence}`),
      parentSpanId: own,
      name: `execute_tool ${String(event.meta['name'] ?? '')}`,
      kind: 1,
      startTimeUnixNano: nanos(start + event.offsetMs),
      endTimeUnixNano: nanos(start + event.offsetMs),
      attributes: attributes({ 'gen_ai.operation.name': 'execute_tool', 'gen_ai.tool.name': String(event.meta['name'] ?? '') }),
      status: {},
    }));
  return [span, ...tools];
}

/** Messages in the form of the conventions; masked text. */
async function said(exchange: ExchangeDetail, show: (text: string) => Promise<string>): Promise<Record<string, Value>> {
  const asked = messagesOf(await show(exchange.request ?? ''));
  const answer = answerText(await show(exchange.response ?? ''));
  const finish = exchange.outcome === 'ok' ? 'stop' : 'error';
  return {
    'gen_ai.input.messages': JSON.stringify(asked.map(({ role, text }) => ({ role, parts: [{ type: 'text', content: text }] }))),
    'gen_ai.output.messages': JSON.stringify([{ role: 'assistant', parts: [{ type: 'text', content: answer }], finish_reason: finish }]),
  };
}

const traceId = (session: string): string => hash('sha256', `trace ${session}`, 'hex').slice(0, 32);
const spanId = (id: string): string => hash('sha256', `span ${id}`, 'hex').slice(0, 16);
const nanos = (ms: number): string => `${BigInt(Math.round(ms * 1000)) * 1000n}`;

function attributes(values: Record<string, Value>): object[] {
  return Object.entries(values).map(([key, value]) => ({ key, value: anyValue(value) }));
}

function anyValue(value: Value): object {
  if (typeof value === 'number') return Number.isInteger(value) ? { intValue: String(value) } : { doubleValue: value };
  if (typeof value === 'boolean') return { boolValue: value };
  if (Array.isArray(value)) return { arrayValue: { values: value.map((item) => ({ stringValue: item })) } };
  return { stringValue: value };
}
