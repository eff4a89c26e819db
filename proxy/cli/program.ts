import { readFileSync } from 'node:fs';
import { Command, CommanderError, Option } from 'commander';
import { SallyportError } from '../contract/index.js';
import { Context, type GlobalOptions } from './context.js';
import { EXIT, Exit, exitCodeOf } from './exit.js';
import type { Io } from './io.js';
import { clean, cleanJson } from './terminal.js';
import { addAgentVerbs } from './verbs/agents.js';
import { addApprovalVerbs } from './verbs/approvals.js';
import { addConnectionVerbs } from './verbs/connections.js';
import { addGatewayVerbs } from './verbs/gateway.js';
import { addLedgerVerbs } from './verbs/ledger.js';
import { addPersonVerbs } from './verbs/persons.js';
import { addPolicyVerbs } from './verbs/policies.js';
import { addSecretVerbs } from './verbs/secrets.js';
import { addSessionVerbs } from './verbs/sessions.js';
import { addWorkVerbs } from './verbs/work.js';

/** Wraps a verb: gives it the context, closes what it opened. */
export type Act = <A extends unknown[]>(verb: (ctx: Context, ...args: A) => Promise<void>) => (...args: A) => Promise<void>;

const GUIDE = `
Examples:
  sallyport serve                              start the gateway here, with its web console
  sallyport connections add openai             add a provider; the key is asked for and kept in the keychain
  sallyport run -- python agent.py             run an agent through the gateway, with a key of its own
  sallyport approvals watch                    decide what waits, as it comes
  sallyport sessions --search 'verdict:block after:2026-11-01'
  sallyport verify                             has anybody changed the record?

Exit codes: 0 done · 1 the answer is no (a problem was found, denied) · 2 wrong usage or input · 3 no gateway runs ·
  4 only a person may do this · 5 no such thing · 6 it changed meanwhile · 70 internal · 130 interrupted
`;

export function buildProgram(io: Io, shared?: Context): { program: Command; contexts: Context[] } {
  const contexts: Context[] = [];
  const program = new Command('sallyport')
    .description('A guarded door between the agents on this computer and the providers they call.')
    .addOption(new Option('--json', 'print JSON instead of text'))
    .addOption(new Option('--data <directory>', 'data directory (SALLYPORT_HOME)'))
    .addOption(new Option('--demo', 'the demo workspace beside the data directory'))
    .addOption(new Option('--no-color', 'no colours (also NO_COLOR)'))
    .addOption(new Option('--passphrase-stdin', "read the person's passphrase from standard input"))
    .version(version(), '-V, --version')
    .addHelpText('after', GUIDE)
    .showSuggestionAfterError(true)
    .configureOutput({
      writeOut: (text) => io.out(text),
      writeErr: (text) => io.err(text),
      getOutHelpWidth: () => Math.min(io.columns, 110),
    })
    .configureHelp({ sortSubcommands: false, showGlobalOptions: false })
    .exitOverride()
    .enablePositionalOptions();

  const act: Act =
    (verb) =>
    async (...args) => {
      const ctx = shared === undefined ? new Context(io, program.opts<GlobalOptions>()) : shared.with(program.opts<GlobalOptions>());
      contexts.push(ctx);
      try {
        await verb(ctx, ...args);
      } finally {
        if (shared === undefined) ctx.close();
      }
    };

  addGatewayVerbs(program, act);
  addConnectionVerbs(program, act);
  addAgentVerbs(program, act);
  addPolicyVerbs(program, act);
  addApprovalVerbs(program, act);
  addSessionVerbs(program, act);
  addLedgerVerbs(program, act);
  addPersonVerbs(program, act);
  addSecretVerbs(program, act);
  addWorkVerbs(program, act);
  // `--json` is wanted after the verb too: every command takes it and hands it up.
  everyCommand(program, (command) => {
    command.exitOverride().configureOutput({ writeOut: (text) => io.out(text), writeErr: (text) => io.err(text) });
    if (command === program || command.options.some((option) => option.long === '--json')) return;
    command.addOption(new Option('--json', 'print JSON instead of text').hideHelp(command.commands.length > 0));
    command.on('option:json', () => void program.setOptionValue('json', true));
  });
  return { program, contexts };
}

function everyCommand(command: Command, visit: (command: Command) => void): void {
  visit(command);
  for (const child of command.commands) everyCommand(child, visit);
}

/** Runs one command line. Never throws; answers the exit code. `shared` is the context of the `login` shell. */
export async function run(argv: string[], io: Io, shared?: Context): Promise<number> {
  const { program, contexts } = buildProgram(io, shared);
  try {
    if (argv.length === 0) {
      io.out(program.helpInformation() + GUIDE);
      return EXIT.ok;
    }
    await program.parseAsync(argv, { from: 'user' });
    return EXIT.ok;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    if (error instanceof Exit) return error.code;
    report(error, io, contexts.at(-1)?.json ?? argv.includes('--json'));
    return exitCodeOf(error);
  }
}

function report(error: unknown, io: Io, json: boolean): void {
  const known = error instanceof SallyportError;
  const named = error instanceof Error && ['NotRunning', 'Usage', 'Interrupted'].includes(error.name);
  const code = known
    ? error.code
    : named
      ? ({ NotRunning: 'not_running', Usage: 'usage', Interrupted: 'interrupted' } as const)[error.name as 'Usage']
      : 'internal';
  const message = known || named ? (error as Error).message : `Something failed: ${error instanceof Error ? error.message : String(error)}`;
  if (json)
    io.out(`${cleanJson({ error: { code, message, ...(known && error.details !== undefined ? { details: error.details } : {}) } }, 2)}\n`);
  else io.err(`sallyport: ${clean(message)}\n`);
}

/** The version of the package that this file belongs to, in the sources and in the build. */
export function version(): string {
  for (const up of ['../..', '../../..']) {
    try {
      const found = JSON.parse(readFileSync(new URL(`${up}/package.json`, import.meta.url), 'utf8')) as { name?: string; version?: string };
      if (found.name === 'sallyport' && found.version !== undefined) return found.version;
    } catch {
      // not there; one further up
    }
  }
  return 'unknown';
}
