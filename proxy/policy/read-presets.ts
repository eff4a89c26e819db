import type { PolicyDocument } from './document.js';

/**
 * Sources (by their SHA-256, hex) that were read before: the build puts the shipped presets here (scripts/build.mjs), because reading
 * YAML is a third of a start.
 */
export const READ_BEFORE: ReadonlyMap<string, PolicyDocument> = new Map();
