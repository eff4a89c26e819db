import type { ToolReading } from '../contract/index.js';

export interface ToolContext {
  /** Declared working folder of the agent. */
  cwd?: string;
  home?: string;
  /** JSON schema and description that the request offered for this tool, where known. */
  definition?: { description?: string; parameters?: unknown };
  /** Paths, sockets, hosts, and variables that belong to this gateway; touching them is catastrophic (`disarm`). */
  protectedTargets: string[];
  /** What earlier calls of this session did; updated by the session rules. */
  taint?: SessionTaint;
}

/** Memory of a session for flow rules: written-then-run, secret read then network send, untrusted result then risky call. */
export interface SessionTaint {
  /** path → risk ids found in what was written there. */
  writtenFiles: Map<string, string[]>;
  readSecret: boolean;
  untrustedText: boolean;
  /** Calls left for which `untrustedText` holds; absent: it holds until somebody clears it. */
  untrustedFor?: number;
}

/** The one door of `commands`: reads a tool call into facts and risks. Grammars load lazily; `ready` resolves when they are there. */
export interface CommandReader {
  readonly revision: string;
  ready(): Promise<void>;
  /** `argumentsText` is the JSON text of the arguments. Never throws; unparseable input of an executing tool gives `parsed: false`. */
  read(toolName: string, argumentsText: string, context: ToolContext): ToolReading | Promise<ToolReading>;
}
