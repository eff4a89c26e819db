import type { Command } from 'commander';
import type { Act } from '../program.js';

export function addAgentVerbs(program: Command, act: Act): void {
  const group = program.command('agents').description('who may call: names, keys, scopes').helpCommand(false);
  group
    .command('list', { isDefault: true })
    .description('all agents')
    .option('--all', 'revoked and expired ones too')
    .action(act(async (ctx, options: { all?: boolean }) => (await import('./agents-act.js')).list(ctx, options)));
  group
    .command('add <name>')
    .description('make an agent; its key is shown once')
    .option('--connections <names...>', 'connections it may use (*)')
    .option('--models <globs...>', 'models it may use (*)')
    .option('--operations <names...>', 'chat, responses, embeddings, models, messages, count_tokens, http, passthrough (*)')
    .option('--groups <names...>', 'groups that it acts for')
    .option('--expires <when>', 'a date, or a span: 8h, 30d')
    .option('--cwd <directory>', 'working folder that relative paths of its tool calls mean')
    .addHelpText('after', "\nExamples:\n  sallyport agents add billing-bot --connections openai --models 'gpt-4o*' --expires 30d\n")
    .action(act(async (ctx, name: string, options: object) => (await import('./agents-act.js')).add(ctx, name, options)));
  group
    .command('rotate <agent>')
    .description('a new key; the old one ends with the next request')
    .action(act(async (ctx, id: string) => (await import('./agents-act.js')).rotate(ctx, id)));
  group
    .command('revoke <agent>')
    .description('end the key with the next request')
    .action(act(async (ctx, id: string) => (await import('./agents-act.js')).revoke(ctx, id)));
}
