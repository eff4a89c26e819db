import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Gateway } from './launch.js';

export interface LedgerReport {
  records: number;
  verified: boolean;
  tamperFound: boolean;
}

/** Verifies the ledger, then a copy of it in which one byte was flipped: the first must hold, the second must not. */
export async function proveLedger(gateway: Gateway, tell: (line: string) => void): Promise<LedgerReport> {
  const whole = await verify(gateway);
  tell(`verify: ${whole.records} records, ${whole.ok ? 'whole' : 'NOT whole'}`);
  const copy = mkdtempSync(join(tmpdir(), 'sallyport-copy-'));
  try {
    cpSync(gateway.directory, copy, { recursive: true, filter: (source) => !source.endsWith('.sock') && !source.endsWith('control.json') });
    const segment = join(copy, 'ledger', readdirSync(join(copy, 'ledger')).find((f) => /^\d+\.jsonl$/.test(f))!);
    const bytes = readFileSync(segment);
    // In the middle of the records: behind the last one may be room, taken ahead and full of newlines.
    const at = Math.floor(bytes.findLastIndex((byte) => byte !== 10) / 2);
    bytes[at] = (bytes[at] ?? 0) ^ 1;
    writeFileSync(segment, bytes);
    const tampered = await verify(gateway, copy);
    tell(`one bit flipped at byte ${at} of a copy; verify: ${tampered.ok ? 'NOT found' : `found, ${tampered.sentence}`}`);
    return { records: whole.records, verified: whole.ok, tamperFound: !tampered.ok };
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

async function verify(gateway: Gateway, directory?: string): Promise<{ ok: boolean; records: number; sentence: string }> {
  const { stdout, stderr, code } = await gateway.cli(['verify', '--json'], directory ? { env: { SALLYPORT_HOME: directory } } : {});
  try {
    const report = JSON.parse(stdout) as { ok: boolean; records: number; problems?: { sentence: string }[] };
    return { ok: report.ok && code === 0, records: report.records, sentence: report.problems?.[0]?.sentence ?? stderr.trim() };
  } catch {
    return { ok: false, records: 0, sentence: `verify ended with ${code}: ${(stderr || stdout).trim().slice(0, 300)}` };
  }
}
