import { type Command, Option } from 'commander';
import type { Act } from '../program.js';
import type { BacktestOptions } from './policies-act.js';

export function addPolicyVerbs(program: Command, act: Act): void {
  const group = program.command('policies').description('what may pass: presets, your rules, the managed policy').helpCommand(false);
  group
    .command('list', { isDefault: true })
    .description('all policies and which judge now')
    .action(act(async (ctx) => (await import('./policies-act.js')).list(ctx)));
  group
    .command('show <name>')
    .description('source of a policy')
    .action(act(async (ctx, name: string) => (await import('./policies-act.js')).show(ctx, name)));
  group
    .command('preset <name>')
    .description('choose the preset: observe, balanced or strict')
    .action(act(async (ctx, name: string) => (await import('./policies-act.js')).preset(ctx, name)));
  group
    .command('validate <file>')
    .description('check a draft and run its examples; - reads standard input')
    .action(act(async (ctx, file: string) => (await import('./policies-act.js')).validate(ctx, file)));
  group
    .command('save <file>')
    .description('save a policy and let it judge')
    .option('--name <name>', "its name (the file's)")
    .option('--draft', 'save only; do not let it judge yet')
    .action(act(async (ctx, file: string, options: object) => (await import('./policies-act.js')).save(ctx, file, options)));
  group
    .command('remove <name>')
    .description('remove one of your policies')
    .action(act(async (ctx, name: string) => (await import('./policies-act.js')).remove(ctx, name)));
  group
    .command('backtest <file>')
    .description('what a draft would have done to recorded sessions')
    .option('--since <when>', 'a date or a span back: 30d', '30d')
    .option('--until <when>', 'a date or a span back')
    .option('--agent <agent>', 'only this agent')
    .option('--name <name>', 'the policy that the draft stands for')
    .option('--originals', 'judge with originals put back (needs a person, is recorded)')
    .addHelpText(
      'after',
      '\nLikely false alarms come first. Exit code 1 when anything would change.\n\nExample:\n  sallyport policies backtest draft.yaml --since 30d\n',
    )
    .action(act(async (ctx, file: string, options: BacktestOptions) => (await import('./policies-act.js')).backtest(ctx, file, options)));
  group
    .command('import <file>')
    .description('turn rules of another product into a policy to look at; says what did not map')
    .addOption(
      new Option('--from <kind>', 'hoop guardrails, or lists of entities (Presidio, Google DLP, plain names)')
        .choices(['hoop', 'entities'])
        .makeOptionMandatory(),
    )
    .addHelpText(
      'after',
      '\nNothing is saved: the policy goes to standard output, the report to standard error.\n\nExample:\n  sallyport policies import guardrails.json --from hoop > draft.yaml\n',
    )
    .action(
      act(async (ctx, file: string, options: { from: string }) => (await import('./policies-act.js')).importRules(ctx, file, options)),
    );
  group
    .command('explain <exchange>')
    .description('which rules matched, which won, and the nearest that did not')
    .action(act(async (ctx, exchange: string) => (await import('./policies-act.js')).explain(ctx, exchange)));
  program
    .command('explain <exchange>')
    .description('why an exchange was allowed, masked, asked about or blocked')
    .action(act(async (ctx, exchange: string) => (await import('./policies-act.js')).explain(ctx, exchange)));
}
