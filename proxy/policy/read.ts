import { hash } from 'node:crypto';
import { isMap, isScalar, type Node } from 'yaml';
import { ACTIONS, type Action, type FindingCategory } from '../contract/index.js';
import { checkCondition } from './cel.js';
import type { Example, Match, PolicyDocument, RestoreRule, Rule, Then } from './document.js';
import { CATEGORIES, DOCUMENT_FIELDS, EXAMPLE_EXTRA, MATCH_FIELDS, RESTORE_FIELDS, RULE_FIELDS, THEN_FIELDS } from './fields.js';
import { Source } from './node.js';
import { readMatch } from './read-match.js';
import { READ_BEFORE } from './read-presets.js';
import type { PolicyProblem } from './types.js';

const ID = /^[a-z0-9][a-z0-9._-]{0,79}$/;
const TOOL_CLASSES = MATCH_FIELDS['toolClass']!.values!;
/** Limits that keep a policy small enough to be judged on the hot path and read by a person. */
export const MAX_SOURCE_BYTES = 256 * 1024;
export const MAX_RULES = 2000;

function seconds(src: Source, node: Node | null, path: string): number | undefined {
  const v = isScalar(node) ? node.value : undefined;
  const m = typeof v === 'string' ? /^(\d+)\s*(s|m|h)$/.exec(v.trim()) : null;
  const n = typeof v === 'number' ? v : m ? Number(m[1]) * { s: 1, m: 60, h: 3600 }[m[2] as 's' | 'm' | 'h'] : Number.NaN;
  if (Number.isInteger(n) && n >= 5 && n <= 86_400) return n;
  src.error(node, path, `${path} must be from 5 seconds to 24 hours, such as 600 or 10m`);
  return undefined;
}

function readThen(src: Source, node: Node | null, path: string): Then {
  const then: Then = { action: 'block', restore: true, groups: [], minimum: 1, separateApprover: false, mustOpen: false };
  if (!isMap(node)) {
    then.action = (src.oneOf(node, path, ACTIONS) as Action | undefined) ?? 'block';
    return then;
  }
  const e = src.map(node, path, THEN_FIELDS);
  if (!e.has('action')) src.error(node, path, `${path}.action is missing`, `One of: ${ACTIONS.join(', ')}`);
  else then.action = (src.oneOf(e.get('action')!.value, `${path}.action`, ACTIONS) as Action | undefined) ?? 'block';
  for (const [name, { key, value }] of e) {
    const at = `${path}.${name}`;
    if (name === 'action') continue;
    if (name === 'restore' ? then.action !== 'mask' : then.action !== 'approve')
      src.error(key, at, `"${name}" only means something with action: ${name === 'restore' ? 'mask' : 'approve'}`);
    if (name === 'restore') then.restore = src.boolean(value, at) ?? true;
    if (name === 'groups') then.groups = src.strings(value, at);
    if (name === 'minimum') then.minimum = src.number(value, at, 1, 20, true) ?? 1;
    if (name === 'separateApprover') then.separateApprover = src.boolean(value, at) ?? true;
    if (name === 'mustOpen') then.mustOpen = src.boolean(value, at) ?? true;
    if (name === 'expiresIn') {
      const s = seconds(src, value, at);
      if (s !== undefined) then.expiresIn = s;
    }
  }
  return then;
}

function readExamples(src: Source, node: Node | null, path: string): Example[] {
  const known = [...Object.keys(MATCH_FIELDS), ...EXAMPLE_EXTRA];
  return src.list(node, path).map((item) => {
    src.map(item.node, item.path, known);
    const fields = isMap(item.node) ? (item.node.toJSON() as Record<string, unknown>) : {};
    return { fields, position: src.position(item.node), path: item.path };
  });
}

/** Does a match speak about single findings? */
export const aboutFindings = (match: Match): boolean => Object.keys(match).some((f) => MATCH_FIELDS[f]!.finding === true);

function readRule(src: Source, node: Node | null, path: string): Rule | undefined {
  const e = src.map(node, path, RULE_FIELDS);
  if (!isMap(node)) return undefined;
  const idNode = e.get('id')?.value ?? null;
  const id = e.has('id') ? (src.string(idNode, `${path}.id`) ?? '') : '';
  if (!e.has('id')) src.error(node, path, 'The rule has no id', 'Give it a short name, such as "id: mask-contact"');
  else if (id !== '' && !ID.test(id)) src.error(idNode, `${path}.id`, 'An id is lower-case letters, digits, dots, dashes and underscores');
  const rule: Rule = {
    id,
    enabled: e.has('enabled') ? (src.boolean(e.get('enabled')!.value, `${path}.enabled`) ?? true) : true,
    match: e.has('match') ? readMatch(src, e.get('match')!.value, `${path}.match`) : {},
    does: e.has('then') ? readThen(src, e.get('then')!.value, `${path}.then`) : readThen(src, null, `${path}.then`),
    insteadOf: e.has('insteadOf') ? src.strings(e.get('insteadOf')!.value, `${path}.insteadOf`) : [],
    examples: { must: [], mustNot: [] },
    position: src.position(node),
  };
  if (e.has('description')) rule.description = src.string(e.get('description')!.value, `${path}.description`);
  if (e.has('sentence')) rule.sentence = src.string(e.get('sentence')!.value, `${path}.sentence`);
  if (e.has('not')) rule.not = readMatch(src, e.get('not')!.value, `${path}.not`);
  if (e.has('when')) {
    const when = e.get('when')!.value;
    rule.when = src.string(when, `${path}.when`);
    const wrong = rule.when === undefined ? undefined : checkCondition(rule.when);
    if (wrong) src.error(when, `${path}.when`, `The condition is not valid CEL: ${wrong}`);
  }
  if (!e.has('match') && rule.when === undefined && e.has('id'))
    src.error(node, path, 'The rule has neither match nor when', 'Write "match: {}" if it shall match everything');
  if (rule.does.action === 'mask' && !aboutFindings(rule.match))
    src.error(
      e.get('then')?.value,
      `${path}.then`,
      'mask needs something that can be masked: match a finding, category, confidence or detector',
      'Text patterns that shall be masked are custom entities in the settings (detection.custom)',
    );
  if (e.has('match')) checkText(src, rule, e.get('match')!.value, path);
  if (e.has('examples')) {
    const x = src.map(e.get('examples')!.value, `${path}.examples`, ['must', 'mustNot']);
    if (x.has('must')) rule.examples.must = readExamples(src, x.get('must')!.value, `${path}.examples.must`);
    if (x.has('mustNot')) rule.examples.mustNot = readExamples(src, x.get('mustNot')!.value, `${path}.examples.mustNot`);
  }
  return rule;
}

/** Words and patterns: can they match at all, and can what the rule wants be done to the text of an answer, which flows? */
function checkText(src: Source, rule: Rule, node: Node | null, path: string): void {
  const field = ['words', 'pattern'].find((f) => rule.match[f] !== undefined);
  if (!field) return;
  const only = (name: string): readonly string[] | undefined => {
    const v = rule.match[name];
    return v?.kind === 'enum' ? v.values : undefined;
  };
  const whats = only('what');
  if (whats && !whats.some((w) => w === 'part' || w === 'tool-call' || w === 'not-scanned'))
    src.error(
      node,
      `${path}.match`,
      `"${field}" never matches here: only a part or a tool call has text`,
      'Use what: part or what: tool-call',
    );
  if (rule.does.action !== 'approve' || aboutFindings(rule.match) || (whats && !whats.includes('part'))) return;
  const directions = only('direction');
  if (directions?.every((d) => d === 'response'))
    src.error(
      node,
      `${path}.then`,
      'The text of an answer cannot wait for a person: it flows to the agent while it is read',
      'Use then: block, or what: tool-call to ask about tool calls',
    );
  else if (!directions)
    src.warn(
      node,
      `${path}.then`,
      'The rule asks about requests and tool calls; the text of answers cannot wait for a person and is not asked about',
    );
}

function readRestore(src: Source, node: Node | null, path: string): RestoreRule | undefined {
  const e = src.map(node, path, RESTORE_FIELDS);
  if (!isMap(node)) return undefined;
  const rule: RestoreRule = { id: '', does: 'approve' };
  if (e.has('id')) rule.id = src.string(e.get('id')!.value, `${path}.id`) ?? '';
  else src.error(node, path, 'The restore rule has no id');
  if (e.has('then')) rule.does = (src.oneOf(e.get('then')!.value, `${path}.then`, ['yes', 'no', 'approve']) as RestoreRule['does']) ?? 'no';
  else src.error(node, path, `${path}.then is missing`, 'One of: yes, no, approve');
  for (const name of ['tool', 'entity', 'agent', 'groups'] as const)
    if (e.has(name)) rule[name] = src.strings(e.get(name)!.value, `${path}.${name}`);
  const enums = { toolClass: TOOL_CLASSES, category: CATEGORIES } as const;
  for (const name of ['toolClass', 'category'] as const)
    if (e.has(name)) {
      const values = src.list(e.get(name)!.value, `${path}.${name}`).map((i) => src.oneOf(i.node, i.path, enums[name]));
      const known = values.filter((v) => v !== undefined);
      if (name === 'toolClass') rule.toolClass = known;
      else rule.category = known as FindingCategory[];
    }
  return rule;
}

function noTwins(src: Source, ids: string[], what: string): void {
  const seen = new Set<string>();
  for (const id of ids) {
    if (id !== '' && seen.has(id)) src.error(src.root, what, `Two ${what} have the id "${id}"`);
    seen.add(id);
  }
}

/** Reads a policy source. The document is only to be used when no problem is an error. */
export function readPolicy(text: string): { document: PolicyDocument; problems: PolicyProblem[] } {
  const document: PolicyDocument = { version: 1, rules: [], restore: [] };
  if (Buffer.byteLength(text) > MAX_SOURCE_BYTES)
    return { document, problems: [{ message: 'A policy source may have at most 256 KiB', severity: 'error' }] };
  const src = new Source(text);
  if (src.problems.length > 0) return { document, problems: src.problems };
  const e = src.map(src.root, '', DOCUMENT_FIELDS);
  const versionNode = e.get('version')?.value ?? null;
  if (!e.has('version')) src.error(src.root, 'version', 'The policy has no version', 'Add "version: 1"');
  else if (!isScalar(versionNode) || versionNode.value !== 1)
    src.error(versionNode, 'version', 'This version of policies is not known', 'Use "version: 1"');
  if (e.has('name')) document.name = src.string(e.get('name')!.value, 'name');
  if (e.has('description')) document.description = src.string(e.get('description')!.value, 'description');
  if (e.has('preset'))
    document.preset = src.oneOf(e.get('preset')!.value, 'preset', ['observe', 'balanced', 'strict']) as PolicyDocument['preset'];
  if (e.has('userRules'))
    document.userRules = src.oneOf(e.get('userRules')!.value, 'userRules', ['ignored', 'stricter']) as PolicyDocument['userRules'];
  if (e.has('rules'))
    for (const item of src.list(e.get('rules')!.value, 'rules')) {
      const rule = readRule(src, item.node, item.path);
      if (rule) document.rules.push(rule);
    }
  if (e.has('restore'))
    for (const item of src.list(e.get('restore')!.value, 'restore')) {
      const rule = readRestore(src, item.node, item.path);
      if (rule) document.restore.push(rule);
    }
  if (document.rules.length > MAX_RULES) src.error(src.root, 'rules', `A policy may have at most ${MAX_RULES} rules`);
  noTwins(
    src,
    document.rules.map((r) => r.id),
    'rules',
  );
  noTwins(
    src,
    document.restore.map((r) => r.id),
    'restore',
  );
  return { document, problems: src.problems };
}

const READ = new Map<string, ReturnType<typeof readPolicy>>();

/** Same, remembering the last sources: reading costs tens of milliseconds, and settings change more often than policies. */
export function readCached(text: string): ReturnType<typeof readPolicy> {
  const known = READ.get(text);
  if (known) return { document: known.document, problems: [...known.problems] };
  const before = READ_BEFORE.get(hash('sha256', text, 'hex'));
  const read = before ? { document: before, problems: [] } : readPolicy(text);
  READ.set(text, read);
  if (READ.size > 24) READ.delete(READ.keys().next().value!);
  return { document: read.document, problems: [...read.problems] };
}
