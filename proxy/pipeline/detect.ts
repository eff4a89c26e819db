import type { Part, ScanContext } from '../contract/index.js';
import type { ScanResult } from '../detect/types.js';
import { scanJsonText } from '../mask/index.js';
import type { Exchange, JudgedPart } from './exchange.js';
import type { Services } from './services.js';

const REASON = { image: 'image', audio: 'audio', file: 'file', signed: 'signed', unknown: 'unknown-part' } as const;

/**
 * Findings of every part. What the session knows already is not scanned again; known never means forgotten: the findings are judged
 * anew at each request. Text over the scan limit is NOT_SCANNED.
 */
export function detect(x: Exchange, s: Services): void | Promise<void> {
  const detector = s.detector();
  const limit = s.settings().limits.scanBytes;
  let waiting: Promise<void>[] | undefined;
  if (!x.inspected) {
    x.coverage.notScanned.push({
      partId: '',
      reason: 'passthrough',
      bytes: Number(x.request.headers['content-length'] ?? 0),
      provenance: 'unknown',
    });
    return;
  }
  for (const judged of x.parts) {
    const { part } = judged;
    // Known by its bytes: nobody needs its text.
    const known = x.session.parts.get(judged.key);
    if (known && known.detector === detector.revision) {
      judged.findings = known.findings;
      if (known.notScanned) judged.notScanned = known.notScanned;
      count(x, judged);
      continue;
    }
    const { text } = part;
    // Signed content whose text can be read is scanned and reported, but never rewritten.
    if (text === undefined || part.kind === 'signed') judged.notScanned = REASON[part.kind as keyof typeof REASON] ?? 'undecodable';
    if (text === undefined) {
      note(x, judged);
      continue;
    }
    if (text.length > limit) {
      judged.notScanned = 'over-limit';
      remember(x, s, judged, detector.revision);
      count(x, judged);
      continue;
    }
    const context = contextOf(part);
    const result: ScanResult | Promise<ScanResult> = isJsonText(part)
      ? { findings: scanJsonText(text, (value, key) => detector.scanInline(value, key === undefined ? context : { ...context, key })) }
      : detector.scan(text, context);
    if (result instanceof Promise) {
      waiting ??= [];
      waiting.push(result.then((r) => take(x, s, judged, r, detector.revision)));
    } else take(x, s, judged, result, detector.revision);
  }
  if (waiting) return Promise.all(waiting).then(() => {});
}

function take(x: Exchange, s: Services, judged: JudgedPart, result: ScanResult, revision: string): void {
  judged.findings = result.findings;
  if (result.notScanned) judged.notScanned = result.notScanned;
  remember(x, s, judged, revision);
  count(x, judged);
}

function remember(x: Exchange, s: Services, judged: JudgedPart, revision: string): void {
  s.sessions.remember(x.session, judged.key, {
    detector: revision,
    findings: judged.findings,
    ...(judged.notScanned ? { notScanned: judged.notScanned } : {}),
    bytes: 200 + judged.findings.length * 150,
  });
}

function count(x: Exchange, judged: JudgedPart): void {
  if (judged.notScanned) note(x, judged);
  else x.coverage.scannedBytes += judged.part.bytes;
}

function note(x: Exchange, judged: JudgedPart): void {
  x.coverage.notScanned.push({
    partId: judged.part.id,
    reason: judged.notScanned ?? 'undecodable',
    bytes: judged.part.bytes,
    provenance: judged.part.provenance,
  });
}

/** Arguments of a tool call that stand as JSON text in a string: scanned and masked value by value, so that they stay JSON. */
export function isJsonText(part: Part): boolean {
  return part.kind === 'tool-call' && part.text !== undefined && (part.text.startsWith('{') || part.text.startsWith('['));
}

/** What the detector is told about a request's part. */
export function contextOf(part: Part): ScanContext {
  const last = part.path.at(-1);
  return {
    direction: 'request',
    role: part.role,
    kind: part.kind,
    provenance: part.provenance,
    ...(typeof last === 'string' ? { key: last } : {}),
    ...(part.tool?.name ? { toolName: part.tool.name } : {}),
  };
}
