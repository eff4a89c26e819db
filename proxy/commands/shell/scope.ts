import type { Node } from '../grammars.js';
import type { Flow, Word } from './flow.js';

export interface ShellFunction {
  /** Source of the body, parsed again when called (trees do not outlive their parse). */
  source: string;
}

/** Variables, functions and the working folder of one shell; a subshell gets a copy. */
export class Scope {
  readonly vars: Map<string, Flow>;
  readonly aliases: Map<string, string>;
  readonly functions: Map<string, ShellFunction>;
  readonly arrays: Map<string, Word[]>;
  positional: Word[] = [];
  cwd: string | undefined;
  /** `cd` was called: the working folder is no longer the agent's own. */
  moved = false;
  /** File path → what was written there by this command line. */
  readonly files: Map<string, Flow>;

  constructor(from?: Scope) {
    this.vars = new Map(from?.vars);
    this.aliases = new Map(from?.aliases);
    this.functions = new Map(from?.functions);
    this.arrays = new Map(from?.arrays);
    this.files = from?.files ?? new Map();
    this.positional = from?.positional ?? [];
    this.cwd = from?.cwd;
    this.moved = from?.moved ?? false;
  }
}

export type { Node };
