import { createWriteStream } from 'node:fs';
import { resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { ExportFormat, VerifyInput, VerifyReport } from '../../control/index.js';
import type { Context } from '../context.js';
import { EXIT, Exit, Usage } from '../exit.js';
import { asPerson } from '../person.js';
import { progressLine } from '../progress.js';
import { openReading } from '../reading.js';
import { cleanLine, when } from '../terminal.js';

export async function verify(
  ctx: Context,
  bundle: string | undefined,
  options: { from?: string; to?: string; session?: string; heads?: string[] },
): Promise<void> {
  const input: VerifyInput = {};
  if (options.from !== undefined) input.from = sequence(options.from);
  if (options.to !== undefined) input.to = sequence(options.to);
  if (options.session !== undefined) input.session = options.session;
  const line = progressLine(ctx, 'verifying');
  let report: VerifyReport;
  if (bundle !== undefined) {
    if (Object.keys(input).length > 0) throw new Usage('A bundle is verified as a whole.');
    const { verifyBundle } = await import('../../ledger/index.js');
    const path = resolve(ctx.io.cwd, bundle);
    report = await line.during(async () => {
      try {
        return await verifyBundle(path);
      } catch (error) {
        throw new Usage(`${path} cannot be verified: ${(error as Error).message}`);
      }
    });
  } else {
    // Copies that somebody brings are read here; the gateway knows those that its settings name.
    const brought = (options.heads ?? []).map((path) => resolve(ctx.io.cwd, path));
    const reading = brought.length > 0 ? await (await import('../reading-disk.js')).fromDisk(ctx, brought) : await openReading(ctx);
    try {
      report = await line.during((signal) => reading.verify(input, { signal, onProgress: line.show }));
    } finally {
      await reading.close();
    }
  }
  ctx.print(report, (r) => verdict(ctx, r));
  if (!report.ok) throw new Exit(EXIT.no);
}

function sequence(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0) throw new Usage('Records are named by their sequence number.');
  return value;
}

function verdict(ctx: Context, r: VerifyReport): string {
  const p = ctx.paint;
  const lines = [
    r.ok
      ? `${p.green('verified')}: ${r.records} records in ${r.segments} segments, unchanged since they were written.`
      : `${p.red('CHANGED')}: ${r.problemCount ?? r.problems.length} problems in ${r.records} records.`,
  ];
  for (const problem of r.problems.slice(0, 20)) {
    lines.push(
      `  record ${problem.sequence ?? '?'} (segment ${problem.segment}${problem.line === undefined ? '' : `, line ${problem.line}`}), ${problem.field}: ${cleanLine(problem.sentence)}`,
      p.dim(`    expected ${cleanLine(problem.expected)}`),
      p.dim(`    found    ${cleanLine(problem.found)}`),
    );
  }
  if (r.problems.length > 20) lines.push(`  … and ${(r.problemCount ?? r.problems.length) - 20} more (--json lists them)`);
  if (r.head !== undefined) lines.push(`signed head  record ${r.head.sequence}, ${when(r.head.at)}`);
  if (r.uncovered !== undefined && r.uncovered.to > r.uncovered.after) {
    lines.push(
      `tail         no signed head covers records after ${r.uncovered.after} (up to ${r.uncovered.to}); a cut there could not be seen`,
    );
  }
  if (r.protectedKeys === false) {
    lines.push(p.yellow('The seal key is not protected on this machine: a program of this user could have written everything anew.'));
  }
  for (const note of r.notes ?? []) lines.push(p.dim(`note         ${cleanLine(note)}`));
  return lines.join('\n');
}

export interface ExportOptions {
  format: string;
  output?: string;
  search?: string;
  originals?: boolean;
}

export async function exportSessions(ctx: Context, sessions: string[], options: ExportOptions): Promise<void> {
  if (sessions.length === 0 && options.search === undefined) throw new Usage('Say which: session ids, or --search.');
  if (sessions.length > 0 && options.search !== undefined) throw new Usage('Name sessions or search for them, not both.');
  const input = {
    format: options.format as ExportFormat,
    ...(sessions.length === 0 ? { search: options.search! } : { sessions }),
    ...(options.originals === true ? { originals: true } : {}),
  };
  const reading = await openReading(ctx);
  const write = async (capability?: string) => {
    const { filename, stream } = await reading.export(input, capability);
    if (options.output === '-') {
      for await (const chunk of stream) ctx.io.out(Buffer.isBuffer(chunk) ? chunk.toString('utf8') : String(chunk));
      return;
    }
    const file = resolve(ctx.io.cwd, options.output ?? filename);
    try {
      await pipeline(stream, createWriteStream(file, { flags: options.output === undefined ? 'wx' : 'w', mode: 0o600 }));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw new Usage(`${file} exists; name another file with -o.`);
      throw error;
    }
    ctx.print({ file }, () => `Written to ${file}.`);
  };
  try {
    if (options.originals === true) await asPerson(ctx, write);
    else await write();
  } finally {
    await reading.close();
  }
}

export async function forget(ctx: Context, session: string, options: { yes?: boolean }): Promise<void> {
  const gateway = await ctx.gateway();
  if (options.yes !== true) {
    if (ctx.io.ask === undefined) throw new Usage('This cannot be undone; say --yes.');
    const answer = await ctx.io.ask(`Shred everything that ${session} said, for ever? Type the session id: `);
    if (answer.trim() !== session) throw new Usage('Nothing was forgotten.');
  }
  await asPerson(ctx, async (capability) => {
    const done = await gateway.call<{ session: string; exchanges: number }>('DELETE', `/api/sessions/${encodeURIComponent(session)}`, {
      capability,
    });
    ctx.print(
      done,
      (d) => `Forgotten: the content of ${d.exchanges} exchanges. That it was forgotten stays on record, and the chain still verifies.`,
    );
  });
}
