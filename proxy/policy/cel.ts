import { Environment } from '@marcbachmann/cel-js';
import type { Subject } from './types.js';

/**
 * Conditions in CEL (Common Expression Language): not Turing complete, no input or output. What they see are the facts of a
 * subject. A condition that fails while it runs counts as true for rules that restrict and as false for rules that allow.
 */
const VARIABLES: [string, string][] = [
  ['what', 'string'],
  ['agent', 'map'], // id, name, owner, groups
  ['connection', 'string'],
  ['operation', 'string'],
  ['model', 'string'],
  ['direction', 'string'],
  ['minutes', 'int'], // local minutes since midnight
  ['weekday', 'int'], // 1 Monday … 7 Sunday
  ['size', 'int'],
  ['part', 'map'], // role, kind, provenance, text
  ['findings', 'list'], // entity, category, confidence, detector, testValue
  ['tool', 'map'], // name, class, parsed, arguments, restores, risks (id, class, level), facts (kind, target)
  ['providerTool', 'map'], // name, kind, host
  ['reason', 'string'],
  ['budget', 'map'], // id, unit, used, limit
];

const environment = (() => {
  const env = new Environment({
    limits: { maxAstNodes: 500, maxDepth: 40, maxListElements: 200, maxMapEntries: 50, maxCallArguments: 16 },
  });
  for (const [name, type] of VARIABLES) env.registerVariable(name, type);
  return env;
})();

/** What is wrong with a condition, or undefined. */
export function checkCondition(source: string): string | undefined {
  try {
    const result = environment.parse(source).check();
    if (!result.valid) return (result.error?.message ?? 'type error').split('\n')[0];
    if (result.type !== 'bool' && result.type !== 'dyn') return `it gives ${result.type}, not true or false`;
    return undefined;
  } catch (e) {
    return (e instanceof Error ? e.message : String(e)).split('\n')[0];
  }
}

/** The facts of a subject as CEL sees them: every variable is there, empty where nothing is known. */
export function conditionContext(s: Subject): Record<string, unknown> {
  return {
    what: s.what,
    agent: s.agent,
    connection: s.connection,
    operation: s.operation,
    model: s.model ?? '',
    direction: s.direction,
    minutes: BigInt(Math.trunc(s.time.minutes)),
    weekday: BigInt(Math.trunc(s.time.weekday)),
    size: BigInt(Math.trunc(s.bytes)),
    part: {
      role: s.part?.role ?? '',
      kind: s.part?.kind ?? '',
      provenance: s.part?.provenance ?? 'unknown',
      text: s.part?.text ?? '',
    },
    findings: (s.part?.findings ?? []).map((f) => ({
      entity: f.entity,
      category: f.category,
      confidence: f.confidence,
      detector: f.detector,
      testValue: f.testValue === true,
    })),
    tool: {
      name: s.tool?.name ?? '',
      class: s.tool?.reading.toolClass ?? '',
      parsed: s.tool?.reading.parsed ?? true,
      arguments: s.tool?.arguments ?? '',
      restores: s.tool?.restoredEntities ?? [],
      risks: (s.tool?.reading.risks ?? []).map((r) => ({ id: r.id, class: r.class, level: r.level })),
      facts: (s.tool?.reading.facts ?? []).map((f) => ({ kind: f.kind, target: f.target ?? '' })),
    },
    providerTool: { name: s.providerTool?.name ?? '', kind: s.providerTool?.kind ?? '', host: s.providerTool?.host ?? '' },
    reason: s.notScanned?.reason ?? '',
    budget: {
      id: s.budget?.id ?? '',
      unit: s.budget?.unit ?? '',
      used: s.budget?.used ?? 0,
      limit: s.budget?.limit ?? 0,
    },
  };
}

/** Compiles a checked condition. `onError` is what counts when it fails while running. */
export function compileCondition(source: string, onError: boolean): (context: Record<string, unknown>) => boolean {
  const run = environment.parse(source);
  return (context) => {
    try {
      return run(context) === true;
    } catch {
      return onError;
    }
  };
}
