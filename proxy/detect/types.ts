import type { CustomEntity, Finding, NotScannedReason, ScanContext } from '../contract/index.js';

/** What one scan gave. */
export interface ScanResult {
  findings: Finding[];
  /** Set when (part of) the text was not scanned: policy decides about it. */
  notScanned?: NotScannedReason;
}

/**
 * The one door of `detect`. `scan` answers at once for short text when only inline detectors are needed, and with a promise
 * when the worker pool is (text over 32 KB, the names tagger on long text, user patterns). It never throws on any text.
 */
export interface Detector {
  /** Changes when rules, data or options change; part results are cached by it. */
  readonly revision: string;
  scan(text: string, context: ScanContext): ScanResult | Promise<ScanResult>;
  /** Structured detectors and secrets only, always synchronous, for streamed text. `text` must be short (< 64 KB). */
  scanInline(text: string, context: ScanContext): Finding[];
  /**
   * Index up to which streamed `text` may be released although more text will follow: no finding can begin before it and end
   * after it. `0 … text.length`. A long secret that has certainly begun is reported by `swallow`.
   */
  boundary(text: string): { safe: number; swallow?: { start: number; entity: string; end: RegExp; maxLength: number } };
  /** How many characters from the beginning are certainly clean: `scanInline` finds nothing in any part of them. A cheap question. */
  quietUntil?(text: string): number;
  /** Stops workers. */
  close(): Promise<void>;
}

export interface DetectorOptions {
  names: boolean;
  custom: CustomEntity[];
  denyWords: string[];
  /** Text longer than this is NOT_SCANNED (UTF-16 units). */
  maxScan: number;
  /** Worker threads for long scans; 0 = everything inline (tests). */
  workers: number;
}
