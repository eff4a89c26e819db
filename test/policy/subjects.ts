import type { Finding, FindingCategory, PresetName, RiskLevel, ToolReading } from '../../proxy/contract/index.js';
import { createPolicy, type Policy, presetSource, type Subject } from '../../proxy/policy/index.js';
import { readPolicy } from '../../proxy/policy/read.js';

export const DEFAULTS = { expiresInSeconds: 600, mustOpenClasses: [] };

export function subject(change: Partial<Subject> & { what: Subject['what'] }): Subject {
  return {
    agent: { id: 'ag_1', name: 'planner', groups: ['dev'], owner: 'local' },
    connection: 'openai',
    operation: 'chat',
    model: 'gpt-5',
    direction: 'request',
    time: { minutes: 720, weekday: 3 },
    bytes: 1000,
    ...change,
  };
}

export const finding = (entity: string, category: FindingCategory, confidence = 0.9): Finding => ({
  entity,
  category,
  start: 0,
  end: 4,
  confidence,
  why: 'test',
  detector: 'pii',
});

export function part(change: Partial<NonNullable<Subject['part']>> & { direction?: Subject['direction'] } = {}): Subject {
  const { direction = 'request', ...rest } = change;
  const answer = direction === 'response';
  return subject({
    what: 'part',
    direction,
    part: {
      id: 'messages/0/content',
      role: answer ? 'assistant' : 'user',
      kind: 'text',
      provenance: answer ? 'model' : 'person',
      findings: [],
      ...rest,
    },
  });
}

export function toolCall(level?: RiskLevel, kind = 'other', reading: Partial<ToolReading> = {}, args = '{"command":"ls"}'): Subject {
  return subject({
    what: 'tool-call',
    direction: 'response',
    tool: {
      name: 'shell',
      arguments: args,
      restoredEntities: [],
      reading: {
        toolClass: 'shell',
        facts: [],
        risks: level ? [{ id: `shell/${kind}`, class: kind, level, sentence: 'would do harm' }] : [],
        parsed: true,
        ...reading,
      },
    },
  });
}

const made = new Map<string, Policy>();
/** A policy of a shipped preset and user sources on top. */
export function preset(name: PresetName, ...files: string[]): Policy {
  const key = JSON.stringify([name, ...files]);
  const policy = made.get(key) ?? compiled(name, files);
  made.set(key, policy);
  return policy;
}

function compiled(name: PresetName, files: string[]): Policy {
  const source = presetSource(name);
  return createPolicy({
    preset: name,
    managed: false,
    defaults: DEFAULTS,
    parts: [
      { name, origin: 'preset', source, document: readPolicy(source).document },
      ...files.map((text, i) => ({ name: `user${i}`, origin: 'file' as const, source: text, document: readPolicy(text).document })),
    ],
  });
}

/** A policy of one source alone. */
export function policyOf(source: string): Policy {
  const { document, problems } = readPolicy(source);
  if (problems.some((p) => p.severity === 'error')) throw new Error(JSON.stringify(problems));
  return createPolicy({ preset: 'none', managed: false, defaults: DEFAULTS, parts: [{ name: 'user', origin: 'file', source, document }] });
}
