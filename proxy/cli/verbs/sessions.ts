import type { Command } from 'commander';
import type { Act } from '../program.js';

const SEARCH = `
Search: words are looked for in the recorded (masked) text; fields narrow it:
  agent:NAME  model:gpt-4o*  connection:openai  verdict:block  finding:EMAIL_ADDRESS  tool:shell  after:2026-11-01  before:2026-11-08
  value:jane@acme.com   sessions that hold this value, which itself is stored nowhere
`;

export function addSessionVerbs(program: Command, act: Act): void {
  program
    .command('sessions')
    .description('what was recorded, newest first (works while the gateway is stopped)')
    .option('-s, --search <query>', 'typed search')
    .option('-n, --limit <n>', 'how many', '20')
    .option('--cursor <cursor>', 'go on where the answer before ended')
    .addHelpText(
      'after',
      `${SEARCH}\nExamples:\n  sallyport sessions --search 'agent:billing verdict:approve'\n  sallyport sessions --json --limit 100\n`,
    )
    .action(act(async (ctx, options: object) => (await import('./sessions-act.js')).sessions(ctx, options)));
  program
    .command('show <session|exchange>')
    .description('one session with its exchanges, or one exchange with all its events')
    .option('--raw', 'the recorded request and response as they were (masked)')
    .option('--reveal', 'original values too; needs a person and is recorded')
    .addHelpText('after', '\nExamples:\n  sallyport show se_8k2m1q\n  sallyport show ex_71hd0a --raw\n')
    .action(act(async (ctx, id: string, options: object) => (await import('./show.js')).show(ctx, id, options)));
  program
    .command('replay <session>')
    .description('play a session with its recorded timing')
    .option('--speed <n>', 'times the recorded speed: 0.5, 4, 16; 0 = at once', '1')
    .option('--skip-idle [seconds]', 'shorten pauses to this many seconds (2)')
    .option('--from <time>', 'begin this far in, e.g. 30s')
    .option('--raw', 'the recorded bytes of each event instead of what they say')
    .addHelpText(
      'after',
      '\nWith --json each event is one line, at its time.\n\nExamples:\n  sallyport replay se_8k2m1q --speed 4 --skip-idle\n',
    )
    .action(act(async (ctx, id: string, options: object) => (await import('./replay.js')).replay(ctx, id, options)));
}
