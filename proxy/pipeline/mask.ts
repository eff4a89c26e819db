import { hash } from 'node:crypto';
import type { Finding, Verdict } from '../contract/index.js';
import { createVault, maskJsonText, maskText } from '../mask/index.js';
import type { Vault, VaultEntry } from '../mask/types.js';
import { placesOf } from './decide.js';
import { contextOf, isJsonText } from './detect.js';
import type { Exchange, JudgedPart } from './exchange.js';
import type { Services } from './services.js';
import { isAddress } from './session.js';

/**
 * Makes the body that would be sent and the body that the ledger keeps. Only the strings of parts whose text changed are replaced;
 * every other byte stays. Same value, same placeholder within a session; system prompts and tool definitions use the agent's key.
 */
export function mask(x: Exchange, s: Services): void {
  if (!x.session.vault) {
    const fresh: VaultEntry[] = [];
    x.session.freshEntries = fresh;
    x.session.vault = createVault({
      sessionKey: Buffer.from(s.ledger.sessionKeys(x.session.id).maskKey),
      agentKey: Buffer.from(s.ledger.sessionKeys(`agent:${x.principal.agentId}`).maskKey),
      onNew: (entry) => fresh.push(entry),
    });
  }
  maskParts(x, s, x.session.vault);
}

function maskParts(x: Exchange, s: Services, vault: Vault): void {
  let changed: JudgedPart[] | undefined;
  for (const judged of x.parts) {
    if (!judged.known) maskPart(x, s, judged, vault);
    if (isAddress(judged.part)) {
      if (judged.recorded !== undefined) x.recordedPath = judged.recorded;
      continue;
    }
    if (judged.sent !== undefined || judged.recorded !== undefined) {
      changed ??= [];
      changed.push(judged);
    }
    if (judged.findings.length > 0 && judged.sent !== undefined) x.coverage.maskedValues += judged.findings.length;
  }
  x.outgoing = x.body;
  x.recordedBody = x.body;
  x.cuts = [];
  const last = x.parts.at(-1);
  const inBody = last && isAddress(last.part) ? x.parts.slice(0, -1) : x.parts;
  if (changed) {
    const recorded = changed.map((j) => ({ span: j.part.span, text: (j.recorded ?? j.sent) as string }));
    x.recordedBody = splice(x.body, recorded, inBody, x.cuts);
    const sent = changed.filter((j) => j.sent !== undefined).map((j) => ({ span: j.part.span, text: j.sent as string }));
    x.outgoing = changed.some((j) => j.recorded !== undefined) ? splice(x.body, sent) : x.recordedBody;
  } else for (const { part } of inBody) x.cuts.push(part.span.start);
  x.digest = hash('sha256', x.outgoing, 'hex');
  const fresh = x.session.freshEntries;
  if (fresh && fresh.length > 0 && s.originals) {
    x.saving = s.originals.add(x.session.id, fresh.splice(0));
    // Whether it worked is asked where the arrival is recorded.
    x.saving.catch(() => {});
  }
}

function maskPart(x: Exchange, s: Services, judged: JudgedPart, vault: Vault): void {
  const { part } = judged;
  const edit = x.session.edits.get(judged.key);
  if (edit !== undefined && part.rewritable) {
    judged.sent = edit;
  } else if (part.text !== undefined && judged.findings.length > 0) {
    const places = judged.findings.map((f, i) => placesOf(judged.findingActions?.[i] ?? 'mask', f.category, f.testValue));
    // What a rule masks without a way back is replaced as secrets are.
    const findings = judged.findings.map((f, i) => (judged.irreversible?.[i] ? { ...f, category: 'secret' as const } : f));
    const sent = findings.filter((_, i) => places[i]?.sent);
    const recorded = findings.filter((_, i) => places[i]?.recorded);
    if (part.rewritable && sent.length > 0) judged.sent = replaceIn(x, s, judged, part.text, sent, vault);
    if (recorded.length > sent.length || (!part.rewritable && recorded.length > 0))
      judged.recorded = replaceIn(x, s, judged, part.text, recorded, vault);
  }
  const known = x.session.parts.get(judged.key);
  if (known) {
    if (judged.sent !== undefined) known.sent = judged.sent;
    if (judged.recorded !== undefined) known.recorded = judged.recorded;
    if (judged.judgementKey !== undefined) known.judged = judged.judgementKey;
    // Masked texts are kept with the part, so they count against the session's bound.
    const kept = (judged.sent?.length ?? 0) + (judged.recorded?.length ?? 0);
    if (kept > 0) s.sessions.remember(x.session, judged.key, { ...known, bytes: 200 + known.findings.length * 150 + 2 * kept });
  }
}

function replaceIn(x: Exchange, s: Services, judged: JudgedPart, text: string, findings: Finding[], vault: Vault): string {
  const scope = judged.part.role === 'system' || judged.part.role === 'definition' ? 'agent' : 'session';
  const result = (isJsonText(judged.part) ? maskJsonText : maskText)(text, findings, vault, scope);
  if (result.unmaskable && result.unmaskable.length > 0) {
    // A value in a key of JSON text cannot be replaced without changing what the text means: a person decides.
    const rule = 'builtin/unmaskable';
    const verdict: Verdict = {
      action: 'approve',
      rule,
      sentence: 'A value stands where it cannot be masked (in a key of JSON text).',
      partId: judged.part.id,
      entities: result.unmaskable.map((f) => f.entity),
      approval: s.policy().demand(rule),
    };
    if (x.session.carried.get(judged.key)?.state !== 'approved') {
      x.verdicts.push(verdict);
      x.asks.push({ carryKey: judged.key, verdict });
    }
  }
  return result.text;
}

/** A person's words in the place of a part: what is found in them is masked like anything else. */
export function maskEdit(x: Exchange, s: Services, judged: JudgedPart, text: string): string {
  const findings = s
    .detector()
    .scanInline(text.slice(0, 60_000), contextOf(judged.part))
    .filter((f) => f.category !== 'prompt' && !f.testValue);
  return replaceIn(x, s, judged, text, findings, x.session.vault as Vault);
}

/**
 * Replaces JSON string values by their byte spans. `cuts` gets the offsets in the result at which parts begin, so that the ledger
 * can store what it has seen before as references.
 */
export function splice(
  body: Buffer,
  edits: { span: { start: number; end: number }; text: string }[],
  parts?: readonly JudgedPart[],
  cuts?: number[],
): Buffer {
  const sorted = [...edits].sort((p, q) => p.span.start - q.span.start);
  const pieces: Buffer[] = [];
  let at = 0;
  let shift = 0;
  let next = 0;
  const emitCuts = (until: number): void => {
    while (parts && cuts && next < parts.length && (parts[next] as JudgedPart).part.span.start <= until) {
      cuts.push((parts[next] as JudgedPart).part.span.start + shift);
      next++;
    }
  };
  for (const { span, text } of sorted) {
    emitCuts(span.start);
    pieces.push(body.subarray(at, span.start));
    const piece = Buffer.from(JSON.stringify(text));
    pieces.push(piece);
    shift += piece.length - (span.end - span.start);
    at = span.end;
  }
  emitCuts(Number.POSITIVE_INFINITY);
  pieces.push(body.subarray(at));
  return Buffer.concat(pieces);
}
