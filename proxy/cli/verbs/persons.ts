import type { Command } from 'commander';
import type { Act } from '../program.js';

export function addPersonVerbs(program: Command, act: Act): void {
  program
    .command('login')
    .description('sign in, and open a shell in which verbs do not ask again')
    .option('--issuer <url>', 'this OIDC issuer (where there is more than one)')
    .option('--device', 'device flow: sign in on another device')
    .option('--passphrase', 'with the local passphrase')
    .option('--no-shell', 'sign in at the gateway only; nothing is kept here')
    .option('--print', 'print the capability for a script (SALLYPORT_PERSON); an agent that reads it can decide as you')
    .addHelpText(
      'after',
      `
The capability to decide and change lives in the memory of this shell and nowhere else. It ends with Ctrl-D or \`logout\`.

Examples:
  sallyport login
  sallyport login --device --issuer https://login.example.com
`,
    )
    .action(act(async (ctx, options: object) => (await import('./login.js')).login(ctx, options)));
  program
    .command('logout')
    .description("end the person's session at the gateway; agents are locked as set")
    .action(act(async (ctx) => (await import('./login.js')).logout(ctx)));
}
