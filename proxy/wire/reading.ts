import { isUtf8 } from 'node:buffer';
import { type JsonPath, type Part, type PartKind, type PartRole, type Provenance, SallyportError } from '../contract/index.js';
import { type JsonNode, JsonSyntaxError, scanJson } from './json/scan.js';
import type { RequestReading } from './types.js';

/**
 * Reads a request body as a JSON object. Refuses what two readers could understand differently: bad UTF-8, a key twice.
 * @throws SallyportError bad_json
 */
export function requestObject(body: Buffer): JsonNode {
  if (!isUtf8(body)) throw new SallyportError('bad_json', 'The request body is not valid UTF-8. Send JSON in UTF-8.');
  let root: JsonNode;
  try {
    root = scanJson(body, 0, body.length, true);
  } catch (error) {
    if (error instanceof JsonSyntaxError) throw new SallyportError('bad_json', `The request body is not valid JSON: ${error.message}.`);
    throw error;
  }
  if (root.kind !== 'object') throw new SallyportError('bad_body', 'The request body must be a JSON object.');
  return root;
}

/** Same for an answer of the provider. @throws SallyportError upstream_unreadable */
export function answerObject(body: Buffer): JsonNode {
  try {
    const root = scanJson(body);
    if (root.kind === 'object') return root;
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error;
    throw new SallyportError('upstream_unreadable', `The provider's answer is not valid JSON: ${error.message}.`);
  }
  throw new SallyportError('upstream_unreadable', "The provider's answer is not a JSON object.");
}

export interface About {
  role: PartRole;
  kind: PartKind;
  provenance: Provenance;
  tool?: { name?: string; callId?: string };
}

/** Collects what a dialect finds in a request. */
export class Reading implements RequestReading {
  model?: string;
  stream = false;
  parts: Part[] = [];
  tools: RequestReading['tools'] = new Map();
  providerTools: RequestReading['providerTools'] = [];
  providerHistory: RequestReading['providerHistory'] = [];
  sessionHints: RequestReading['sessionHints'] = { explicit: [], returnedIds: [] };
  streamField?: { start: number; end: number };

  /** Model, stream flag and the hints that all LLM bodies share. */
  constructor(root: JsonNode) {
    const model = root.get('model')?.string;
    if (model !== undefined) this.model = model;
    const stream = root.get('stream');
    if (stream) {
      this.stream = stream.kind === 'true';
      this.streamField = { start: stream.start, end: stream.end };
    }
    for (const holder of ['metadata', 'client_metadata']) {
      const data = root.get(holder);
      if (data?.kind !== 'object') continue;
      for (const key of ['session_id', 'thread_id', 'conversation_id']) this.explicit(data.get(key)?.string);
    }
    this.explicit(root.get('prompt_cache_key')?.string);
  }

  explicit(id: string | undefined): void {
    if (id && !this.sessionHints.explicit.includes(id)) this.sessionHints.explicit.push(id);
  }

  returned(id: string | undefined): void {
    if (id && !this.sessionHints.returnedIds.includes(id)) this.sessionHints.returnedIds.push(id);
  }

  /** A part whose text is the string `node`. Any other value becomes an unknown part. */
  text(node: JsonNode, path: JsonPath, about: About, rewritable = true): void {
    if (node.kind === 'string') this.parts.push(new RequestPart(node, path, about, about.kind, rewritable));
    else this.opaque(node, path, { ...about, kind: 'unknown' });
  }

  /** A part that is not read as text: NOT_SCANNED. */
  opaque(node: JsonNode, path: JsonPath, about: About): void {
    this.parts.push(new RequestPart(node, path, about, about.kind, false, NO_TEXT));
  }

  /** Every string value below `node` as a part of its own. */
  leaves(node: JsonNode, path: JsonPath, about: About): void {
    if (node.kind === 'string') this.text(node, path, about);
    else if (node.kind === 'object')
      for (let i = 0; i < node.keys.length; i++) this.leaves(node.items[i]!, [...path, node.keys[i]!], about);
    else if (node.kind === 'array') for (let i = 0; i < node.items.length; i++) this.leaves(node.items[i]!, [...path, i], about);
    else if (node.kind === 'number' && node.size >= 9) this.parts.push(new RequestPart(node, path, about, about.kind, false, node.raw));
  }
}

const NO_TEXT = Symbol('no text');

/** A part of a request. Most parts of a growing conversation are known by their bytes: text and id are made when somebody asks. */
class RequestPart implements Part {
  readonly role: PartRole;
  readonly provenance: Provenance;
  declare readonly tool?: { name?: string; callId?: string };
  readonly bytes: number;
  readonly span: { start: number; end: number };
  private ownId: string | undefined;

  constructor(
    private readonly node: JsonNode,
    readonly path: JsonPath,
    about: About,
    readonly kind: PartKind,
    readonly rewritable: boolean,
    private ownText?: string | typeof NO_TEXT,
  ) {
    this.role = about.role;
    this.provenance = about.provenance;
    if (about.tool) this.tool = about.tool;
    this.bytes = node.end - node.start;
    this.span = { start: node.start, end: node.end };
  }

  get id(): string {
    this.ownId ??= this.path.join('/');
    return this.ownId;
  }

  get text(): string | undefined {
    if (this.ownText === NO_TEXT) return undefined;
    this.ownText ??= this.node.string as string;
    return this.ownText;
  }
}

/** Items of an array node with their index; nothing for any other value. */
export function each(node: JsonNode | undefined): IterableIterator<[number, JsonNode]> | [] {
  return node?.kind === 'array' ? node.items.entries() : [];
}

/** Host of a URL, for providerTools; undefined when it is none. */
export function hostOf(url: string | undefined): string | undefined {
  if (!url) return undefined;
  try {
    return new URL(url).host || undefined;
  } catch {
    return undefined;
  }
}
