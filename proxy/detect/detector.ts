import { createHash } from 'node:crypto';
import type { ScanContext } from '../contract/index.js';
import { boundary, scanPrompts, scanStructured, settle } from './engine.js';
import { scanNames } from './names/index.js';
import type { Detector, DetectorOptions, ScanResult } from './types.js';

/** Changes with the rules; part of {@link Detector.revision}. */
const RULES_REVISION = '1';

export const DEFAULT_OPTIONS: DetectorOptions = { names: true, custom: [], denyWords: [], maxScan: 1024 * 1024, workers: 0 };

/**
 * The detector of one set of options. Compiling is done here, so make a new one when settings change and close the old.
 * Throws `SallyportError`-free: options that cannot be compiled are refused earlier by {@link checkCustomEntity}.
 */
export function createDetector(options: Partial<DetectorOptions> = {}): Detector {
  const o: DetectorOptions = { ...DEFAULT_OPTIONS, ...options };
  const revision = createHash('sha256')
    .update(JSON.stringify([RULES_REVISION, o.names, o.custom, o.denyWords, o.maxScan]))
    .digest('hex')
    .slice(0, 16);
  const scan = (text: string, context: ScanContext): ScanResult => {
    if (text.length > o.maxScan) return { findings: [], notScanned: 'over-limit' };
    const found = scanStructured(text, context);
    found.push(...scanPrompts(text, context));
    if (o.names) found.push(...scanNames(text, context));
    return { findings: settle(text, found) };
  };
  return {
    revision,
    scan,
    scanInline: (text, context) => settle(text, scanStructured(text, context)),
    boundary,
    close: async () => {},
  };
}
