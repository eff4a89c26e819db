import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { ERROR_CODES, type ErrorCode } from '../contract/index.js';

/** A connection that got such an answer is closed for good after so long. */
const LINGER_MS = 2_000;

/** Answers where there is no response to write to (no readable request, or one that left HTTP), and closes. */
export function answerRaw(socket: Duplex, code: ErrorCode): void {
  const { status, title } = ERROR_CODES[code];
  const body = JSON.stringify({ error: { message: title, type: 'invalid_request_error', param: null, code } });
  hangUp(
    socket,
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nconnection: close\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}

/**
 * Closes after what was written, and `last`. What the client still sends is thrown away for a moment, so that it reads the answer and
 * not a reset (RFC 9112 §9.6); who does not close is cut off.
 */
export function hangUp(socket: Duplex, last = ''): void {
  socket.on('error', () => {});
  socket.end(last);
  const timer = setTimeout(() => socket.destroy(), LINGER_MS);
  socket.on('close', () => clearTimeout(timer)).resume();
}
