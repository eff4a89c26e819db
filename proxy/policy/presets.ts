import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { PresetName } from '../contract/index.js';

export const PRESETS: readonly PresetName[] = ['observe', 'balanced', 'strict'];

/** Directory of the shipped presets: beside the source tree, or one level further up from `out/`. */
export function presetDirectory(): string {
  for (const relative of ['../../assets/policies/', '../../../assets/policies/']) {
    const path = fileURLToPath(new URL(relative, import.meta.url));
    if (existsSync(`${path}balanced.yaml`)) return path;
  }
  throw new Error('The shipped policies (assets/policies) are missing: the installation is not complete');
}

/** Source of a preset. */
export const presetSource = (name: PresetName): string => readFileSync(`${presetDirectory()}${name}.yaml`, 'utf8');
