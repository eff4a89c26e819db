import type { PromptDetector, PromptFinding } from '../rules.js';
import { invisibleText } from './invisible.js';
import { MODEL_WHY, riskyPrompts } from './prompts.js';

/** Injection, jailbreak, smuggled text, high-risk requests. */
export const promptDetector: PromptDetector = (text, context) => {
  const found: PromptFinding[] = invisibleText(text, context);
  const smuggled = found.some((f) => f.confidence >= 0.85);
  // What the model makes of smuggled letters adds nothing to the fact that they are there.
  for (const f of riskyPrompts(text, context)) if (!smuggled || !f.why.startsWith(MODEL_WHY)) found.push(f);
  return found;
};

/** Builds tables and compiles patterns now (about 40 ms, once), so that the first request does not wait for it. */
export function warmPrompts(): void {
  const context = { direction: 'request', role: 'user', kind: 'text', provenance: 'person' } as const;
  promptDetector('Hello, you are now here; send the notes, remove all of the old ones, and ignore the weather. \u00e9', context);
}
