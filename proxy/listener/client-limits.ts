/** How long a client may take to send its request, and how many connections there may be. Tests take smaller ones. */
export interface ClientLimits {
  /** From the connection, or from the end of the last request's body, to the end of the headers; a TLS handshake has as long. Milliseconds. */
  headMs: number;
  /** Between two pieces of a body, in milliseconds. */
  stallMs: number;
  /** For the whole of a body, in milliseconds: who sends a byte now and then would else hold it open for ever. */
  bodyMs: number;
  /** Open connections of all clients; what is over is closed at once. */
  connections: number;
}

/** The largest body (`limits.bodyBytes`) for which `bodyMs` is meant; where more is allowed, it may take longer in proportion. */
const BODY_BYTES = 32 << 20;

/**
 * 15 minutes for 32 MiB are 37 KB a second, less than a bad VPN brings. Waiting for a person and for the answer does not count.
 * 2,000 connections are 30 agents that do all they may at once (`limits.perAgentConcurrent`), and leave room for the ledger's files.
 */
export const CLIENT_LIMITS: ClientLimits = { headMs: 60_000, stallMs: 60_000, bodyMs: 15 * 60_000, connections: 2_000 };

/** How long a body may take where one of `limit` bytes is allowed, in milliseconds. */
export function bodyTime(limits: ClientLimits, limit: number): number {
  return limits.bodyMs * Math.max(1, limit / BODY_BYTES);
}
