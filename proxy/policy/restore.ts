import type { ToolReading } from '../contract/index.js';
import type { PolicyPart } from './compile.js';
import type { RestoreRule } from './document.js';
import { categoryOf } from './entities.js';
import { globTest } from './glob.js';

type Answer = 'yes' | 'no' | 'approve';

interface CompiledRestore {
  does: Answer;
  tool?: (n: string) => boolean;
  entity?: (n: string) => boolean;
  agent?: (n: string) => boolean;
  groups?: (n: string) => boolean;
  toolClass?: string[];
  category?: string[];
}

function compile(rule: RestoreRule): CompiledRestore {
  const c: CompiledRestore = { does: rule.does };
  for (const f of ['tool', 'entity', 'agent', 'groups'] as const) if (rule[f]) c[f] = globTest(rule[f]);
  if (rule.toolClass) c.toolClass = rule.toolClass;
  if (rule.category) c.category = rule.category;
  return c;
}

const STRENGTH: Record<Answer, number> = { yes: 0, approve: 1, no: 2 };

/**
 * Whether originals may be put back into a tool's arguments. Per entity the first rule that matches decides, in the order managed,
 * user files, preset; over several entities the strictest answer holds. Where no rule matches, a person is asked.
 */
export function compileRestore(parts: readonly PolicyPart[]) {
  const rules = [...parts].reverse().flatMap((p) => p.document.restore.map(compile));
  return (tool: { name: string; reading?: ToolReading }, entities: readonly string[], agent: { id: string; groups: string[] }): Answer => {
    let answer: Answer = 'yes';
    for (const entity of entities) {
      const rule = rules.find(
        (r) =>
          (!r.tool || r.tool(tool.name)) &&
          (!r.toolClass || (tool.reading !== undefined && r.toolClass.includes(tool.reading.toolClass))) &&
          (!r.entity || r.entity(entity)) &&
          (!r.category || r.category.includes(categoryOf(entity))) &&
          (!r.agent || r.agent(agent.id)) &&
          (!r.groups || agent.groups.some(r.groups)),
      );
      const does = categoryOf(entity) === 'secret' ? 'no' : (rule?.does ?? 'approve');
      if (STRENGTH[does] > STRENGTH[answer]) answer = does;
    }
    return answer;
  };
}
