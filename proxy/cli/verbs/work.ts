import type { Command } from 'commander';
import type { Act } from '../program.js';

export function addWorkVerbs(program: Command, act: Act): void {
  program
    .command('env')
    .description('print the variables that point an agent here')
    .option('--mint [name]', 'make a named key that expires, and print it too')
    .option('--expires <span>', 'how long the minted key lives', '8h')
    .option('--connection <name...>', 'only these connections')
    .option('--shell <shell>', 'sh, fish, powershell or dotenv', 'sh')
    .addHelpText(
      'after',
      `
Without --mint the key is taken from SALLYPORT_KEY. Known ways around the gateway (tracing, telemetry) are switched off too.

Examples:
  eval "$(sallyport env --mint notebook --expires 8h)"
  sallyport env --shell dotenv >> .env        (no key in it)
`,
    )
    .action(act(async (ctx, options: object) => (await import('./env.js')).env(ctx, options)));

  program
    .command('run')
    .description('run an agent through the gateway, with a key of its own')
    .argument('<command...>', 'the command, after --')
    .option('--name <name>', 'how it is called in the record (the command)')
    .option('--connections <names...>', 'connections it may use (*)')
    .option('--models <globs...>', 'models it may use (*)')
    .option('--expires <span>', 'the key ends after this long even if the command goes on', '12h')
    .option('--isolate', "hide the gateway's data, socket and the keychain from it (Linux, bubblewrap)")
    .option('--keep-env <names...>', 'provider key variables that it keeps')
    .passThroughOptions()
    .addHelpText(
      'after',
      `
The key is minted for this run and revoked when it ends. Provider keys are taken out of its environment, known ways around the
gateway are switched off. With SALLYPORT_KEY set that key is used and nobody is asked. Its exit code is passed on.

Examples:
  sallyport run -- python agent.py
  sallyport run --isolate --models 'gpt-4o*' -- npx tsx agent.ts
`,
    )
    .action(act(async (ctx, command: string[], options: object) => (await import('./run.js')).runCommand(ctx, command, options)));

  program
    .command('doctor [directory]')
    .description('find provider keys that lie about, and ways around the gateway')
    .option('--fix', 'offer to move each key to the keychain, showing the change first')
    .option('--yes', 'with --fix: do not ask for each')
    .option('--undo [id]', 'put back what --fix changed, byte for byte')
    .addHelpText(
      'after',
      `
Looks into .env files of the project, shell profiles and the environment; names packages and variables by which an agent here
would talk past the gateway. Exit code 1 when something was found.

Examples:
  sallyport doctor
  sallyport doctor ~/work/agent --fix
  sallyport doctor --undo
`,
    )
    .action(
      act(async (ctx, directory: string | undefined, options: object) => (await import('./doctor.js')).doctor(ctx, directory, options)),
    );
}
