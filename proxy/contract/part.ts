import type { Direction } from './names.js';

/** Where a value stands in a JSON body: object keys and array indexes from the root. */
export type JsonPath = readonly (string | number)[];

export type PartRole = 'system' | 'user' | 'assistant' | 'tool' | 'definition' | 'other';

export type PartKind =
  | 'text'
  | 'tool-call' // arguments of a call that the model made (JSON text)
  | 'tool-result'
  | 'tool-definition' // name, description and schema of a tool offered to the model
  | 'reasoning' // unsigned reasoning text
  | 'refusal'
  | 'embedding-input'
  | 'signed' // Anthropic thinking, encrypted reasoning: byte-identical both ways, never rewritten
  | 'image'
  | 'audio'
  | 'file'
  | 'unknown'; // a content part that the dialect does not know

/**
 * Who wrote a part. `operator` system prompt and tool definitions; `person` user text; `model`;
 * `tool` result of a tool (see `tool.name`); `document` retrieved or attached text; `unknown`.
 * Tool results and documents are untrusted.
 */
export type Provenance = 'operator' | 'person' | 'model' | 'tool' | 'document' | 'unknown';

/** One piece of content in an exchange. */
export interface Part {
  /** Unique within its exchange and direction: for JSON bodies the path joined by `/`. */
  readonly id: string;
  path: JsonPath;
  role: PartRole;
  kind: PartKind;
  provenance: Provenance;
  /** The decoded string, made at first use. Absent where the part cannot be read as text (it is NOT_SCANNED then). */
  readonly text?: string | undefined;
  /** Size in bytes as it stands in the body. */
  bytes: number;
  /** The tool whose call or result this is. */
  tool?: { name?: string; callId?: string };
  /** Byte offsets of the raw JSON value (a string's quotes included) in the body. */
  span: { start: number; end: number };
  /** False where the dialect says that rewriting is never allowed (signed content). */
  rewritable: boolean;
  /** Its keyed hash within this process, once the pipeline has made it. */
  key?: string;
}

/** What family a finding belongs to; policies match on it beside the entity name. */
export type FindingCategory =
  | 'secret' // provider keys, private keys, passwords: masked irreversibly, never restored
  | 'financial'
  | 'national-id'
  | 'health'
  | 'contact'
  | 'person'
  | 'location'
  | 'network'
  | 'other-pii'
  | 'prompt' // PROMPT_INJECTION, JAILBREAK, INVISIBLE_TEXT, DESTRUCTIVE_REQUEST, EXFILTRATION_REQUEST
  | 'custom'; // entities, deny-words and topics of the user

/** Something that a detector found in one part. Offsets are UTF-16 code units of `Part.text`, end exclusive. */
export interface Finding {
  /** Presidio spelling, e.g. EMAIL_ADDRESS, US_SSN; secrets e.g. AWS_SECRET_KEY, OPENAI_API_KEY. */
  entity: string;
  category: FindingCategory;
  start: number;
  end: number;
  /** 0 … 1. */
  confidence: number;
  /** One short phrase that never contains the value: "checksum valid; word 'card' before". */
  why: string;
  /** Which detector: `pii`, `secrets`, `names`, `prompts`, `custom:NAME`. */
  detector: string;
  /** Found only in decoded or normalised text: the span covers the encoded run; it cannot be masked inside, only the whole run. */
  encoded?: boolean;
  /** A documented test value (4111…, example.com): policy allows it by default. */
  testValue?: boolean;
}

/** Why bytes were not scanned. */
export type NotScannedReason =
  | 'image'
  | 'audio'
  | 'file'
  | 'unknown-part'
  | 'over-limit'
  | 'timeout'
  | 'undecodable'
  | 'signed'
  | 'provider-history' // previous_response_id, conversation, store: history that we did not see
  | 'provider-tool' // a tool that the provider runs itself, or a remote MCP server
  | 'passthrough';

/** What was looked at and what was not; stands in every exchange's record. */
export interface Coverage {
  scannedBytes: number;
  maskedValues: number;
  notScanned: { partId: string; reason: NotScannedReason; bytes: number; provenance: Provenance }[];
}

/** What a detector is told about the text. */
export interface ScanContext {
  direction: Direction;
  role: PartRole;
  kind: PartKind;
  provenance: Provenance;
  /** Name of the JSON key or tool argument that the text stands under, where known. */
  key?: string;
  toolName?: string;
}
