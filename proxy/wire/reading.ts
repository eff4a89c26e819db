import { isUtf8 } from 'node:buffer';
import { type JsonPath, type Part, type PartKind, type PartRole, type Provenance, SallyportError } from '../contract/index.js';
import { isSkipped, type JsonNode, JsonSyntaxError, type Known, scanJson } from './json/scan.js';
import { SEALED } from './slots.js';
import type { Earlier, RequestReading } from './types.js';

/**
 * Reads a request body as a JSON object; items that an earlier body had at the same place are passed over. Refuses what two readers could understand differently: bad UTF-8, a key twice.
 * @throws SallyportError bad_json
 */
export function requestObject(body: Buffer, earlier?: Earlier): JsonNode {
  if (!isUtf8(body)) throw new SallyportError('bad_json', 'The request body is not valid UTF-8. Send JSON in UTF-8.');
  let root: JsonNode;
  try {
    root = scanJson(body, 0, body.length, true, knownOf(earlier));
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

/** One item of the list that grows with each turn: where it stands, and how much had been collected when it was read. */
interface Mark {
  start: number;
  end: number;
  parts: number;
  returned: number;
  names: number;
}

/** The tools that an agent offers with every turn: their bytes, where they stood when they were read, and what was collected then. */
interface Offer {
  bytes: Buffer;
  start: number;
  parts: RequestPart[];
  tools: RequestReading['tools'];
  providerTools: RequestReading['providerTools'];
}

/** Fewer bytes of tools are read faster than they are kept. */
const WORTH_KEEPING = 1 << 10;

/** What of an earlier request stands in this one as well: items byte for byte from its beginning on, and the tools wherever they are. */
function knownOf(earlier: Earlier | undefined): Known | undefined {
  if (!(earlier?.reading instanceof Reading)) return undefined;
  const { marks, offer } = earlier.reading;
  let count = marks.length;
  while (count > 0 && marks[count - 1]!.end > earlier.same) count--;
  return { spans: marks.slice(0, count), member: offer && { key: 'tools', bytes: offer.bytes } };
}

/** Collects what a dialect finds in a request. */
export class Reading implements RequestReading {
  /** Names of the tools that earlier calls of the conversation asked for, by call id. */
  readonly callNames = new Map<string, string>();
  marks: Mark[] = [];
  offer?: Offer;
  private begin: Omit<Mark, 'start' | 'end'> = { parts: 0, returned: 0, names: 0 };
  private readonly bytes: Buffer;
  private readonly seenIds = new Set<string>();
  private renamed = false;

  model?: string;
  stream = false;
  parts: Part[] = [];
  tools: RequestReading['tools'] = new Map();
  providerTools: RequestReading['providerTools'] = [];
  providerHistory: RequestReading['providerHistory'] = [];
  sessionHints: RequestReading['sessionHints'] = { explicit: [], returnedIds: [] };
  streamField?: { start: number; end: number };

  /** Model, stream flag and the hints that all LLM bodies share. */
  constructor(
    root: JsonNode,
    /** Until the list is read: a reading that kept its predecessor would keep them all. */
    private earlier?: Earlier,
  ) {
    this.bytes = root.bytes;
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
    if (!id || this.seenIds.has(id)) return;
    this.seenIds.add(id);
    this.sessionHints.returnedIds.push(id);
  }

  /** A tool that the agent offers. Its parameters are parsed when a call is judged. */
  offered(name: string, description: string | undefined, parameters: JsonNode | undefined): void {
    let value: unknown;
    this.tools.set(name, {
      ...(description ? { description } : {}),
      get parameters() {
        value ??= parameters?.value;
        return value;
      },
    });
  }

  /** The tool that a call of the conversation asked for. */
  named(callId: string | undefined, name: string | undefined): void {
    if (!callId || !name) return;
    const before = this.callNames.get(callId);
    this.renamed ||= before !== undefined && before !== name;
    this.callNames.set(callId, name);
  }

  /**
   * Reads the list that grows with each turn. Items that the scanner passed over are taken from the earlier reading: the same bytes at
   * the same places mean the same.
   */
  grow(list: JsonNode | undefined, read: (item: JsonNode, index: number) => void): void {
    const { earlier } = this;
    if (list?.kind !== 'array') return;
    const { items } = list;
    this.begin = { parts: this.parts.length, returned: this.sessionHints.returnedIds.length, names: this.callNames.size };
    let i = 0;
    while (i < items.length && isSkipped(items[i]!)) i++;
    if (i > 0) this.take(earlier?.reading as Reading, i);
    let whole = this.marks.length === i;
    const aside = (): number => this.providerTools.length + this.providerHistory.length + this.sessionHints.explicit.length;
    const before = aside();
    for (; i < items.length; i++) {
      const item = items[i]!;
      read(item, i);
      // Only what parts, ids and names tell can be taken over.
      whole &&= aside() === before && !this.renamed && item.kind === 'object';
      if (whole) this.marks.push({ start: item.start, end: item.end, ...this.since() });
    }
  }

  /** Reads the tools that the agent offers, or takes them from the earlier reading. The last that needs one. */
  offers(list: JsonNode | undefined, read: (tool: JsonNode, path: JsonPath) => void): void {
    const offer = (this.earlier?.reading as Reading | undefined)?.offer;
    this.earlier = undefined;
    if (list?.kind !== 'array') return;
    if (isSkipped(list)) {
      this.offer = offer as Offer;
      const moved = list.start - this.offer.start;
      for (const part of this.offer.parts) this.parts.push(moved === 0 ? part : part.moved(moved));
      for (const [name, tool] of this.offer.tools) this.tools.set(name, tool);
      this.providerTools.push(...this.offer.providerTools);
      return;
    }
    const { parts, tools, providerTools } = this;
    const [firstPart, firstTool] = [parts.length, providerTools.length];
    this.tools = new Map();
    for (const [i, tool] of list.items.entries()) read(tool, ['tools', i]);
    if (list.size >= WORTH_KEEPING)
      this.offer = {
        bytes: this.bytes.subarray(list.start, list.end),
        start: list.start,
        parts: parts.slice(firstPart) as RequestPart[],
        tools: this.tools,
        providerTools: providerTools.slice(firstTool),
      };
    this.tools = new Map([...tools, ...this.tools]);
  }

  private since(): Omit<Mark, 'start' | 'end'> {
    return {
      parts: this.parts.length - this.begin.parts,
      returned: this.sessionHints.returnedIds.length - this.begin.returned,
      names: this.callNames.size - this.begin.names,
    };
  }

  private take(from: Reading, count: number): void {
    const mark = from.marks[count - 1]!;
    for (let k = from.begin.parts; k < from.begin.parts + mark.parts; k++) {
      const part = from.parts[k] as RequestPart;
      part.moveTo(this.bytes);
      this.parts.push(part);
    }
    for (const id of from.sessionHints.returnedIds.slice(from.begin.returned, from.begin.returned + mark.returned)) this.returned(id);
    let left = from.begin.names + mark.names;
    for (const [id, name] of from.callNames) {
      if (left-- === 0) break;
      this.callNames.set(id, name);
    }
    this.marks = from.marks.slice(0, count);
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
      for (let i = 0; i < node.keys.length; i++) {
        const key = node.keys[i]!;
        if (SEALED.has(key)) this.opaque(node.items[i]!, [...path, key], { ...about, kind: 'signed' });
        else this.leaves(node.items[i]!, [...path, key], about);
      }
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
  key?: string;
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

  /** Same bytes at the same place of another body: the first body need not be kept for it. */
  moveTo(bytes: Buffer): void {
    this.node.bytes = bytes;
  }

  /** The same part in a body in which it stands `by` bytes further on. Its text is still read where it was found. */
  moved(by: number): RequestPart {
    const part = new RequestPart(this.node, this.path, this, this.kind, this.rewritable, this.ownText);
    part.span.start += by;
    part.span.end += by;
    if (this.key !== undefined) part.key = this.key;
    part.ownId = this.ownId;
    return part;
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
