import type { Findings } from '../findings.js';

export function readSql(_text: string, _findings: Findings, _dialect?: string): void {}
