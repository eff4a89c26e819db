import type { Command } from 'commander';
import { PROVIDERS } from '../../contract/index.js';
import type { Act } from '../program.js';

export function addConnectionVerbs(program: Command, act: Act): void {
  const group = program.command('connections').description('providers and APIs that agents may call').helpCommand(false);
  group
    .command('list', { isDefault: true })
    .description('all connections')
    .action(act(async (ctx) => (await import('./connections-act.js')).list(ctx)));
  group
    .command('add <name>')
    .description('add a connection; the key is asked for, or read with --key-stdin')
    .option('--dialect <dialect>', "openai, anthropic or http (known where the name is a provider's)")
    .option('--origin <address>', "base URL, e.g. https://llm.example.com/v1 (known where the name is a provider's)")
    .option('--path-prefix <path>', 'put before every path')
    .option('--key-stdin', 'read the key from standard input')
    .option('--credential <reference>', 'env:NAME, file:/PATH, command:["prog","arg"] or none, instead of the keychain')
    .option('--allow-private-address', 'the provider is on a private or link-local address')
    .option('--rule <rule...>', "http: what is allowed, e.g. 'GET /v2/items/**'")
    .option('--passthrough <rule...>', "paths forwarded without being looked into, e.g. 'POST /v1/files'")
    .addHelpText(
      'after',
      `
A key never goes on the command line, where every process could read it.

Known by name: ${PROVIDERS.map((p) => p.id).join(', ')}.

Examples:
  sallyport connections add openai
  sallyport connections add anthropic --key-stdin < key.txt
  sallyport connections add ollama
  sallyport connections add azure --origin https://my-resource.openai.azure.com/openai/v1
  sallyport connections add work --dialect openai --origin https://llm.example.com --credential env:WORK_KEY
  sallyport connections add vault --dialect openai --origin https://api.openai.com --credential 'command:["pass","show","openai"]'
  sallyport connections add crm --dialect http --origin https://crm.example.com --rule 'GET /v2/**' --credential env:CRM_TOKEN
`,
    )
    .action(act(async (ctx, name: string, options: object) => (await import('./connections-act.js')).add(ctx, name, options)));
  group
    .command('remove <name>')
    .description('remove a connection and its key')
    .action(act(async (ctx, name: string) => (await import('./connections-act.js')).remove(ctx, name)));
  group
    .command('set-key <name>')
    .description('give the key (again); it is bound to the present origin')
    .option('--key-stdin', 'read the key from standard input')
    .action(act(async (ctx, name: string, options: object) => (await import('./connections-act.js')).setKey(ctx, name, options)));
  group
    .command('test <name>')
    .description('one harmless request with the real key')
    .action(act(async (ctx, name: string) => (await import('./connections-act.js')).test(ctx, name)));
}
