/** The wire protocol of a connection. `http` is any downstream REST API. */
export type DialectName = 'openai' | 'anthropic' | 'http';

/** What a request wants, as scopes and policies name it. */
export type Operation =
  | 'chat' // openai: POST /v1/chat/completions
  | 'responses' // openai: POST /v1/responses
  | 'embeddings' // openai: POST /v1/embeddings
  | 'models' // GET /v1/models
  | 'messages' // anthropic: POST /v1/messages
  | 'count_tokens' // anthropic: POST /v1/messages/count_tokens
  | 'http' // http dialect: a rule of the connection matched method and path
  | 'passthrough'; // a path that the connection lists as pass-through; content is NOT_SCANNED

/** What policy may say, weakest first. The strongest verdict wins. */
export const ACTIONS = ['allow', 'mask', 'approve', 'block'] as const;
export type Action = (typeof ACTIONS)[number];

export type Direction = 'request' | 'response';

/** The stronger of two actions, by the order of {@link ACTIONS}. */
export function strongest(a: Action, b: Action): Action {
  return ACTIONS.indexOf(a) >= ACTIONS.indexOf(b) ? a : b;
}

/** Name of the preset policies. `balanced` is the default. */
export type PresetName = 'observe' | 'balanced' | 'strict';

/** How dangerous a tool call is, strongest first: catastrophic blocks, risky asks, notable is recorded (balanced preset). */
export type RiskLevel = 'catastrophic' | 'risky' | 'notable';
