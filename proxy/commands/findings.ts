import type { RiskLevel, ToolFact, ToolReading, ToolRisk } from '../contract/index.js';

/** The words of risk classes, shared by facts and risks. */
export type RiskClass =
  | 'delete'
  | 'overwrite'
  | 'permission'
  | 'history'
  | 'service'
  | 'persistence'
  | 'privilege'
  | 'secret-read'
  | 'network-send'
  | 'download-run'
  | 'reverse-shell'
  | 'foreign-package'
  | 'admin'
  | 'disarm'
  | 'execute';

const ORDER: Record<RiskLevel, number> = { catastrophic: 2, risky: 1, notable: 0 };
const MAX_FACTS = 64;

/** True when `a` is at least as strong as `b`. */
export function atLeast(a: RiskLevel, b: RiskLevel): boolean {
  return ORDER[a] >= ORDER[b];
}

/** Cuts what goes into a fact, so that no command line ends up whole in a record. */
export function short(text: string, max = 200): string {
  const clean = text.replace(/[\u0000-\u001f\u007f]/g, ' ').replaceAll('\uFFFC', '…');
  return clean.length > max ? `${clean.slice(0, max - 1)}…` : clean;
}

/** Collects facts and risks of one tool call; the same risk is kept once, at its strongest. */
export class Findings {
  readonly facts: ToolFact[] = [];
  readonly risks: ToolRisk[] = [];
  parsed = true;
  /** Paths that the call writes and what its content was found to do (for written-then-run). */
  readonly written: { path: string; content?: string; risks: string[] }[] = [];
  readonly executed: string[] = [];

  fact(kind: string, target?: string, detail?: string): void {
    if (this.facts.length >= MAX_FACTS) return;
    const t = target === undefined ? undefined : short(target);
    if (this.facts.some((f) => f.kind === kind && f.target === t)) return;
    const fact: ToolFact = { kind };
    if (t !== undefined) fact.target = t;
    if (detail !== undefined) fact.detail = short(detail);
    this.facts.push(fact);
  }

  risk(cls: RiskClass, id: string, level: RiskLevel, sentence: string, target?: string): void {
    this.fact(cls, target, id);
    const known = this.risks.find((r) => r.id === id);
    if (!known) this.risks.push({ id, class: cls, level, sentence: short(sentence, 300) });
    else if (!atLeast(known.level, level)) {
      known.level = level;
      known.sentence = short(sentence, 300);
    }
  }

  /** A risk turned out to be ordinary by what follows: it is kept as notable. */
  lower(id: string): void {
    const known = this.risks.find((r) => r.id === id && r.level === 'risky');
    if (known) known.level = 'notable';
  }

  has(cls: RiskClass): boolean {
    return this.risks.some((r) => r.class === cls);
  }

  merge(inner: Findings): void {
    for (const f of inner.facts) this.fact(f.kind, f.target, f.detail);
    for (const r of inner.risks) this.risk(r.class as RiskClass, r.id, r.level, r.sentence);
    this.written.push(...inner.written);
    this.executed.push(...inner.executed);
    if (!inner.parsed) this.parsed = false;
  }

  reading(toolClass: ToolReading['toolClass']): ToolReading {
    const risks = [...this.risks].sort((a, b) => ORDER[b.level] - ORDER[a.level]);
    return { toolClass, facts: this.facts, risks, parsed: this.parsed };
  }
}
