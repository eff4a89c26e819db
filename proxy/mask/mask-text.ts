import type { Finding } from '../contract/index.js';
import { outside, reserved } from './reserved.js';
import type { MaskResult, MaskText, Vault } from './types.js';

/** A run of text that becomes one placeholder. */
export interface Run {
  start: number;
  end: number;
  entity: string;
  secret: boolean;
}

/**
 * Turns findings into runs that do not overlap: what overlaps is one run, named by its surest (then longest) finding, and secret
 * when any of them is. Spans that are placeholders already are cut out.
 */
export function runs(text: string, findings: readonly Finding[], vault: Vault): Run[] {
  if (findings.length === 0) return [];
  const kept = reserved(text, vault);
  const pieces = findings
    .filter((finding) => finding.end > finding.start && finding.start >= 0 && finding.end <= text.length)
    .flatMap((finding) => outside(finding.start, finding.end, kept).map((span) => ({ ...span, finding })))
    .sort((a, b) => a.start - b.start || b.end - a.end);
  const merged: (Run & { best: Finding })[] = [];
  for (const { start, end, finding } of pieces) {
    const last = merged[merged.length - 1];
    if (!last || start >= last.end) {
      merged.push({ start, end, entity: finding.entity, secret: finding.category === 'secret', best: finding });
      continue;
    }
    last.end = Math.max(last.end, end);
    if (stronger(finding, last.best)) {
      last.best = finding;
      last.entity = finding.entity;
    }
    last.secret ||= finding.category === 'secret';
  }
  return merged;
}

/** A secret names the run before anything else does; then confidence, then length. */
function stronger(a: Finding, b: Finding): boolean {
  const secret = Number(a.category === 'secret') - Number(b.category === 'secret');
  if (secret !== 0) return secret > 0;
  if (a.confidence !== b.confidence) return a.confidence > b.confidence;
  return a.end - a.start > b.end - b.start;
}

/** Replaces findings by placeholders. Secrets (category `secret`) become `[REDACTED:…]` and cannot come back. */
export const maskText: MaskText = (text, findings, vault, scope): MaskResult => {
  const replaced: MaskResult['replaced'] = [];
  let out = '';
  let at = 0;
  for (const { start, end, entity, secret } of runs(text, findings, vault)) {
    const placeholder = vault.placeholderFor(entity, text.slice(start, end), scope, !secret);
    out += text.slice(at, start) + placeholder;
    at = end;
    replaced.push({ start, end, placeholder, entity });
  }
  return { text: replaced.length === 0 ? text : out + text.slice(at), replaced };
};
