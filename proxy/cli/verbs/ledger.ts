import { type Command, Option } from 'commander';
import type { Act } from '../program.js';
import type { ExportOptions } from './ledger-act.js';

export function addLedgerVerbs(program: Command, act: Act): void {
  program
    .command('verify [bundle]')
    .description('has anybody changed the record? (works while the gateway is stopped)')
    .option('--from <sequence>', 'from this record')
    .option('--to <sequence>', 'to this record')
    .option('--session <id>', 'one session')
    .option('--heads <file...>', 'signed heads that were kept elsewhere (what a webhook received, a copy of the file)')
    .addHelpText(
      'after',
      `
Checks that every record carries the hash of the one before, that seals are signed by the key, and that the signed heads kept
outside the ledger agree: those here, and the copies that the settings name (file, git). Names the first bad record and field, and the bound of the tail that no head covers yet.
Exit code 1 when something was found.

Examples:
  sallyport verify
  sallyport verify --session se_8k2m1q
  sallyport verify audit.sally              an exported bundle, anywhere, without a gateway
`,
    )
    .action(
      act(async (ctx, bundle: string | undefined, options: object) => (await import('./ledger-act.js')).verify(ctx, bundle, options)),
    );
  program
    .command('export [sessions...]')
    .description('export sessions (masked; works while the gateway is stopped)')
    .addOption(
      new Option('-f, --format <format>', 'what kind of file').choices(['sally', 'jsonl', 'har', 'otlp', 'markdown']).default('sally'),
    )
    .option('-o, --output <file>', 'where to; - is standard output')
    .option('-s, --search <query>', 'every session that matches, instead of naming them')
    .option('--originals', 'original values instead of placeholders; needs a person and is recorded')
    .addHelpText(
      'after',
      '\nsally is a sealed bundle: one file that anybody can verify offline.\n\nExamples:\n  sallyport export se_8k2m1q\n  sallyport export --search "agent:billing after:2026-11-01" -f jsonl -o november.jsonl\n',
    )
    .action(
      act(async (ctx, sessions: string[], options: ExportOptions) =>
        (await import('./ledger-act.js')).exportSessions(ctx, sessions, options),
      ),
    );
  program
    .command('forget <session>')
    .description('shred content and originals of a session; a signed record stays')
    .option('--yes', 'do not ask')
    .action(act(async (ctx, session: string, options: object) => (await import('./ledger-act.js')).forget(ctx, session, options)));
}
