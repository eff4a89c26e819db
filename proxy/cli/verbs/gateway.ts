import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';
import type { Act } from '../program.js';

export function port(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0 || value > 65_535) throw new InvalidArgumentError('A port is a number from 0 to 65535.');
  return value;
}

export function addGatewayVerbs(program: Command, act: Act): void {
  program
    .command('serve')
    .description('start the gateway here, headless, with its web console')
    .option('-p, --port <port>', 'port for agents (settings: listen.port, 4141)', port)
    .option('--console-port <port>', 'port for the web console (any free one)', port)
    .option('--no-console', 'no web console')
    .option('--key-file <file>', 'keep our own secrets encrypted under this key file (made when it is not there)')
    .option('--passphrase', 'keep our own secrets encrypted under a passphrase that is asked at start')
    .addHelpText(
      'after',
      `
The gateway prints its base URL, a one-time address of the console and a snippet to paste into an agent.
It stops on Ctrl-C: streams are drained, the ledger is sealed.

Examples:
  sallyport serve
  sallyport serve --port 4200 --no-console
  sallyport --demo serve                    the demo workspace, in a data directory of its own
`,
    )
    .action(act(async (ctx, options: object) => (await import('./serve.js')).serve(ctx, options)));

  program
    .command('status')
    .description('is it running, recording, protected; what waits')
    .addHelpText('after', '\nExit code 3 when no gateway runs, 1 when it has a fault.\n')
    .action(act(async (ctx) => (await import('./status.js')).status(ctx)));

  program
    .command('console')
    .description('print a new one-time address of the web console')
    .action(act(async (ctx) => (await import('./status.js')).consoleUrl(ctx)));

  program
    .command('freeze')
    .description('hold every exchange mid-flight, at once')
    .addHelpText(
      'after',
      '\nNeeds no person: it only makes things safer. `sallyport resume` lets them go on, `sallyport resume --drop` ends them.\n',
    )
    .action(act(async (ctx) => (await import('./status.js')).freeze(ctx)));

  program
    .command('resume')
    .description('let frozen exchanges go on')
    .option('--drop', 'end them instead; nothing of them is sent')
    .action(act(async (ctx, options: { drop?: boolean }) => (await import('./status.js')).resume(ctx, options)));

  const demo = program.command('demo').description('the embedded demo workspace');
  demo
    .command('remove')
    .description('remove the demo workspace: its agents, connections and data')
    .action(act(async (ctx) => (await import('./status.js')).demo(ctx, 'close')));
  demo
    .command('open')
    .description('open it')
    .action(act(async (ctx) => (await import('./status.js')).demo(ctx, 'open')));
}
