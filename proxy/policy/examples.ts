import type { Finding, FindingCategory, PartKind, PartRole, Provenance, RiskLevel, ScanContext, ToolReading } from '../contract/index.js';
import { compileRule } from './compile.js';
import type { Example, PolicyDocument } from './document.js';
import { categoryOf } from './entities.js';
import { whyNotMatched } from './explain.js';
import { ruleMatches } from './judge.js';
import type { PolicyProblem, Subject } from './types.js';

/** What examples with plain text are read with, where the caller has it: the real detectors and the real command reader. */
export interface ExampleReaders {
  scan?(text: string, context: ScanContext): Finding[];
  readTool?(name: string, argumentsText: string): ToolReading | Promise<ToolReading>;
}

const first = (v: unknown): string | undefined => (Array.isArray(v) ? first(v[0]) : typeof v === 'string' ? v : undefined);
const all = (v: unknown): string[] => (v === undefined ? [] : (Array.isArray(v) ? v : [v]).map(String));
const num = (v: unknown, or: number): number => (typeof v === 'number' ? v : or);

function finding(v: unknown): Finding {
  const o = typeof v === 'string' ? { entity: v } : ((v ?? {}) as Record<string, unknown>);
  const entity = String(o['entity'] ?? 'UNKNOWN');
  return {
    entity,
    category: (o['category'] as FindingCategory | undefined) ?? categoryOf(entity),
    start: 0,
    end: 0,
    confidence: num(o['confidence'], 1),
    why: 'example',
    detector: String(o['detector'] ?? 'example'),
    ...(o['testValue'] === true ? { testValue: true } : {}),
  };
}

function reading(x: Record<string, unknown>): ToolReading {
  const ids = all(x['risk']);
  const levels = all(x['level']) as RiskLevel[];
  const classes = all(x['riskClass']);
  const risks =
    ids.length + levels.length === 0
      ? []
      : Array.from({ length: Math.max(ids.length, levels.length) }, (_, i) => ({
          id: ids[i] ?? ids[0] ?? `example/${classes[0] ?? 'risk'}`,
          class: classes[i] ?? classes[0] ?? 'example',
          level: levels[i] ?? levels[0] ?? ('notable' as const),
          sentence: 'as the example says',
        }));
  return {
    toolClass: (first(x['toolClass']) as ToolReading['toolClass'] | undefined) ?? 'unknown',
    facts: classes.map((kind) => ({ kind })),
    risks,
    parsed: x['parsed'] !== false,
  };
}

function minutesOf(v: unknown): number {
  const m = /^(\d{1,2}):(\d{2})$/.exec(typeof v === 'string' ? v : '');
  return m ? Number(m[1]) * 60 + Number(m[2]) : 720;
}

function whatOf(x: Record<string, unknown>): Subject['what'] {
  const given = first(x['what']) as Subject['what'] | undefined;
  if (given) return given;
  if (x['tool'] !== undefined || x['arguments'] !== undefined) return 'tool-call';
  if (x['providerTool'] !== undefined || x['host'] !== undefined) return 'provider-tool';
  if (x['reason'] !== undefined) return 'not-scanned';
  if (x['text'] !== undefined || x['findings'] !== undefined) return 'part';
  return 'exchange';
}

/** Makes a whole subject of a flat example; what it does not name is ordinary. */
export async function subjectOf(example: Example, readers: ExampleReaders = {}): Promise<Subject> {
  const x = example.fields;
  const what = whatOf(x);
  const direction = (first(x['direction']) as Subject['direction'] | undefined) ?? (what === 'tool-call' ? 'response' : 'request');
  const s: Subject = {
    what,
    agent: { id: 'ag_example', name: first(x['agent']) ?? 'example', groups: all(x['groups']), owner: first(x['owner']) ?? 'local' },
    connection: first(x['connection']) ?? 'example',
    operation: (first(x['operation']) as Subject['operation'] | undefined) ?? 'chat',
    direction,
    time: { minutes: minutesOf(x['time']), weekday: num(x['weekday'], 3) },
    bytes: num(x['size'], 1000),
  };
  const model = first(x['model']);
  if (model !== undefined) s.model = model;
  const text = first(x['text']);
  if (what === 'part' || x['findings'] !== undefined || x['provenance'] !== undefined || x['role'] !== undefined || text !== undefined) {
    const role = (first(x['role']) as PartRole | undefined) ?? (direction === 'request' ? 'user' : 'assistant');
    const provenance = (first(x['provenance']) as Provenance | undefined) ?? (direction === 'request' ? 'person' : 'model');
    const kind = (first(x['kind']) as PartKind | undefined) ?? 'text';
    const known = Array.isArray(x['findings']) ? x['findings'].map(finding) : undefined;
    const scanned = text === undefined ? [] : (readers.scan?.(text, { direction, role, kind, provenance }) ?? []);
    s.part = { id: 'example', role, kind, provenance, findings: known ?? scanned };
    if (text !== undefined) s.part.text = text;
  }
  if (what === 'tool-call') {
    const name = first(x['tool']) ?? 'example';
    const args = typeof x['arguments'] === 'string' ? x['arguments'] : JSON.stringify(x['arguments'] ?? {});
    const facts = ['level', 'risk', 'riskClass', 'parsed', 'toolClass'].some((f) => x[f] !== undefined);
    const read = !facts && readers.readTool ? await readers.readTool(name, args) : reading(x);
    s.tool = { name, reading: read, arguments: args, restoredEntities: all(x['restores']) };
  }
  if (what === 'provider-tool') {
    s.providerTool = {
      name: first(x['providerTool']) ?? 'example',
      kind: first(x['providerToolKind']) === 'remote-mcp' ? 'remote-mcp' : 'provider-tool',
    };
    const host = first(x['host']);
    if (host !== undefined) s.providerTool.host = host;
  }
  if (what === 'not-scanned' || what === 'provider-history')
    s.notScanned = {
      reason: (first(x['reason']) as NonNullable<Subject['notScanned']>['reason'] | undefined) ?? 'unknown-part',
      bytes: s.bytes,
    };
  if (x['budget'] !== undefined && typeof x['budget'] === 'object') {
    const b = x['budget'] as Record<string, unknown>;
    s.budget = { id: String(b['id'] ?? 'day'), unit: String(b['unit'] ?? 'USD'), used: num(b['used'], 0), limit: num(b['limit'], 1) };
  }
  return s;
}

/** Runs `must` and `mustNot` of every rule. A rule that fails its own examples cannot be saved. */
export async function runExamples(document: PolicyDocument, readers: ExampleReaders = {}): Promise<PolicyProblem[]> {
  const problems: PolicyProblem[] = [];
  for (const rule of document.rules) {
    if (!rule.enabled) continue;
    const compiled = compileRule(rule, document.name ?? 'draft', 'file', 0);
    for (const [wanted, examples] of [
      [true, rule.examples.must],
      [false, rule.examples.mustNot],
    ] as const)
      for (const example of examples) {
        const subject = await subjectOf(example, readers);
        if (ruleMatches(compiled, subject) === wanted) continue;
        problems.push({
          message: wanted
            ? `The rule "${rule.id}" does not match its example: ${whyNotMatched(compiled, subject)}`
            : `The rule "${rule.id}" matches an example that it must not match`,
          path: example.path,
          ...example.position,
          severity: 'error',
        });
      }
  }
  return problems;
}
