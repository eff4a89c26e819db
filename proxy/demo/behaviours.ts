import { type Conversation, example } from './conversation.js';

/**
 * What the simulated model does is chosen by markers in the last message of the person, `[[name arguments]]`, or by a model
 * called `sim-NAME`, or by the `script` that the provider was started with. Several markers may stand in one message.
 *
 * | marker | what happens |
 * |---|---|
 * | *(none)* | answers `You wrote: …` with the person's text, placeholders included; after tool results `The tools answered: …` |
 * | `[[echo]]` | answers exactly the person's text, markers taken out |
 * | `[[say TEXT]]` | answers TEXT |
 * | `[[tool NAME JSON]]` | calls the tool; several markers are parallel calls; a `say` before it is the text that comes with it |
 * | `[[then]]` | what follows is done in the next turn of the model (after the tools answered) |
 * | `[[interleave]]` | fragments of parallel calls come in turns |
 * | `[[think TEXT]]` | thinking with a signature first (anthropic), an encrypted reasoning item (responses) |
 * | `[[redacted]]` | a `redacted_thinking` block first (anthropic) |
 * | `[[tokens N]]` | a text of N tokens |
 * | `[[big MB]]` | a text of MB megabytes in pieces of 64 KB |
 * | `[[huge-event BYTES]]` | the whole text in one event |
 * | `[[slow MS]]` | MS milliseconds between tokens |
 * | `[[delay MS]]` | MS milliseconds before the headers |
 * | `[[hang]]` | accepts the request and never answers |
 * | `[[stall N]]` | stops after N events and never ends |
 * | `[[cut N]]` | destroys the socket after N events (JSON: after half of the body) |
 * | `[[end-early N]]` | ends cleanly after N events, without a terminator |
 * | `[[error STATUS]]`, `[[error STATUS RETRY-AFTER]]` | the provider's own error body, with its rate-limit headers |
 * | `[[stream-error N]]` | an error event after N events |
 * | `[[redirect]]` | 307 to another host |
 * | `[[wrong-type]]` | a web page, `text/html` |
 * | `[[type NAME]]` | the right answer under the content type NAME |
 * | `[[broken-json]]` | a JSON body that ends in the middle |
 * | `[[gzip]]`, `[[br]]`, `[[encoding NAME]]` | a compressed answer (NAME: sent as it is, under that name) |
 * | `[[bytes N]]` | the stream is written in pieces of N bytes, whatever they cut |
 * | `[[extras]]` | comments, unknown events and unknown fields between the events |
 * | `[[refuse TEXT]]` | the model's own refusal |
 * | `[[length]]` | stops at the token limit |
 */
export interface Answer {
  /** The text, token by token; may be long, so it is made while it is sent. */
  tokens: Iterable<string>;
  toolCalls: { name: string; arguments: string }[];
  thinking?: string;
  redactedThinking?: boolean;
  refusal?: string;
  cutByLength?: boolean;
  interleave?: boolean;
}

export interface Delivery {
  paceMs: number;
  delayMs?: number;
  hang?: boolean;
  stallAfter?: number;
  cutAfter?: number;
  endEarlyAfter?: number;
  streamErrorAfter?: number;
  error?: { status: number; retryAfter?: string };
  redirect?: boolean;
  contentType?: string;
  brokenJson?: boolean;
  encoding?: string;
  pieceBytes?: number;
  extras?: boolean;
}

export interface Behaviour {
  answer: Answer;
  delivery: Delivery;
}

interface Marker {
  name: string;
  argument: string;
}

/** About four characters a token, so that placeholders and numbers come in several pieces, as from a real provider. */
export function tokenize(text: string): string[] {
  return text.match(/\s*[^\s]{1,4}|\s+$/gu) ?? [];
}

function* bigText(bytes: number): Iterable<string> {
  const piece = 'All work and no play makes a long stream. '.repeat(1561).slice(0, 65_536);
  for (let left = bytes; left > 0; left -= piece.length) yield left >= piece.length ? piece : piece.slice(0, left);
}

/** Takes the markers out of a text. A JSON argument may itself hold `]]`. */
export function readMarkers(text: string): { markers: Marker[]; rest: string } {
  const markers: Marker[] = [];
  let rest = '';
  let at = 0;
  for (;;) {
    const open = text.indexOf('[[', at);
    if (open < 0) return { markers, rest: (rest + text.slice(at)).trim() };
    let close = text.indexOf(']]', open);
    let found: Marker | undefined;
    while (close >= 0 && !found) {
      const head = /^([a-z-]+)(?:\s+([\s\S]*))?$/.exec(text.slice(open + 2, close));
      if (!head) break;
      const marker = { name: head[1] ?? '', argument: head[2] ?? '' };
      if (marker.name === 'tool' && !parses(toolOf(marker.argument).arguments)) close = text.indexOf(']]', close + 1);
      else found = marker;
    }
    if (!found) {
      rest += text.slice(at, open + 2);
      at = open + 2;
      continue;
    }
    markers.push(found);
    rest += text.slice(at, open);
    at = close + 2;
  }
}

function toolOf(argument: string): { name: string; arguments: string } {
  const space = argument.search(/\s/);
  return space < 0
    ? { name: argument, arguments: '{}' }
    : { name: argument.slice(0, space), arguments: argument.slice(space).trim() || '{}' };
}

function parses(json: string): boolean {
  try {
    JSON.parse(json);
    return true;
  } catch {
    return false;
  }
}

/** The behaviour that a conversation asks for. */
export function behaviourOf(conversation: Conversation, paceMs: number): Behaviour {
  const { turns } = conversation;
  const asked = turns.findLastIndex((t) => t.role === 'user');
  const step = turns.slice(asked + 1).filter((t, i, after) => t.role === 'assistant' && after[i - 1]?.role !== 'assistant').length;
  const { markers: all, rest } = readMarkers(turns[asked]?.text ?? '');
  const steps: Marker[][] = [[]];
  for (const marker of all) marker.name === 'then' ? steps.push([]) : steps.at(-1)?.push(marker);
  const markers = [...(steps[step] ?? [])];
  if (conversation.model.startsWith('sim-') && step === 0) {
    const [name = '', ...argument] = conversation.model.slice(4).split(':');
    markers.push({ name, argument: argument.join(':') });
  }
  const results = turns.slice(asked + 1).filter((t) => t.role === 'tool');
  const answer: Answer = { tokens: [], toolCalls: [] };
  const delivery: Delivery = { paceMs };
  let text = results.length ? `The tools answered: ${results.map((t) => t.text).join(' | ')}` : `You wrote: ${rest}`;
  let spoken = false;
  for (const { name, argument } of markers) {
    spoken ||= ['echo', 'say', 'tokens'].includes(name);
    const number = Number(argument.split(' ')[0] || '0');
    if (name === 'echo') text = rest;
    else if (name === 'say') text = argument;
    else if (name === 'tool') {
      answer.toolCalls.push(toolOf(argument));
      if (!spoken) text = '';
    } else if (name === 'interleave') answer.interleave = true;
    else if (name === 'think') answer.thinking = argument || 'Let me think about that.';
    else if (name === 'redacted') answer.redactedThinking = true;
    else if (name === 'tokens') text = Array.from({ length: number }, (_, i) => `w${i % 100}`).join(' ');
    else if (name === 'big') answer.tokens = bigText(number * 1_000_000);
    else if (name === 'huge-event') answer.tokens = ['x'.repeat(number)];
    else if (name === 'refuse') answer.refusal = argument || 'I cannot help with that.';
    else if (name === 'length') answer.cutByLength = true;
    else applyDelivery(delivery, name, argument, number);
  }
  if (conversation.wanted.schema !== undefined && !markers.some((m) => m.name === 'say' || m.name === 'tool'))
    text = JSON.stringify(conversation.wanted.schema === true ? { answer: rest } : example(conversation.wanted.schema, rest));
  const forced = conversation.wanted.forcedTool;
  if (forced && answer.toolCalls.length === 0) {
    const name = forced === 'any' ? ([...conversation.tools.keys()][0] ?? 'any') : forced;
    answer.toolCalls.push({ name, arguments: JSON.stringify(example(conversation.tools.get(name), rest)) });
    text = '';
  }
  if (Array.isArray(answer.tokens) && answer.tokens.length === 0) answer.tokens = tokenize(answer.refusal ? '' : text);
  return { answer, delivery };
}

function applyDelivery(delivery: Delivery, name: string, argument: string, number: number): void {
  if (name === 'slow') delivery.paceMs = number;
  else if (name === 'delay') delivery.delayMs = number;
  else if (name === 'hang') delivery.hang = true;
  else if (name === 'stall') delivery.stallAfter = number;
  else if (name === 'cut') delivery.cutAfter = number;
  else if (name === 'end-early') delivery.endEarlyAfter = number;
  else if (name === 'stream-error') delivery.streamErrorAfter = number;
  else if (name === 'error') {
    const retryAfter = argument.split(' ')[1];
    delivery.error = { status: number || 500, ...(retryAfter ? { retryAfter } : {}) };
  } else if (name === 'redirect') delivery.redirect = true;
  else if (name === 'wrong-type') delivery.contentType = 'text/html; charset=utf-8';
  else if (name === 'type') delivery.contentType = argument;
  else if (name === 'broken-json') delivery.brokenJson = true;
  else if (name === 'gzip' || name === 'br') delivery.encoding = name;
  else if (name === 'encoding') delivery.encoding = argument;
  else if (name === 'bytes') delivery.pieceBytes = Math.max(1, number);
  else if (name === 'extras') delivery.extras = true;
}
