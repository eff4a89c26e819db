import { hash } from 'node:crypto';

/** `prev` of the very first line. */
export const GENESIS = '0'.repeat(64);

/** A piece of content in a line: base64 of nonce, ciphertext and tag; or [sequence, first, count]: pieces of an earlier record. */
export type Piece = string | [sequence: number, first: number, count: number];

/** One parsed line of the ledger. `docs/ledger-format.md` describes it for strangers. */
export interface LedgerLine {
  prev: string;
  seq: number;
  at: string;
  mono: number;
  kind: string;
  session?: string;
  exchange?: string;
  meta: Record<string, unknown>;
  content?: { name: string; bytes: number; pieces: Piece[] };
  sig?: string;
}

export interface LineParts {
  at: string;
  mono: number;
  kind: string;
  session?: string | undefined;
  exchange?: string | undefined;
  meta: Record<string, unknown>;
}

/** The text of a line without its end (`}` and newline), so that its content or a signature can be appended. */
export function lineBody(prev: string, seq: number, parts: LineParts): string {
  let text = `{"prev":"${prev}","seq":${seq},"at":"${parts.at}","mono":${parts.mono},"kind":"${parts.kind}"`;
  if (parts.session !== undefined) text += `,"session":${JSON.stringify(parts.session)}`;
  if (parts.exchange !== undefined) text += `,"exchange":${JSON.stringify(parts.exchange)}`;
  text += `,"meta":${JSON.stringify(parts.meta)}`;
  return text;
}

/** SHA-256, hex, of a whole line, its newline included. */
export const lineHash = (line: string | Uint8Array): string => hash('sha256', line, 'hex');

const HASH = /^[0-9a-f]{64}$/;

/** Parses a line; undefined when it has not the form of one. */
export function parseLine(text: string): LedgerLine | undefined {
  try {
    const line = JSON.parse(text) as LedgerLine;
    if (typeof line !== 'object' || line === null) return undefined;
    if (typeof line.prev !== 'string' || !HASH.test(line.prev)) return undefined;
    if (!Number.isSafeInteger(line.seq) || line.seq < 1 || typeof line.kind !== 'string' || typeof line.at !== 'string') return undefined;
    if (typeof line.meta !== 'object' || line.meta === null) return undefined;
    return line;
  } catch {
    return undefined;
  }
}
