import { SallyportError, type Settings } from '../contract/index.js';
import { connectionView } from './connection-rules.js';

/** Settings as the API shows them: no hashes, no values of headers. */
export function settingsView(settings: Settings): unknown {
  return {
    ...settings,
    connections: settings.connections.map(connectionView),
    agents: settings.agents.map(({ keyHash: _, ...agent }) => agent),
  };
}

const FORBIDDEN = new Set(['__proto__', 'constructor', 'prototype']);

/** JSON merge patch (RFC 7396) in place. */
export function applyPatch(target: Record<string, unknown>, patch: Record<string, unknown>): void {
  for (const [key, value] of Object.entries(patch)) {
    if (FORBIDDEN.has(key)) throw new SallyportError('invalid', `"${key}" is no setting.`);
    if (value === null) {
      delete target[key];
    } else if (typeof value === 'object' && !Array.isArray(value)) {
      const inner = target[key];
      if (typeof inner !== 'object' || inner === null || Array.isArray(inner)) target[key] = {};
      applyPatch(target[key] as Record<string, unknown>, value as Record<string, unknown>);
    } else {
      target[key] = value;
    }
  }
}

/** Settings that name files, hosts or variables that this machine would read or send to; a network face may not set them. */
const LOCAL_ONLY = [
  'listen.tls',
  'listen.host',
  'policy.managed',
  'policy.files',
  'ledger.heads',
  'ledger.otlp',
  'approvals.links',
  'approvals.webhook',
];

/** Which of them a patch touches. */
export function localOnlyPaths(patch: Record<string, unknown>): string[] {
  return LOCAL_ONLY.filter((path) => inside(patch, path) !== undefined);
}

/**
 * Which of them whole settings, such as a backup's, would change. Not `policy.files`: these are names in the data directory, and a
 * backup brings the policies themselves.
 */
export function localOnlyChanges(present: Settings, wanted: unknown): string[] {
  const groups = typeof wanted === 'object' && wanted !== null ? (wanted as Record<string, unknown>) : {};
  const shown = (settings: object, path: string): string => JSON.stringify(inside(settings as Record<string, unknown>, path)?.value ?? {});
  return LOCAL_ONLY.filter(
    (path) => path !== 'policy.files' && (path.split('.')[0] as string) in groups && shown(groups, path) !== shown(present, path),
  );
}

function inside(settings: Record<string, unknown>, path: string): { value: unknown } | undefined {
  const [outer, inner] = path.split('.') as [string, string];
  const part = settings[outer];
  if (typeof part !== 'object' || part === null || !(inner in part)) return undefined;
  return { value: (part as Record<string, unknown>)[inner] };
}
