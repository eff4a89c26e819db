/**
 * The fields of a rule's `match`, in one table: the loader, the published JSON Schema, the docs and the compiler are all made from it.
 * `kind` says which values are accepted; a list means "any of". Globs know `*` (any run) and `?` (one character), and ignore case.
 */
export type FieldKind = 'globs' | 'enum' | 'words' | 'patterns' | 'range' | 'bytes' | 'time' | 'budget' | 'boolean';

export interface FieldSpec {
  kind: FieldKind;
  /** For `enum`. */
  values?: readonly string[];
  doc: string;
  /** Cost order: cheap conditions are tested first. */
  cost: number;
  /** True: the condition is about single findings; the rule then acts on those findings. */
  finding?: boolean;
}

export const WHATS = ['exchange', 'part', 'tool-call', 'provider-tool', 'provider-history', 'not-scanned'] as const;
export const CATEGORIES = [
  'secret',
  'financial',
  'national-id',
  'health',
  'contact',
  'person',
  'location',
  'network',
  'other-pii',
  'prompt',
  'custom',
] as const;

export const MATCH_FIELDS: Record<string, FieldSpec> = {
  what: { kind: 'enum', values: WHATS, doc: 'What is judged.', cost: 0 },
  direction: { kind: 'enum', values: ['request', 'response'], doc: 'Towards the provider, or back to the agent.', cost: 0 },
  role: { kind: 'enum', values: ['system', 'user', 'assistant', 'tool', 'definition', 'other'], doc: 'Role of the part.', cost: 0 },
  kind: {
    kind: 'enum',
    values: [
      'text',
      'tool-call',
      'tool-result',
      'tool-definition',
      'reasoning',
      'refusal',
      'embedding-input',
      'signed',
      'image',
      'audio',
      'file',
      'unknown',
    ],
    doc: 'Kind of the part.',
    cost: 0,
  },
  provenance: {
    kind: 'enum',
    values: ['operator', 'person', 'model', 'tool', 'document', 'unknown'],
    doc: 'Who wrote the part. Where nothing is known it is `unknown`.',
    cost: 0,
  },
  level: { kind: 'enum', values: ['catastrophic', 'risky', 'notable'], doc: 'Level of at least one risk of the tool call.', cost: 1 },
  parsed: { kind: 'boolean', doc: 'Could the input of the tool call be parsed? Only asked of tools that execute something.', cost: 0 },
  reason: {
    kind: 'enum',
    values: [
      'image',
      'audio',
      'file',
      'unknown-part',
      'over-limit',
      'timeout',
      'undecodable',
      'signed',
      'provider-history',
      'provider-tool',
      'passthrough',
    ],
    doc: 'Why bytes were not scanned.',
    cost: 0,
  },
  toolClass: {
    kind: 'enum',
    values: ['shell', 'powershell', 'sql', 'code', 'file', 'network', 'unknown'],
    doc: 'What the tool does, as read from its call.',
    cost: 0,
  },
  operation: {
    kind: 'enum',
    values: ['chat', 'responses', 'embeddings', 'models', 'messages', 'count_tokens', 'http', 'passthrough'],
    doc: 'Operation of the request.',
    cost: 0,
  },
  agent: { kind: 'globs', doc: 'Name or id of the agent.', cost: 2 },
  owner: { kind: 'globs', doc: "Id of the agent's owner.", cost: 2 },
  groups: { kind: 'globs', doc: 'At least one group of the agent.', cost: 2 },
  connection: { kind: 'globs', doc: 'Name of the connection.', cost: 2 },
  model: { kind: 'globs', doc: 'Name of the model.', cost: 2 },
  tool: { kind: 'globs', doc: 'Name of the tool that is called.', cost: 2 },
  risk: { kind: 'globs', doc: 'Id of at least one risk of the tool call, e.g. `shell/*`.', cost: 2 },
  riskClass: { kind: 'globs', doc: 'Class of at least one risk or fact of the tool call, e.g. `delete`, `disarm`.', cost: 2 },
  restores: { kind: 'globs', doc: 'Entity of at least one value that restoration would put into the arguments.', cost: 2 },
  providerTool: { kind: 'globs', doc: 'Name of a tool that the provider runs itself, or of a remote MCP server.', cost: 2 },
  providerToolKind: { kind: 'enum', values: ['provider-tool', 'remote-mcp'], doc: 'Provider-run tool or remote MCP server.', cost: 0 },
  host: { kind: 'globs', doc: 'Host of a remote MCP server.', cost: 2 },
  finding: { kind: 'globs', doc: 'Entity of a finding, e.g. `EMAIL_ADDRESS`.', cost: 3, finding: true },
  category: { kind: 'enum', values: CATEGORIES, doc: 'Family of a finding.', cost: 3, finding: true },
  confidence: { kind: 'range', doc: 'Confidence of a finding, 0 to 1. One number means "at least".', cost: 3, finding: true },
  detector: {
    kind: 'globs',
    doc: 'Detector that made a finding: `pii`, `secrets`, `names`, `prompts`, `custom:NAME`.',
    cost: 3,
    finding: true,
  },
  testValue: {
    kind: 'boolean',
    doc: 'Documented test values (4111…, example.com). Rules leave them alone unless this is given.',
    cost: 3,
    finding: true,
  },
  size: { kind: 'bytes', doc: 'Bytes of the body or part: a number or `64KiB` means "at least"; or `{ min, max }`.', cost: 1 },
  time: {
    kind: 'time',
    doc: 'Local time: `{ from: "22:00", to: "06:00", weekdays: [1,2,3,4,5] }` (1 is Monday; over midnight is fine).',
    cost: 1,
  },
  budget: { kind: 'budget', doc: 'Share of a budget that is used: `{ id, unit, share: 0.9 }`.', cost: 1 },
  words: { kind: 'words', doc: 'Whole words or phrases in the text or the tool arguments, upper and lower case alike.', cost: 5 },
  pattern: { kind: 'patterns', doc: 'Patterns in the text or the tool arguments; RE2 syntax, linear time.', cost: 6 },
};

export const RULE_FIELDS = ['id', 'description', 'enabled', 'match', 'not', 'when', 'then', 'insteadOf', 'sentence', 'examples'] as const;
export const THEN_FIELDS = ['action', 'restore', 'groups', 'minimum', 'separateApprover', 'expiresIn', 'mustOpen'] as const;
export const DOCUMENT_FIELDS = ['version', 'name', 'description', 'preset', 'userRules', 'rules', 'restore'] as const;
export const RESTORE_FIELDS = ['id', 'description', 'tool', 'toolClass', 'entity', 'category', 'agent', 'groups', 'then'] as const;
export const EXAMPLE_EXTRA = ['text', 'arguments', 'findings', 'weekday'] as const;
