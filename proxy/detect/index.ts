/** The door of `detect`: personal data, secrets, prompts and names, found in text while it passes. */
export { BEDROCK, canonicalEntity, GOOGLE_DLP } from './aliases.js';
export { checkCustomEntity } from './custom.js';
export { createDetector } from './detector.js';
export { warmNames } from './names/index.js';
export { warmPrompts } from './prompts/index.js';
export type { InlineDetector, InlineRule, PromptDetector, PromptFinding, SwallowRule, TextView } from './rules.js';
export type { Detector, DetectorOptions, ScanResult } from './types.js';
