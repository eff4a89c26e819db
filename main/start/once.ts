import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** True the first time that `what` is asked for with this file; a file that cannot be written says it every time. */
export function sayOnce(file: string, what: string): boolean {
  let said: string[] = [];
  try {
    const kept: unknown = JSON.parse(readFileSync(file, 'utf8'));
    if (Array.isArray(kept)) said = kept.filter((k): k is string => typeof k === 'string');
  } catch {
    // Nothing was said yet.
  }
  if (said.includes(what)) return false;
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, JSON.stringify([...said, what]));
  } catch {
    // Saying it again is better than not at all.
  }
  return true;
}
