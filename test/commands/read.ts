/** Shared by the tests of this room: one reader, one call, one word for what the balanced preset would do. */
import { createCommandReader, type ToolContext } from '../../proxy/commands/index.js';
import type { ToolReading } from '../../proxy/contract/index.js';

const reader = createCommandReader({ inline: true });
await reader.ready();

export const CONTEXT: ToolContext = { cwd: '/home/a/project', home: '/home/a', protectedTargets: [] };

export function read(tool: string, args: unknown, context: ToolContext = CONTEXT): ToolReading {
  const reading = reader.read(tool, typeof args === 'string' ? args : JSON.stringify(args), context);
  if (reading instanceof Promise) throw new Error('the grammars are loaded: a reading must be immediate');
  return reading;
}

export const shell = (command: string, context?: ToolContext): ToolReading => read('bash', { command }, context);

export function outcome(r: ToolReading): 'block' | 'ask' | 'allow' {
  if (r.risks.some((k) => k.level === 'catastrophic')) return 'block';
  return r.risks.some((k) => k.level === 'risky') || !r.parsed ? 'ask' : 'allow';
}

export const ids = (r: ToolReading): string[] => r.risks.filter((k) => k.level !== 'notable').map((k) => k.id);
