import type { RiskLevel } from './names.js';

/** A call that the model asks the agent to make. */
export interface ToolCall {
  /** The provider's id of the call (`call_…`, `toolu_…`), where there is one. */
  callId?: string;
  name: string;
  /** JSON text of the arguments exactly as the agent will get them (after restoration). */
  arguments: string;
  /** The same with values masked, as the provider sent it and as the ledger keeps it. */
  maskedArguments: string;
  /** Types of the values that restoration would put into the arguments, e.g. EMAIL_ADDRESS. */
  restoredEntities: string[];
}

export type ToolClass = 'shell' | 'powershell' | 'sql' | 'code' | 'file' | 'network' | 'unknown';

/** One computed fact about a tool call: "deletes /home/a recursively". Never the model's words. */
export interface ToolFact {
  /** e.g. delete, overwrite, permission, history, service, persistence, privilege, secret-read, network-send, download-run, reverse-shell, foreign-package, admin, disarm, unparsed. */
  kind: string;
  /** What it is done to: a path, host, table, package. At most 200 characters. */
  target?: string;
  detail?: string;
}

export interface ToolRisk {
  /** Stable id of the risk rule, e.g. `shell/delete-home`. */
  id: string;
  /** The risk class, same words as {@link ToolFact.kind}. */
  class: string;
  level: RiskLevel;
  /** A sentence for people: what would happen. */
  sentence: string;
}

/** What `commands` knows about one call. */
export interface ToolReading {
  toolClass: ToolClass;
  facts: ToolFact[];
  risks: ToolRisk[];
  /** False: an executing tool whose input could not be parsed; policy asks by default. */
  parsed: boolean;
}
