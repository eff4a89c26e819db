import { RE2JS } from 're2js';
import { stringify } from 'yaml';
import { asObject, asStrings, type ImportReport, idOf } from './import-report.js';

/** RE2 literal of a word, for a search inside words with upper and lower case told apart. */
const quoted = (word: string) => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

interface Out {
  rules: Record<string, unknown>[];
  taken: Set<string>;
  report: ImportReport;
}

function one(rule: unknown, where: string, name: string, direction: 'request' | 'response', out: Out): void {
  const r = asObject(rule);
  const skip = (why: string): void => void out.report.notMapped.push({ what: where, why });
  if (!r) return skip('it is not a rule');
  const words = asStrings(r['words']);
  const pattern = typeof r['pattern_regex'] === 'string' ? r['pattern_regex'] : '';
  let patterns: string[];
  if (r['type'] === 'deny_words_list') {
    if (words.length === 0) return skip('the list of words is empty');
    // deny words there are found anywhere, case told apart: the same here, by pattern
    patterns = words.map(quoted);
  } else if (r['type'] === 'pattern_match') {
    if (pattern === '') return skip('the pattern is empty');
    try {
      RE2JS.compile(pattern);
    } catch (e) {
      return skip(`the pattern is not valid RE2: ${e instanceof Error ? e.message : String(e)}`);
    }
    patterns = [pattern];
  } else return skip(`rules of type "${String(r['type']).slice(0, 40)}" do not exist here`);
  const id = idOf(`${name} ${direction === 'request' ? 'input' : 'output'}`, out.taken);
  const message = typeof r['message'] === 'string' && r['message'].trim() !== '' ? r['message'].trim() : undefined;
  const made = (suffix: string, what: string, extra: Record<string, unknown>) => {
    const rule = Object.fromEntries<unknown>([
      ['id', `${id}${suffix}`],
      ['match', { what, ...extra, pattern: patterns }],
      ['then', 'block'],
      ['sentence', message ?? `Imported guardrail "${name}".`],
    ]);
    out.rules.push(rule);
  };
  made('', 'part', { direction });
  // an answer is text and tool calls; both are output there
  if (direction === 'response') made('-calls', 'tool-call', {});
  out.report.mapped.push({ from: where, to: id });
}

/**
 * Maps hoop guardrails (an object or a list of them, as its API gives them: name, description, input.rules, output.rules) to rules.
 * There a match always blocks, and so it does here. Bindings to connections are by ids that mean nothing here: reported.
 * @throws SyntaxError when the text is no JSON
 */
export function importHoopGuardrails(json: string): ImportReport {
  const parsed = JSON.parse(json) as unknown;
  const list = Array.isArray(parsed)
    ? parsed
    : Array.isArray(asObject(parsed)?.['items'])
      ? (asObject(parsed)!['items'] as unknown[])
      : [parsed];
  const report: ImportReport = { source: '', mapped: [], notMapped: [] };
  const out: Out = { rules: [], taken: new Set(), report };
  for (const [i, item] of list.entries()) {
    const g = asObject(item);
    const name = typeof g?.['name'] === 'string' ? g['name'] : `guardrail ${i + 1}`;
    if (!g || (!asObject(g['input']) && !asObject(g['output']))) {
      report.notMapped.push({ what: name, why: 'it has neither input nor output rules' });
      continue;
    }
    for (const [side, direction] of [
      ['input', 'request'],
      ['output', 'response'],
    ] as const) {
      const rules = asObject(g[side])?.['rules'];
      if (Array.isArray(rules)) for (const [n, rule] of rules.entries()) one(rule, `${name} ${side}.rules[${n}]`, name, direction, out);
    }
    for (const field of ['connection_ids', 'attributes'])
      if (asStrings(g[field]).length > 0)
        report.notMapped.push({
          what: `${name} ${field}`,
          why: 'the rules hold for every connection: add match.connection where that is too wide',
        });
    for (const field of Object.keys(g))
      if (
        !['id', 'org_id', 'name', 'description', 'input', 'output', 'connection_ids', 'attributes', 'created_at', 'updated_at'].includes(
          field,
        ) &&
        g[field] != null &&
        g[field] !== ''
      )
        report.notMapped.push({ what: `${name} ${field}`, why: 'there is nothing like it here' });
  }
  report.source = stringify(
    { version: 1, description: 'Imported hoop guardrails.', rules: out.rules },
    { lineWidth: 120, aliasDuplicateObjects: false },
  );
  return report;
}
