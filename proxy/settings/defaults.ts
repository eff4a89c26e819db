import type { Settings } from '../contract/index.js';

/** Version of the settings schema that this build writes. A file of a newer version is refused. */
export const SETTINGS_VERSION = 1;

const MIB = 1024 * 1024;

/** Settings that work at once: loopback only, nothing connected, the balanced preset. A fresh copy at each call. */
export function defaultSettings(): Settings {
  return {
    version: SETTINGS_VERSION,
    listen: { host: '127.0.0.1', port: 4141, allowedHosts: [] },
    limits: { bodyBytes: 32 * MIB, scanBytes: MIB, headerBytes: 32 * 1024, perAgentConcurrent: 64 },
    connections: [],
    agents: [],
    issuers: [],
    policy: { preset: 'balanced', files: [] },
    approvals: {
      expiresInSeconds: 600,
      heartbeatSeconds: 15,
      mustOpenClasses: [
        'delete',
        'privilege',
        'secret-read',
        'download-run',
        'reverse-shell',
        'persistence',
        'admin',
        'disarm',
        'unparsed',
      ],
      doNotDisturb: false,
    },
    identity: { ownerGraceHours: 12, requiredGroups: [], onSignOut: 'lock' },
    ledger: { segmentBytes: 64 * MIB, retention: {}, heads: {} },
    detection: { names: true, custom: [], denyWords: [] },
    budgets: [],
    preferences: { language: 'en', launchAtLogin: false, updates: 'off' },
  };
}
