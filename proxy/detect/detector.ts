import { createHash } from 'node:crypto';
import type { ScanContext } from '../contract/index.js';
import { compileCustom } from './custom.js';
import { boundary, quietUntil, scanPrompts, scanStructured, settle } from './engine.js';
import { scanNames } from './names/index.js';
import { createPool, type Pool } from './pool/pool.js';
import type { Detector, DetectorOptions, ScanResult } from './types.js';

/** Changes with the rules; part of {@link Detector.revision}. */
const RULES_REVISION = '5';
/** Text up to here is scanned on the loop (UTF-16 units). */
const INLINE = 32 * 1024;
/** With the names tagger, or per pattern of the user, up to here. */
const INLINE_NAMES = 4 * 1024;
const INLINE_PATTERNS = 8 * 1024;
/** Streamed text, per pattern of the user. */
const INLINE_CUSTOM = 64 * 1024;

export const DEFAULT_OPTIONS: DetectorOptions = { names: true, custom: [], denyWords: [], maxScan: 1024 * 1024, workers: 0 };

/**
 * The detector of one set of options. Words and patterns are compiled here, so make a new one when settings change and close the old.
 * A pattern that does not compile finds nothing; `checkCustomEntity` refuses it when it is saved. Workers start at the first long text.
 */
export function createDetector(options: Partial<DetectorOptions> = {}): Detector {
  const o: DetectorOptions = { ...DEFAULT_OPTIONS, ...options };
  const revision = createHash('sha256')
    .update(JSON.stringify([RULES_REVISION, o.names, o.custom, o.denyWords, o.maxScan]))
    .digest('hex')
    .slice(0, 16);
  const custom = compileCustom(o.custom, o.denyWords);
  const wordsOnly = o.custom.flatMap((e) => (e.words?.length ? [{ ...e, pattern: undefined }] : []));
  const words = custom && custom.patterns > 0 ? compileCustom(wordsOnly as typeof o.custom, o.denyWords) : undefined;
  let pool: Pool | undefined;
  const inline = (text: string, context: ScanContext): ScanResult => {
    const found = scanStructured(text, context);
    found.push(...scanPrompts(text, context));
    if (o.names) found.push(...scanNames(text, context));
    if (!custom) return { findings: settle(text, found) };
    const own = custom.scan(text);
    found.push(...own.found);
    return own.late ? { findings: settle(text, found), notScanned: 'timeout' } : { findings: settle(text, found) };
  };
  const isLong = (text: string) =>
    text.length > INLINE ||
    (o.names && text.length > INLINE_NAMES) ||
    (custom !== undefined && text.length * custom.patterns > INLINE_PATTERNS);
  return {
    revision,
    scan(text, context) {
      if (text.length > o.maxScan) return { findings: [], notScanned: 'over-limit' };
      if (o.workers > 0 && isLong(text)) {
        pool ??= createPool(o);
        return pool.scan(text, context);
      }
      return inline(text, context);
    },
    scanInline(text, context) {
      const found = scanStructured(text, context);
      // Streamed text comes in units of a word or so: words and patterns of the user cost little there.
      if (custom && text.length * custom.patterns <= INLINE_CUSTOM) found.push(...custom.scan(text).found);
      else if (words) found.push(...words.scan(text).found);
      return settle(text, found);
    },
    boundary,
    quietUntil: (text) => (custom ? 0 : quietUntil(text)),
    close: async () => {
      await pool?.close();
    },
  };
}
