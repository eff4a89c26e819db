import { type Command, Option } from 'commander';
import type { Act } from '../program.js';
import type { ExportOptions } from './ledger-act.js';
import type { MarkOptions } from './ledger-mark.js';

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
  program
    .command('mark <session>')
    .description('rename, label, star, annotate a session, or put it under legal hold (needs a person; each is a record)')
    .option('--title <text>', 'another name in lists')
    .option('--label <label...>', 'add labels')
    .option('--unlabel <label...>', 'take labels away')
    .option('--star', 'star it')
    .option('--no-star', 'take the star away')
    .option('--hold', 'legal hold: retention and forget leave it alone')
    .option('--no-hold', 'lift the legal hold')
    .option('--note <text>', 'add a note')
    .addHelpText(
      'after',
      '\nExamples:\n  sallyport mark se_8k2m1q --title "The leak" --label audit --star\n  sallyport mark se_8k2m1q --hold\n',
    )
    .action(act(async (ctx, session: string, options: MarkOptions) => (await import('./ledger-mark.js')).mark(ctx, session, options)));
  program
    .command('retention')
    .description('what the settings for retention would remove now; --apply removes it (needs a person)')
    .option('--apply', 'remove it, under a signed record')
    .addHelpText('after', '\nExamples:\n  sallyport retention\n  sallyport retention --apply\n')
    .action(act(async (ctx, options: { apply?: boolean }) => (await import('./ledger-mark.js')).retention(ctx, options)));
  program
    .command('reindex')
    .description('build the search index anew from the ledger, with progress (lists fill up meanwhile)')
    .addHelpText('after', '\nThe index is derived and encrypted; nothing is lost with it.\n\nExample:\n  sallyport reindex\n')
    .action(act(async (ctx) => (await import('./ledger-mark.js')).reindex(ctx)));
}
