import { ACTIONS } from '../contract/index.js';
import {
  CATEGORIES,
  type DOCUMENT_FIELDS,
  EXAMPLE_EXTRA,
  MATCH_FIELDS,
  type RESTORE_FIELDS,
  type RULE_FIELDS,
  type THEN_FIELDS,
} from './fields.js';

type Schema = Record<string, unknown>;

const oneOrMore = (item: Schema): Schema => ({ anyOf: [item, { type: 'array', items: item, minItems: 1 }] });
const text: Schema = { type: 'string', minLength: 1 };
const strict = (properties: Record<string, Schema>, required: string[] = []): Schema => ({
  type: 'object',
  additionalProperties: false,
  properties,
  ...(required.length > 0 ? { required } : {}),
});
const minMax = (item: Schema): Schema => ({ anyOf: [item, { ...strict({ min: item, max: item }), minProperties: 1 }] });

const BYTES: Schema = {
  anyOf: [
    { type: 'number', minimum: 0 },
    { type: 'string', pattern: '^\\d+(\\.\\d+)?\\s*([KkMm][Ii]?)?[Bb]?$' },
  ],
};
const CLOCK: Schema = { type: 'string', pattern: '^([01]?\\d|2[0-4]):[0-5]\\d$' };
const SECONDS: Schema = {
  anyOf: [
    { type: 'integer', minimum: 5, maximum: 86400 },
    { type: 'string', pattern: '^\\d+\\s*[smh]$' },
  ],
};

function field(name: string): Schema {
  const spec = MATCH_FIELDS[name]!;
  const shape = (): Schema => {
    switch (spec.kind) {
      case 'globs':
      case 'words':
      case 'patterns':
        return oneOrMore(text);
      case 'enum':
        return oneOrMore({ enum: spec.values! });
      case 'range':
        return minMax({ type: 'number', minimum: 0, maximum: 1 });
      case 'bytes':
        return minMax(BYTES);
      case 'boolean':
        return { type: 'boolean' };
      case 'time':
        return {
          ...strict({ from: CLOCK, to: CLOCK, weekdays: oneOrMore({ type: 'integer', minimum: 1, maximum: 7 }) }),
          dependentRequired: { from: ['to'], to: ['from'] },
          minProperties: 1,
        };
      case 'budget':
        return strict({ id: text, unit: text, share: { type: 'number', minimum: 0, maximum: 1000 } });
    }
  };
  return { ...shape(), description: spec.doc };
}

/** The JSON Schema (2020-12) of a policy source, made from the same tables that the loader reads by. */
export function policyJsonSchema(): Schema {
  const match = strict(Object.fromEntries(Object.keys(MATCH_FIELDS).map((name) => [name, field(name)])));
  const example: Schema = {
    type: 'object',
    additionalProperties: false,
    properties: Object.fromEntries([...Object.keys(MATCH_FIELDS), ...EXAMPLE_EXTRA].map((name) => [name, {}])),
    description: 'A subject in the words of match, with text, arguments and findings; what is left out is ordinary.',
  };
  const then: Record<(typeof THEN_FIELDS)[number], Schema> = {
    action: { enum: ACTIONS },
    restore: { type: 'boolean', description: 'mask: false means without a way back.' },
    groups: { ...oneOrMore(text), description: 'approve: an approver is in one of these groups.' },
    minimum: { type: 'integer', minimum: 1, maximum: 20, description: 'approve: how many different persons.' },
    separateApprover: { type: 'boolean', description: "approve: not the agent's owner." },
    expiresIn: { ...SECONDS, description: 'approve: seconds, or 10m, 1h. At most 30 minutes are waited.' },
    mustOpen: { type: 'boolean', description: 'approve: no button in the notification.' },
  };
  const rule: Record<(typeof RULE_FIELDS)[number], Schema> = {
    id: { type: 'string', pattern: '^[a-z0-9][a-z0-9._-]{0,79}$' },
    description: text,
    enabled: { type: 'boolean' },
    match: { $ref: '#/$defs/match' },
    not: { $ref: '#/$defs/match', description: 'The rule does not match where all of these hold.' },
    when: { ...text, description: 'A further condition in CEL.' },
    // biome-ignore lint/suspicious/noThenProperty: a word of the policy language
    then: { anyOf: [{ enum: ACTIONS }, strict(then, ['action'])] },
    insteadOf: { ...oneOrMore(text), description: 'Ids (globs) of rules that do not apply where this one matches.' },
    sentence: { ...text, description: 'What people and agents read; facts in braces.' },
    examples: strict({ must: oneOrMore({ $ref: '#/$defs/example' }), mustNot: oneOrMore({ $ref: '#/$defs/example' }) }),
  };
  const restore: Record<(typeof RESTORE_FIELDS)[number], Schema> = {
    id: text,
    description: text,
    tool: oneOrMore(text),
    toolClass: oneOrMore({ enum: MATCH_FIELDS['toolClass']!.values! }),
    entity: oneOrMore(text),
    category: oneOrMore({ enum: CATEGORIES }),
    agent: oneOrMore(text),
    groups: oneOrMore(text),
    // biome-ignore lint/suspicious/noThenProperty: a word of the policy language
    then: { enum: ['yes', 'no', 'approve'] },
  };
  const document: Record<(typeof DOCUMENT_FIELDS)[number], Schema> = {
    version: { const: 1 },
    name: text,
    description: text,
    preset: { enum: ['observe', 'balanced', 'strict'], description: 'Managed policies only: the preset below it.' },
    userRules: { enum: ['ignored', 'stricter'], description: "Managed policies only: what becomes of the user's own rules." },
    rules: oneOrMore({ $ref: '#/$defs/rule' }),
    restore: oneOrMore({ $ref: '#/$defs/restore' }),
  };
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Sallyport policy',
    ...strict(document, ['version']),
    $defs: {
      match,
      example,
      rule: { ...strict(rule, ['id', 'then']), anyOf: [{ required: ['match'] }, { required: ['when'] }] },
      restore: strict(restore, ['id', 'then']),
    },
  };
}
