import type { DialectName, Operation, Part, SallyportError } from '../contract/index.js';

/** What the pipeline needs to know of a request body. */
export interface RequestReading {
  model?: string;
  stream: boolean;
  parts: Part[];
  /** Tools that the agent offers: name → definition. */
  tools: Map<string, { description?: string; parameters?: unknown }>;
  /** Tools that the provider runs itself, and remote MCP servers named in the request (host). */
  providerTools: { name: string; kind: 'provider-tool' | 'remote-mcp'; host?: string; partId: string }[];
  /** History kept by the provider: ids of earlier responses or conversations, and `store`. */
  providerHistory: { field: string; id?: string }[];
  /** Hints for session grouping: explicit ids in the body, ids of earlier tool calls and responses that came back. */
  sessionHints: { explicit: string[]; returnedIds: string[] };
  /** Byte offset of the value of `stream`, where present, to derive the other form for a retry. */
  streamField?: { start: number; end: number };
}

/** An earlier request of the same agent to the same operation, and how many bytes both bodies have in common at their beginning. */
export interface Earlier {
  reading: RequestReading;
  same: number;
}

/** A replacement of one part's text in the body it was read from. */
export interface Edit {
  span: { start: number; end: number };
  /** The new decoded string; JSON-escaped by `patch`. */
  text: string;
}

/** What the pipeline does with each text channel of an answer; made by `mask`. */
export interface ChannelTransform {
  /**
   * `masked` is what the ledger keeps, `clear` what the agent gets. Either may be shorter or longer than `text`
   * (held back, restored); concatenated over all pushes and the final flush they are the whole.
   */
  push(text: string): { masked: string; clear: string };
  flush(): { masked: string; clear: string };
}

export interface ChannelInfo {
  /** Stable within the answer: `choice:0/content`, `block:1/text`, `item:msg_1/0/text`, `tool:call_1/arguments`. */
  id: string;
  kind: 'text' | 'refusal' | 'reasoning' | 'tool-arguments' | 'signed';
  toolName?: string;
  callId?: string;
}

/** A complete tool call that stands in the answer. */
export interface HeldToolCall {
  callId?: string;
  name: string;
  /** Arguments as the agent would get them. */
  arguments: string;
  maskedArguments: string;
}

export type ToolCallDecision =
  | { action: 'release' }
  | { action: 'replace'; arguments: string; maskedArguments: string }
  /** Take the call out; `text` is the refusal that the agent reads instead. */
  | { action: 'remove'; text: string };

export interface AnswerHooks {
  /** Called once for each channel, when it opens. `signed` channels are not transformed: observe only. */
  channel(info: ChannelInfo): ChannelTransform;
  /** Called when a call is complete; its events are held until the decision. */
  toolCall(call: HeldToolCall): ToolCallDecision | Promise<ToolCallDecision>;
  /** Whole response ids and tool call ids that were given out (for session grouping). */
  idGiven(id: string): void;
  usage(usage: { inputTokens?: number; outputTokens?: number; cachedTokens?: number; cacheWriteTokens?: number }): void;
  /** Text that cannot be scanned (images, audio, unknown parts) stood in the answer. */
  notScanned(info: { partId: string; reason: 'image' | 'audio' | 'file' | 'unknown-part' | 'signed'; bytes: number }): void;
}

/** Bytes to release, in both forms. The two are the same object when nothing differs. */
export interface AnswerBytes {
  clear: Buffer;
  masked: Buffer;
}

/**
 * A streamed answer on its way. `write` returns what may be released now; text goes on flowing while a tool call is held.
 * `onReady` is called when a pending tool decision made more bytes ready (drain with `write(EMPTY)`).
 */
export interface AnswerStream {
  write(chunk: Buffer): AnswerBytes[];
  /** The provider ended cleanly: waits for pending decisions, flushes all channels. */
  end(): Promise<AnswerBytes[]>;
  onReady?: () => void;
  /** True while a tool call waits for a decision. */
  readonly waiting: boolean;
  /** The provider's terminator was seen. */
  readonly complete: boolean;
  /** Ends the answer as a well-formed refusal from the present state: closes open blocks, text, finish reason, terminator. */
  refuse(text: string): AnswerBytes[];
  /** The agent was given a `start` of our own while it waited: the provider's is recorded, but not passed on. */
  alreadyStarted?(): void;
}

/** One provider protocol. Nothing outside `wire` knows provider names beyond the dialect's. */
export interface Dialect {
  name: DialectName;
  /** The operation of a method and path (query removed; accepted with and without `/v1`), or undefined. */
  operation(method: string, path: string): { operation: Operation; inspected: boolean } | undefined;
  /** `earlier` saves reading again what both bodies begin with. @throws SallyportError bad_json, bad_body */
  readRequest(operation: Operation, body: Buffer, earlier?: Earlier): RequestReading;
  /** A JSON answer: transforms all text, judges all tool calls. @throws SallyportError upstream_unreadable */
  readAnswer(operation: Operation, body: Buffer, hooks: AnswerHooks): Promise<AnswerBytes>;
  /** An SSE answer. */
  streamAnswer(operation: Operation, hooks: AnswerHooks): AnswerStream;
  /** Error body in the provider's own shape; `code` stands in it. */
  errorBody(error: SallyportError, requestId: string): Buffer;
  /** A whole well-formed completion whose text is `text` (facts/clients.md §3.1): JSON, or the SSE stream when `stream`. */
  refusal(operation: Operation, text: string, model: string, stream: boolean): Buffer;
  /** What keeps a committed answer alive (facts/clients.md §1.3). */
  heartbeat(operation: Operation, model: string, stream: boolean): Buffer;
  /** For clients that want more than heartbeats: the beginning of an answer (facts/clients.md §1.4), sent once while a request is held. */
  start?(operation: Operation, model: string): Buffer | undefined;
  /** What ends a stream that was begun by `start`, as a refusal. */
  refusalAfterStart?(text: string): Buffer;
  /** Content type of a committed answer. */
  contentType(stream: boolean): string;
}
