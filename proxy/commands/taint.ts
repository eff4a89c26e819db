import type { ToolReading } from '../contract/index.js';
import type { ReadCall } from './classify.js';
import type { Findings } from './findings.js';
import { type Place, resolvePath } from './paths.js';
import type { SessionTaint } from './types.js';

/** A session that has done nothing yet. */
export function createTaint(): SessionTaint {
  return { writtenFiles: new Map(), readSecret: false, untrustedText: false };
}

export function updateTaint(taint: SessionTaint, _reading: ToolReading): void {
  void taint;
}

export function judgeTaint(_f: Findings, _call: ReadCall, _taint: SessionTaint | undefined, _place: Place): void {
  void resolvePath;
}
