import { isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml';
import { nearestName } from './suggest.js';
import type { PolicyProblem } from './types.js';

/** A source that is read by position: every complaint knows where it stands. */
export class Source {
  readonly problems: PolicyProblem[] = [];
  readonly root: Node | null;
  readonly #lines = new LineCounter();

  /** `text` is YAML 1.2, of which JSON is a part. Aliases and tags are refused: a policy reads as it stands. */
  constructor(text: string) {
    const doc = parseDocument(text, { lineCounter: this.#lines, version: '1.2', prettyErrors: false, uniqueKeys: true, merge: false });
    for (const e of [...doc.errors, ...doc.warnings]) {
      const { line, col } = this.#lines.linePos(e.pos[0]);
      this.problems.push({ message: e.message, line, column: col, severity: 'error' });
    }
    this.root = doc.errors.length > 0 ? null : doc.contents;
  }

  position(node: Node | null | undefined): { line: number; column: number } {
    const at = node?.range?.[0] ?? 0;
    const { line, col } = this.#lines.linePos(at);
    return { line: line || 1, column: col || 1 };
  }

  error(node: Node | null | undefined, path: string, message: string, suggestion?: string): void {
    this.problems.push({
      message,
      path,
      ...this.position(node),
      ...(suggestion === undefined ? {} : { suggestion }),
      severity: 'error',
    });
  }

  warn(node: Node | null | undefined, path: string, message: string): void {
    this.problems.push({ message, path, ...this.position(node), severity: 'warning' });
  }

  /** The entries of a map; unknown keys are errors with the nearest known name. */
  map(node: Node | null | undefined, path: string, known: readonly string[] | undefined): Map<string, { key: Node; value: Node | null }> {
    const out = new Map<string, { key: Node; value: Node | null }>();
    if (!isMap(node)) {
      this.error(node, path, `${path || 'The policy'} must be a map of fields`);
      return out;
    }
    for (const pair of node.items) {
      const key = pair.key as Node;
      const name = isScalar(key) ? String(key.value) : undefined;
      if (name === undefined) {
        this.error(key, path, 'Field names must be plain text');
        continue;
      }
      const at = path === '' ? name : `${path}.${name}`;
      if (known && !known.includes(name)) {
        const near = nearestName(name, known);
        this.error(key, at, `Unknown field "${name.slice(0, 60)}"`, near ? `Did you mean "${near}"?` : `Known fields: ${known.join(', ')}`);
        continue;
      }
      const value = pair.value as Node | null;
      if (isAlias(value)) this.error(value, at, 'Aliases (*name) are not accepted: write the value out');
      else out.set(name, { key, value });
    }
    return out;
  }

  /** The items of a list; a single value counts as a list of one. */
  list(node: Node | null, path: string): { node: Node | null; path: string }[] {
    if (!isSeq(node)) return [{ node, path }];
    return node.items.map((item, i) => ({ node: item as Node, path: `${path}[${i}]` }));
  }

  string(node: Node | null, path: string): string | undefined {
    if (isScalar(node) && typeof node.value === 'string' && node.value.trim() !== '') return node.value;
    this.error(node, path, `${path} must be text`);
    return undefined;
  }

  boolean(node: Node | null, path: string): boolean | undefined {
    if (isScalar(node) && typeof node.value === 'boolean') return node.value;
    this.error(node, path, `${path} must be true or false`);
    return undefined;
  }

  number(node: Node | null, path: string, min: number, max: number, whole: boolean): number | undefined {
    const v = isScalar(node) ? node.value : undefined;
    if (typeof v === 'number' && v >= min && v <= max && (!whole || Number.isInteger(v))) return v;
    const upTo = max === Number.MAX_SAFE_INTEGER ? `of at least ${min}` : `from ${min} to ${max}`;
    this.error(node, path, `${path} must be a ${whole ? 'whole ' : ''}number ${upTo}`);
    return undefined;
  }

  oneOf(node: Node | null, path: string, values: readonly string[]): string | undefined {
    const v = isScalar(node) ? String(node.value) : undefined;
    if (v !== undefined && values.includes(v)) return v;
    const near = v === undefined ? undefined : nearestName(v, values);
    this.error(
      node,
      path,
      v === undefined ? `${path} must be one of ${values.join(', ')}` : `${path} cannot be "${v.slice(0, 60)}"`,
      near ? `Did you mean "${near}"?` : `One of: ${values.join(', ')}`,
    );
    return undefined;
  }

  strings(node: Node | null, path: string): string[] {
    const out: string[] = [];
    for (const item of this.list(node, path)) {
      const s = this.string(item.node, item.path);
      if (s !== undefined) out.push(s);
    }
    if (isSeq(node) && node.items.length === 0) this.error(node, path, `${path} must not be empty`);
    return out;
  }
}
