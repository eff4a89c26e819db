import type { CodeContext } from '../code.js';
import type { Findings } from '../findings.js';
import type { Place } from '../paths.js';

export function windowsCommand(_name: string, _argv: readonly string[], _findings: Findings, _place: Place): void {}

export function readCmd(_source: string, _x: CodeContext): void {}
