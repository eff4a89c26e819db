/**
 * Every error that a client of the gateway or of the control API can see. The code is stable and listed in docs/errors.md
 * (a test compares the two). `status` is used on the data plane before headers were sent, and by the control API.
 */
export const ERROR_CODES = {
  // authentication and authorization
  no_credential: { status: 401, title: 'No credential was sent' },
  bad_credential: { status: 401, title: 'The agent key or token is not valid' },
  expired_credential: { status: 401, title: 'The agent key or token has expired' },
  revoked_credential: { status: 401, title: 'The agent key was revoked or rotated' },
  conflicting_credentials: { status: 400, title: 'Two different credentials in one request' },
  identity_unavailable: { status: 503, title: 'The identity provider cannot be reached and the token is not known' },
  owner_locked: { status: 403, title: "The agent's owner is signed out or no longer allowed" },
  group_missing: { status: 403, title: 'A required group is missing' },
  connection_not_allowed: { status: 403, title: 'This agent may not use this connection' },
  model_not_allowed: { status: 403, title: 'This agent may not use this model' },
  operation_not_allowed: { status: 403, title: 'This agent may not use this operation' },
  // routing and reading
  unknown_connection: { status: 404, title: 'No connection of that name' },
  path_not_allowed: { status: 404, title: 'This path is not a known operation of the connection and not listed as pass-through' },
  bad_path: { status: 400, title: 'The request path is ambiguous' },
  bad_host: { status: 421, title: 'The Host header does not name this gateway' },
  browser_origin: { status: 403, title: 'Requests from web pages are refused' },
  bad_request_line: { status: 400, title: 'The request cannot be read safely' },
  headers_too_large: { status: 431, title: 'The headers are over the header limit' },
  request_timeout: { status: 408, title: 'The request did not arrive in time' },
  upgrade_refused: { status: 400, title: 'Protocol upgrades are not accepted here' },
  body_too_large: { status: 413, title: 'The body is over the body limit' },
  bad_json: { status: 400, title: 'The body is not valid JSON' },
  bad_content_type: { status: 415, title: 'The content type is not accepted here' },
  bad_content_encoding: { status: 415, title: 'The content encoding is not accepted here' },
  bad_body: { status: 400, title: 'The body does not have the form that this operation needs' },
  too_many_requests: { status: 429, title: 'Too many requests, or too large ones, at once' },
  // policy and approval
  blocked_by_policy: { status: 403, title: 'A rule blocks this request' },
  denied_by_person: { status: 403, title: 'A person denied this request' },
  approval_expired: { status: 403, title: 'Nobody approved this request in time' },
  approval_void: { status: 403, title: 'Policy or rights changed while the request was held' },
  tool_call_blocked: { status: 403, title: 'A tool call was blocked' },
  frozen: { status: 503, title: 'All agents are frozen' },
  budget_reached: { status: 403, title: 'A budget was reached and nobody continued it' },
  // upstream
  credential_unavailable: { status: 503, title: "The provider's key cannot be read" },
  credential_origin_changed: { status: 503, title: 'The connection points elsewhere than when its key was given' },
  upstream_unreachable: { status: 502, title: 'The provider cannot be reached' },
  upstream_timeout: { status: 504, title: 'The provider did not answer in time' },
  upstream_redirect: { status: 502, title: 'The provider answered with a redirect, which is never followed' },
  upstream_unreadable: { status: 502, title: "The provider's answer cannot be read" },
  upstream_address_refused: { status: 502, title: 'The provider resolves to an address that is not allowed' },
  // ourselves
  not_recording: { status: 503, title: 'The ledger cannot be written, so nothing is let through' },
  shutting_down: { status: 503, title: 'The gateway is stopping' },
  internal: { status: 500, title: 'Something in the gateway failed; nothing was let through' },
  // control API
  person_required: { status: 403, title: 'Only a signed-in or unlocked person may do this' },
  not_found: { status: 404, title: 'No such thing' },
  invalid: { status: 400, title: 'The input is not valid' },
  conflict: { status: 409, title: 'It changed meanwhile; read again' },
  keychain_unavailable: { status: 503, title: 'The OS keychain cannot be used' },
  forbidden: { status: 403, title: 'Not allowed' },
} as const satisfies Record<string, { status: number; title: string }>;

export type ErrorCode = keyof typeof ERROR_CODES;

/**
 * The one error class that may reach a client. `message` says what happened, which rule or setting, and what to do;
 * it never contains a secret or an unmasked value.
 */
export class SallyportError extends Error {
  readonly code: ErrorCode;
  readonly status: number;
  /** Rule or setting that led to it. */
  readonly rule?: string;
  /** Further JSON details for the control API. */
  readonly details?: unknown;
  constructor(code: ErrorCode, message?: string, options: { rule?: string; details?: unknown; cause?: unknown } = {}) {
    super(message ?? ERROR_CODES[code].title, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'SallyportError';
    this.code = code;
    this.status = ERROR_CODES[code].status;
    if (options.rule !== undefined) this.rule = options.rule;
    if (options.details !== undefined) this.details = options.details;
  }
}
