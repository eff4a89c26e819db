import type { Findings } from '../findings.js';
import type { Place } from '../paths.js';
import type { Flow, Word } from './flow.js';
import type { Scope } from './scope.js';

/** One simple command, wrappers peeled. */
export interface Command {
  /** Base name, `.exe` dropped. */
  name: string;
  args: Word[];
  /** Texts of `args`. */
  argv: string[];
  stdin: Flow | undefined;
  /** Ran under sudo, doas, su, run0 … */
  privileged: boolean;
  /** Runs elsewhere: ssh, docker exec, kubectl exec. */
  remote: boolean;
  /** Assignments that stand before the command. */
  env: Map<string, Flow>;
  scope: Scope;
}

/** What rules may use. */
export interface Run {
  findings: Findings;
  place(scope: Scope): Place;
  /** Reads shell source as a shell would run it. */
  source(text: string, scope: Scope, stdin?: Flow): Flow;
  /** Runs a command given as words. */
  words(words: Word[], from: Command): Flow;
  /** Reads code of another language; risks land in the findings. */
  code(language: string, text: string, c: Command): void;
  /** Notes a write; says what risk the place is. */
  write(path: string, content: Flow, c: Command, append: boolean): void;
  /** Notes a read of a file and gives where its bytes come from. */
  readFile(path: string, c: Command): Flow;
}

/** Options of GNU and BSD manner: `-rf`, `--force`, `--out=x`. */
export class Options {
  readonly operands: string[] = [];
  private readonly shorts = new Set<string>();
  private readonly longs = new Map<string, string | undefined>();
  private readonly values = new Map<string, string[]>();

  /** `valued` lists short letters and long names that take a value in the next word. */
  constructor(argv: readonly string[], valued: readonly string[] = []) {
    let only = false;
    for (let i = 0; i < argv.length; i++) {
      const a = argv[i]!;
      if (only || a === '-' || !a.startsWith('-')) {
        this.operands.push(a);
        continue;
      }
      if (a === '--') {
        only = true;
        continue;
      }
      if (a.startsWith('--')) {
        const eq = a.indexOf('=');
        const name = eq < 0 ? a.slice(2) : a.slice(2, eq);
        let value = eq < 0 ? undefined : a.slice(eq + 1);
        if (value === undefined && valued.includes(name)) value = argv[++i];
        this.longs.set(name, value);
        if (value !== undefined) this.push(name, value);
        continue;
      }
      for (let k = 1; k < a.length; k++) {
        const s = a[k]!;
        this.shorts.add(s);
        if (valued.includes(s)) {
          const value = k + 1 < a.length ? a.slice(k + 1) : argv[++i];
          if (value !== undefined) this.push(s, value);
          break;
        }
      }
    }
  }

  private push(name: string, value: string): void {
    const all = this.values.get(name);
    if (all) all.push(value);
    else this.values.set(name, [value]);
  }

  /** Any of: one letter means a short option, longer a long one (an unambiguous beginning of ≥ 4 letters counts). */
  has(...names: string[]): boolean {
    return names.some((n) => {
      if (n.length === 1) return this.shorts.has(n);
      if (this.longs.has(n)) return true;
      for (const l of this.longs.keys()) if (l.length >= 3 && n.startsWith(l)) return true;
      return false;
    });
  }

  value(...names: string[]): string | undefined {
    for (const n of names) {
      const v = this.values.get(n);
      if (v) return v[v.length - 1];
    }
    return undefined;
  }

  all(...names: string[]): string[] {
    return names.flatMap((n) => this.values.get(n) ?? []);
  }
}
