import type { CodeContext } from '../code.js';

export function readPowerShell(_source: string, _x: CodeContext): void {}
