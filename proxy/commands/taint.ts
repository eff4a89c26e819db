/**
 * Rules over a session: what one call does may be harmless by itself and not after another. What an attacker could do here: split
 * an attack over calls. What stops it: what is written is read at once and judged when it is run; a secret that was read counts
 * against every later send; text from outside counts against the calls that follow it.
 */
import type { ToolReading } from '../contract/index.js';
import type { ReadCall } from './classify.js';
import { atLeast, type Findings, type RiskClass } from './findings.js';
import { PLACEHOLDER } from './network-tool.js';
import { type Place, resolvePath } from './paths.js';
import type { SessionTaint } from './types.js';

/** How many calls after a look at the outside (web page, mail, issue) count as steered by it. */
const UNTRUSTED_CALLS = 5;
const MAX_FILES = 500;

/** What a reading wrote and fetched. */
export interface Trace {
  written: { path: string; risks: string[] }[];
  fetched: boolean;
}

/** What a reading did that its facts alone do not tell; kept as long as the reading itself. */
const traces = new WeakMap<ToolReading, Trace>();

/** A session that has done nothing yet. */
export function createTaint(): SessionTaint {
  return { writtenFiles: new Map(), readSecret: false, untrustedText: false };
}

/** Remembers for {@link updateTaint} what a reading wrote (path, ids of the risks of the content; `!` marks catastrophic ones). */
export function keepTrace(reading: ToolReading, trace: Trace): void {
  traces.set(reading, trace);
}

/** The trace that {@link keepTrace} kept, to hand it over between threads. */
export function traceOf(reading: ToolReading): Trace | undefined {
  return traces.get(reading);
}

/** Takes a released call into the session's memory. Call it for calls that were let through only. */
export function updateTaint(taint: SessionTaint, reading: ToolReading): void {
  if (reading.risks.some((r) => r.class === 'secret-read' && r.level !== 'notable')) taint.readSecret = true;
  const trace = traces.get(reading);
  for (const w of trace?.written ?? []) {
    if (taint.writtenFiles.size >= MAX_FILES && !taint.writtenFiles.has(w.path)) {
      const oldest = taint.writtenFiles.keys().next().value;
      if (oldest !== undefined) taint.writtenFiles.delete(oldest);
    }
    const before = taint.writtenFiles.get(w.path) ?? [];
    taint.writtenFiles.set(w.path, [...new Set([...before, ...w.risks])].slice(0, 32));
  }
  if (trace?.fetched) {
    taint.untrustedText = true;
    taint.untrustedFor = UNTRUSTED_CALLS;
  } else if (taint.untrustedFor !== undefined && --taint.untrustedFor <= 0) {
    taint.untrustedText = false;
    delete taint.untrustedFor;
  }
}

const ACTS: ReadonlySet<RiskClass> = new Set<RiskClass>([
  'delete',
  'overwrite',
  'permission',
  'history',
  'service',
  'persistence',
  'privilege',
  'secret-read',
  'network-send',
  'download-run',
  'reverse-shell',
  'foreign-package',
  'admin',
  'execute',
]);

/** Judges a call by what the session did before. */
export function judgeTaint(f: Findings, call: ReadCall, taint: SessionTaint | undefined, place: Place): void {
  const network =
    call.toolClass === 'network' || f.facts.some((x) => x.kind === 'network') || f.has('network-send') || f.has('reverse-shell');
  if (network && call.allStrings.some((s) => PLACEHOLDER.test(s)))
    f.risk('network-send', 'network/placeholder', 'risky', 'Would carry a masked value out of this machine');
  if (!taint) return;
  for (const path of f.executed) {
    const ids = fileRisks(taint, resolvePath(path, place), path);
    if (!ids || ids.length === 0) continue;
    const worst = ids.some((i) => i.endsWith('!')) ? 'catastrophic' : 'risky';
    f.risk(
      'execute',
      'session/written-then-run',
      worst,
      `Runs ${path}, which this session wrote and which would do: ${ids.map((i) => i.replace(/!$/, '')).join(', ')}`,
      path,
    );
  }
  if (taint.readSecret && (f.has('network-send') || f.has('reverse-shell') || (call.toolClass === 'network' && call.bodies.length > 0)))
    f.risk('network-send', 'session/secret-then-send', 'risky', 'Sends data out after this session read credentials');
  if (taint.untrustedText && f.risks.some((r) => ACTS.has(r.class as RiskClass) && atLeast(r.level, 'notable')))
    f.risk(
      'execute',
      'session/untrusted-then-risky',
      'risky',
      'Acts right after this session took in text from outside that nobody vouches for',
    );
}

function fileRisks(taint: SessionTaint, at: string, raw: string): string[] | undefined {
  const exact = taint.writtenFiles.get(at);
  if (exact) return exact;
  const name = raw.replace(/^(?:\.\/)+/, '');
  for (const [path, ids] of taint.writtenFiles) if (path === name || path.endsWith(`/${name}`) || at.endsWith(`/${path}`)) return ids;
  return undefined;
}
