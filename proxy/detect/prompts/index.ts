import type { PromptDetector, PromptFinding } from '../rules.js';
import { invisibleText } from './invisible.js';
import { riskyPrompts } from './prompts.js';

const DETECTORS: readonly PromptDetector[] = [invisibleText, riskyPrompts];

/** Injection, jailbreak, smuggled text, high-risk requests. */
export const promptDetector: PromptDetector = (text, context) => {
  const found: PromptFinding[] = [];
  for (const detect of DETECTORS) found.push(...detect(text, context));
  return found;
};
