/** The door of `detect`: personal data, secrets, prompts and names, found in text while it passes. */
export { createDetector } from './detector.js';
export type { InlineDetector, InlineRule, PromptDetector, PromptFinding, SwallowRule, TextView } from './rules.js';
export type { Detector, DetectorOptions, ScanResult } from './types.js';
