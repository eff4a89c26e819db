import type { Command } from 'commander';
import type { Act } from '../program.js';

export function addSecretVerbs(program: Command, act: Act): void {
  const secrets = program.command('secrets').description('where the keys of this data directory are kept');
  secrets
    .command('where')
    .description('say where they are kept, and whether that is protected')
    .action(act(async (ctx) => (await import('./secrets-act.js')).where(ctx)));
  secrets
    .command('move')
    .description('move them to the keychain, or under a passphrase or a key file; the gateway must not run')
    .option('--key-file <file>', 'encrypted under this key file (made when it is not there)')
    .option('--passphrase', 'encrypted under a passphrase, which `serve --passphrase` asks for at start')
    .addHelpText(
      'after',
      `
Without an option they go to the keychain of this computer. Nothing is removed before everything was read back from the new place.
With --passphrase-stdin the passphrase is the first line of standard input; where the keys are under a passphrase already, that one
stands in the first line and the new one in the second.

Examples:
  sallyport secrets move
  sallyport secrets move --passphrase
`,
    )
    .action(act(async (ctx, options: object) => (await import('./secrets-act.js')).move(ctx, options)));
}
