import { setFlagsFromString } from 'node:v8';
import { SallyportError } from '../../contract/index.js';
import { snippetsFor } from '../../control/snippets.js';
import type { Context } from '../context.js';
import { Usage } from '../exit.js';
import { version } from '../program.js';
import { cleanLine } from '../terminal.js';

interface ServeOptions {
  port?: number;
  consolePort?: number;
  console?: boolean;
  keyFile?: string;
  passphrase?: boolean;
}

/** Runs until it is told to stop. Answers when the gateway has drained and sealed. */
export async function serve(ctx: Context, options: ServeOptions): Promise<void> {
  const { createGateway, keepOutOfDumps } = await import('../../index.js');
  void keepOutOfDumps().then((problem) => problem !== undefined && ctx.io.err(`${problem}\n`));
  // V8 lets a heap grow to several times what lives in it before it collects; agents leave much behind with each request.
  setFlagsFromString('--heap-growing-percent=40');
  const secrets = await ownSecrets(ctx, options);
  const gateway = await createGateway(
    {
      directory: ctx.directory,
      version: version(),
      console: options.console !== false,
      demo: ctx.options.demo === true,
      ...(options.port === undefined ? {} : { port: options.port }),
      ...(options.consolePort === undefined ? {} : { consolePort: options.consolePort }),
      log: (line) => ctx.io.err(`${cleanLine(line)}\n`),
    },
    secrets === undefined ? {} : { secrets },
  );
  const stopped = untilStopped(ctx, gateway);
  try {
    await gateway.start();
  } catch (error) {
    await gateway.stop().catch(() => undefined);
    await stopped.catch(() => undefined);
    throw error;
  }
  announce(ctx, gateway);
  await stopped;
}

/** Ends when the gateway was told to stop, by a signal or through the control API, and has sealed its ledger. */
function untilStopped(ctx: Context, gateway: { stop(): Promise<void>; status(): { state: string } }): Promise<void> {
  return new Promise((done, fail) => {
    const end = () => {
      clearInterval(watch);
      off();
      gateway.stop().then(done, fail);
    };
    const watch = setInterval(() => {
      if (gateway.status().state === 'stopping' || gateway.status().state === 'stopped') end();
    }, 250);
    const off = ctx.io.onInterrupt(() => {
      ctx.say('Stopping: streams are drained, the ledger is sealed.');
      end();
    });
  });
}

async function ownSecrets(ctx: Context, options: ServeOptions) {
  if (options.keyFile === undefined && options.passphrase !== true) return undefined;
  const ask = ctx.io.ask;
  const { createSecretStore } = await import('../../credentials/index.js');
  if (options.passphrase === true && ctx.options.passphraseStdin !== true && ask === undefined) {
    throw new Usage('There is no terminal to ask for the passphrase; pipe it in with --passphrase-stdin.');
  }
  const passphrase = async () => {
    const text =
      ctx.options.passphraseStdin === true
        ? (await ctx.io.readAll()).replace(/\r?\n$/, '')
        : await ask!('Passphrase of the key store: ', { secret: true });
    if (text === '') throw new SallyportError('invalid', 'The passphrase is empty.');
    return text;
  };
  return createSecretStore({
    directory: ctx.directory,
    env: ctx.io.env,
    consent: {
      ...(options.keyFile === undefined ? {} : { keyFile: options.keyFile }),
      ...(options.passphrase === true ? { passphrase } : {}),
    },
  });
}

interface Running {
  address: { baseUrl: string };
  consoleUrl(): string | undefined;
  demo: { key: string; connections: string[] } | undefined;
  services: { settings: { get(): { connections: { name: string; dialect: 'openai' | 'anthropic' | 'http' }[] } } };
}

function announce(ctx: Context, gateway: Running): void {
  const { baseUrl } = gateway.address;
  const url = gateway.consoleUrl();
  const connections = gateway.services.settings.get().connections;
  if (ctx.json) {
    ctx.io.out(
      `${JSON.stringify({ baseUrl, ...(url === undefined ? {} : { console: url }), ...(gateway.demo === undefined ? {} : { demo: gateway.demo }) })}\n`,
    );
    return;
  }
  const p = ctx.paint;
  const lines = [`${p.bold('Sallyport')} listens.`, '', `  agents    ${p.cyan(baseUrl)}/<connection>/…`];
  if (url !== undefined) lines.push(`  console   ${p.cyan(url)}`, p.dim('            (opens once; `sallyport console` prints a new one)'));
  const first = connections.find((c) => c.dialect === 'openai') ?? connections[0];
  if (first === undefined) {
    lines.push('', 'Next: `sallyport connections add openai`, then `sallyport run -- COMMAND`.');
  } else {
    const snippet = snippetsFor(first, baseUrl).find((s) => s.id === 'curl')!;
    lines.push('', 'Try it:', '');
    if (gateway.demo !== undefined) lines.push(`  export SALLYPORT_KEY=${gateway.demo.key}`);
    lines.push(
      ...snippet.text
        .trimEnd()
        .split('\n')
        .map((line) => `  ${line}`),
    );
    if (gateway.demo !== undefined)
      lines.push(
        '',
        p.yellow('This is the demo workspace: a simulated provider, throw-away keys. `sallyport --demo demo remove` removes it.'),
      );
  }
  lines.push('', 'Ctrl-C stops it.');
  ctx.io.out(`${lines.join('\n')}\n`);
}
