import type { Command } from 'commander';
import type { Act } from '../program.js';

export function addApprovalVerbs(program: Command, act: Act): void {
  const group = program.command('approvals').description('what waits for a person, and what was decided').helpCommand(false);
  group
    .command('list', { isDefault: true })
    .description('what waits')
    .option('--all', 'decided and expired ones too')
    .action(act(async (ctx, options: { all?: boolean }) => (await import('./approvals-act.js')).list(ctx, options)));
  group
    .command('show <id>')
    .description('exactly what would be sent or executed')
    .option('--reveal', 'original values too; recorded')
    .action(act(async (ctx, id: string, options: { reveal?: boolean }) => (await import('./approvals-act.js')).show(ctx, id, options)));
  group
    .command('approve <id>')
    .description('approve what was shown, once')
    .option('--code <code>', 'the short code that you saw; anything else now is refused')
    .option('--pattern <pattern>', 'approve this shape from now on (over the masked arguments, * for any run)')
    .option('--minutes <n>', 'how long the shape stays approved', '60')
    .option('--session', 'the shape for this session only')
    .addHelpText(
      'after',
      '\nExamples:\n  sallyport approvals approve ap_7f3 --code K2QX4A\n  sallyport approvals approve ap_7f3 --pattern \'{"command":"git *"}\' --minutes 30 --session\n',
    )
    .action(act(async (ctx, id: string, options: object) => (await import('./approvals-act.js')).approve(ctx, id, options)));
  group
    .command('deny [ids...]')
    .description('deny; the reason reaches the agent')
    .option('--reason <text>', 'what the agent reads')
    .option('--all', 'everything that waits')
    .action(act(async (ctx, ids: string[], options: object) => (await import('./approvals-act.js')).deny(ctx, ids, options)));
  group
    .command('clear-denial <id>')
    .description('forget a denial, so that the same may be asked again')
    .action(act(async (ctx, id: string) => (await import('./approvals-act.js')).clearDenial(ctx, id)));
  group
    .command('watch')
    .description('an inbox in the terminal: look at what comes and decide')
    .addHelpText(
      'after',
      '\nAsks for the person once. a = approve, d = deny, r = reveal, l = list, a number opens that one, s = skip, q = quit. Waits for a gateway that restarts.\n',
    )
    .action(act(async (ctx) => (await import('./approvals-watch.js')).watch(ctx)));
  const grants = group.command('grants').description('shapes that are approved for a time').helpCommand(false);
  grants
    .command('list', { isDefault: true })
    .description('all grants and their uses')
    .action(act(async (ctx) => (await import('./approvals-act.js')).grants(ctx)));
  grants
    .command('revoke <id>')
    .description('end a grant at once')
    .action(act(async (ctx, id: string) => (await import('./approvals-act.js')).revokeGrant(ctx, id)));
}
