/**
 * A policy source as a form sees it, pure: rules with their conditions as short texts, and changes written back into the source so that
 * comments and everything that the form does not show stay as they are.
 */
import { type Document, isMap, isSeq, parse, parseDocument, stringify, type YAMLMap } from 'yaml';

export interface FormRule {
  id: string;
  description: string;
  enabled: boolean;
  action: string;
  sentence: string;
  /** Condition → its value in short: `shell, bash`, `0.8`, `{ min: 1 }`. */
  match: { field: string; value: string }[];
  /** Names of what the rule has beside these; only the source shows it. */
  more: string[];
}

/** Conditions that the form offers, most used first. A test holds the list to what policies know. */
export const FIELDS = [
  'what',
  'agent',
  'groups',
  'owner',
  'connection',
  'model',
  'operation',
  'tool',
  'toolClass',
  'risk',
  'riskClass',
  'level',
  'parsed',
  'finding',
  'category',
  'confidence',
  'detector',
  'testValue',
  'words',
  'pattern',
  'direction',
  'role',
  'kind',
  'provenance',
  'size',
  'time',
  'budget',
  'reason',
  'restores',
  'providerTool',
  'providerToolKind',
  'host',
] as const;

const SHOWN = new Set(['id', 'description', 'enabled', 'match', 'then', 'sentence']);

/** The rules, or undefined when the source is no list of rules that a form could show. */
export function readForm(source: string): FormRule[] | undefined {
  const document = parseDocument(source);
  if (document.errors.length > 0) return undefined;
  const rules = document.get('rules');
  if (rules === undefined || rules === null) return [];
  if (!isSeq(rules)) return undefined;
  const out: FormRule[] = [];
  for (const item of rules.items) {
    if (!isMap(item)) return undefined;
    out.push(readRule(item, document));
  }
  return out;
}

function readRule(item: YAMLMap, document: Document): FormRule {
  const rule = item.toJS(document) as Record<string, unknown>;
  const then = rule['then'];
  const match = rule['match'];
  return {
    id: text(rule['id']),
    description: text(rule['description']).trim(),
    enabled: rule['enabled'] !== false,
    action: typeof then === 'object' && then !== null ? text((then as Record<string, unknown>)['action']) : text(then),
    sentence: text(rule['sentence']),
    match:
      typeof match === 'object' && match !== null ? Object.entries(match).map(([field, value]) => ({ field, value: short(value) })) : [],
    more: [
      ...Object.keys(rule).filter((key) => !SHOWN.has(key)),
      ...(typeof then === 'object' && then !== null ? Object.keys(then).filter((key) => key !== 'action') : []),
    ],
  };
}

const text = (value: unknown): string => (value === undefined || value === null ? '' : String(value));

/** A value in one line, as it may be typed again. */
export function short(value: unknown): string {
  if (Array.isArray(value) && value.every((v) => typeof v === 'string' && !/[,[\]{}]/.test(v))) return value.join(', ');
  if (typeof value === 'object' && value !== null)
    return stringify(value, { collectionStyle: 'flow', lineWidth: 0, flowCollectionPadding: true }).trim();
  return text(value);
}

/** What was typed into a condition: a list where commas stand, else a number, yes or no, map or word. */
export function long(value: string): unknown {
  const trimmed = value.trim();
  if (/^[[{"']/.test(trimmed)) {
    try {
      return parse(trimmed) as unknown;
    } catch {
      return trimmed;
    }
  }
  if (trimmed.includes(','))
    return trimmed
      .split(',')
      .map((v) => v.trim())
      .filter(Boolean);
  if (/^(?:true|false|-?\d+(?:\.\d+)?)$/.test(trimmed)) return parse(trimmed) as unknown;
  return trimmed;
}

/** The source with one rule changed. What did not change keeps its text. */
export function writeRule(source: string, index: number, rule: FormRule): string {
  const document = parseDocument(source);
  const before = readForm(source)?.[index];
  if (!before) return source;
  const at = ['rules', index];
  const set = (key: string, value: unknown): void => {
    if (value === '' || value === undefined) document.deleteIn([...at, key]);
    else document.setIn([...at, key], value);
  };
  if (rule.id !== before.id) set('id', rule.id);
  if (rule.description !== before.description) set('description', rule.description);
  if (rule.sentence !== before.sentence) set('sentence', rule.sentence);
  if (rule.enabled !== before.enabled) set('enabled', rule.enabled ? undefined : false);
  if (rule.action !== before.action) {
    const then = document.getIn([...at, 'then']);
    if (isMap(then)) document.setIn([...at, 'then', 'action'], rule.action);
    else set('then', rule.action);
  }
  const was = new Map(before.match.map((m) => [m.field, m.value]));
  for (const { field } of before.match) if (!rule.match.some((m) => m.field === field)) document.deleteIn([...at, 'match', field]);
  for (const { field, value } of rule.match) {
    if (was.get(field) === value) continue;
    if (!document.hasIn([...at, 'match'])) set('match', document.createNode({}));
    document.setIn([...at, 'match', field], document.createNode(long(value), { flow: true }));
  }
  return document.toString({ lineWidth: 140 });
}

/** The source with a new rule at its end. */
export function addRule(source: string): string {
  const document = parseDocument(source.trim() === '' ? 'version: 1\nrules: []\n' : source);
  const rules = document.get('rules');
  const ids = new Set((readForm(source) ?? []).map((r) => r.id));
  let n = 1;
  while (ids.has(`rule-${n}`)) n += 1;
  const rule = document.createNode(parse(`{ id: rule-${n}, match: { tool: [shell] }, then: approve }`));
  if (isSeq(rules)) {
    rules.flow = false;
    rules.add(rule);
  } else document.set('rules', document.createNode([rule]));
  return document.toString({ lineWidth: 140 });
}

/** The source without one rule. */
export function removeRule(source: string, index: number): string {
  const document = parseDocument(source);
  document.deleteIn(['rules', index]);
  return document.toString({ lineWidth: 140 });
}

/** Offset of a line and column (both from 1) in a text. */
export function offsetOf(source: string, line: number, column: number): number {
  let at = 0;
  for (let n = 1; n < line; n++) {
    const next = source.indexOf('\n', at);
    if (next < 0) return source.length;
    at = next + 1;
  }
  return Math.min(source.length, at + Math.max(0, column - 1));
}
