import type { CodeContext } from '../code.js';
import { readScript } from '../script.js';

export function readPython(source: string, x: CodeContext): void {
  readScript('python', source, x);
}
