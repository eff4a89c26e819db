import { isMap, isSeq, parseDocument, type YAMLMap } from 'yaml';
import { SallyportError } from '../contract/index.js';
import type { Subject } from './types.js';

const clock = (minutes: number) => `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;

/**
 * A judged subject as an example in the words of `match`: what a rule may look at, and nothing else. Text is left out unless asked
 * for (recorded text is masked, but an example stands readable in the policy file).
 */
export function exampleOf(s: Subject, options: { text?: boolean } = {}): Record<string, unknown> {
  const x: Record<string, unknown> = { what: s.what, direction: s.direction, agent: s.agent.name };
  if (s.agent.groups.length > 0) x['groups'] = s.agent.groups;
  Object.assign(x, {
    connection: s.connection,
    operation: s.operation,
    size: s.bytes,
    time: clock(s.time.minutes),
    weekday: s.time.weekday,
  });
  if (s.model !== undefined) x['model'] = s.model;
  if (s.part) {
    Object.assign(x, { role: s.part.role, kind: s.part.kind, provenance: s.part.provenance });
    x['findings'] = s.part.findings.map(({ entity, category, confidence, detector, testValue }) => ({
      entity,
      category,
      confidence,
      detector,
      ...(testValue ? { testValue } : {}),
    }));
    if (options.text && s.part.text !== undefined) x['text'] = s.part.text;
  }
  if (s.tool) {
    const { reading } = s.tool;
    Object.assign(x, { tool: s.tool.name, toolClass: reading.toolClass, parsed: reading.parsed });
    if (options.text) x['arguments'] = s.tool.arguments;
    if (reading.risks.length > 0) {
      x['risk'] = reading.risks.map((r) => r.id);
      x['level'] = reading.risks.map((r) => r.level);
    }
    const classes = [
      ...reading.risks.map((r) => r.class),
      ...reading.facts.map((f) => f.kind).filter((k) => !reading.risks.some((r) => r.class === k)),
    ];
    if (classes.length > 0) x['riskClass'] = classes;
    if (s.tool.restoredEntities.length > 0) x['restores'] = s.tool.restoredEntities;
  }
  if (s.providerTool) {
    Object.assign(x, { providerTool: s.providerTool.name, providerToolKind: s.providerTool.kind });
    if (s.providerTool.host !== undefined) x['host'] = s.providerTool.host;
  }
  if (s.notScanned) x['reason'] = s.notScanned.reason;
  if (s.budget) x['budget'] = s.budget;
  return x;
}

/**
 * Puts an example into a rule of a policy source; comments and order stay. @throws SallyportError not_found (rule), invalid (source)
 */
export function addExample(source: string, rule: string, side: 'must' | 'mustNot', example: Record<string, unknown>): string {
  const doc = parseDocument(source);
  if (doc.errors.length > 0) throw new SallyportError('invalid', 'The policy cannot be read: mend it first');
  const rules = doc.get('rules');
  const items = isSeq(rules) ? rules.items : [];
  const found = items.find((item): item is YAMLMap => isMap(item) && item.get('id') === rule);
  if (!found) throw new SallyportError('not_found', `There is no rule "${rule.slice(0, 80)}" in this policy`);
  const present = found.getIn(['examples', side]);
  if (present !== undefined && !isSeq(present)) found.setIn(['examples', side], doc.createNode([present]));
  if (present === undefined) found.setIn(['examples', side], doc.createNode([]));
  found.addIn(['examples', side], doc.createNode(example, { flow: true, aliasDuplicateObjects: false }));
  return doc.toString({ lineWidth: 140 });
}
