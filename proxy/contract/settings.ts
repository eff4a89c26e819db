import type { Agent, Connection, Issuer } from './identity.js';
import type { PresetName } from './names.js';

/** `settings.json`. Small, readable, atomic writes; nothing that grows with traffic. */
export interface Settings {
  version: number;
  listen: {
    host: string; // loopback literal by default
    port: number; // 4141
    /** Needed when host is not loopback. */
    tls?: { certFile: string; keyFile: string };
    /** Extra Host names accepted, beside the listen address, localhost and 127.0.0.1. */
    allowedHosts: string[];
  };
  limits: {
    bodyBytes: number; // 413 above (32 MiB)
    scanBytes: number; // text of one part above this is NOT_SCANNED (1 MiB)
    headerBytes: number; // 32 KiB
    perAgentConcurrent: number; // 64
  };
  connections: Connection[];
  agents: Agent[];
  issuers: Issuer[];
  policy: {
    preset: PresetName;
    /** File names below `policies/` in the data directory, evaluated after the preset; strongest wins. */
    files: string[];
    /** Path of an administrator's policy that overrides the user's. */
    managed?: { path: string; publicKey?: string };
  };
  approvals: {
    expiresInSeconds: number;
    heartbeatSeconds: number;
    mustOpenClasses: string[];
    doNotDisturb: boolean;
    /** Told about each approval, signed with the secret in the environment variable `secretEnv`; never any content. Absent: off. */
    webhook?: { url: string; secretEnv: string };
    /**
     * One-time links in the webhook's calls, served with TLS on an address of their own. Whoever holds one decides as `person`.
     * `base`: how it is reached (`https://approve.example:8443`). Absent: off.
     */
    links?: {
      host: string;
      port: number;
      tls: { certFile: string; keyFile: string };
      base?: string;
      person: { id: string; name: string; groups: string[] };
    };
  };
  identity: { ownerGraceHours: number; requiredGroups: string[]; onSignOut: 'lock' | 'keep' };
  ledger: {
    segmentBytes: number;
    /** `agents`: sessions of an agent (by name) are forgotten after so many days. */
    retention: { days?: number; bytes?: number; agents?: Record<string, number> };
    /** Copies of the signed head. `git`: a local repository that it is committed into every so many minutes (10). */
    heads: { file?: string; webhook?: string; git?: { directory: string; minutes?: number } };
    /**
     * A live OpenTelemetry exporter (OTLP/HTTP, JSON): the whole URL of the collector's traces. Absent: off. `headersEnv`: an
     * environment variable with `name=value,…`. `content`: also what was said, masked.
     */
    otlp?: { endpoint: string; headersEnv?: string; content?: boolean };
  };
  detection: { names: boolean; custom: CustomEntity[]; denyWords: string[] };
  budgets: Budget[];
  preferences: { language: string; launchAtLogin: boolean; updates: 'off' | 'check' };
  /** Is this the embedded demo workspace (removed in one action)? */
  demo?: boolean;
}

export interface CustomEntity {
  name: string; // [A-Z][A-Z0-9_]{2,40}
  /** RE2 dialect (re2js). */
  pattern?: string;
  words?: string[];
  contextWords?: string[];
  confidence: number;
}

/** A soft stop: reaching it holds the next exchange. */
export interface Budget {
  id: string;
  agent: string; // agent id or `*`
  per: 'day' | 'minute';
  limit: { tokens?: number; cost?: number; requests?: number };
}
