import { isAbsolute, resolve } from 'node:path';
import { type Connection, type DialectName, knownProvider, readAddress } from '../../contract/index.js';
import type { ConnectionInput, ConnectionTest } from '../../control/index.js';
import type { Context } from '../context.js';
import { EXIT, Exit, Usage } from '../exit.js';
import { asPerson } from '../person.js';

type Shown = Connection & { needsKey?: boolean };

export async function list(ctx: Context): Promise<void> {
  const gateway = await ctx.gateway();
  ctx.print(await gateway.call<{ connections: Shown[] }>('GET', '/api/connections'), ({ connections }) =>
    connections.length === 0
      ? 'No connections yet. `sallyport connections add openai` adds one.'
      : ctx.table(
          ['NAME', 'DIALECT', 'KEY', 'ORIGIN'],
          connections.map((c) => [
            c.name,
            c.dialect,
            c.needsKey === true ? `${c.credential} (give it again)` : c.credential,
            c.origin + c.pathPrefix,
          ]),
        ),
  );
}

interface AddOptions {
  dialect?: string;
  origin?: string;
  pathPrefix?: string;
  keyStdin?: boolean;
  credential?: string;
  allowPrivateAddress?: boolean;
  rule?: string[];
  passthrough?: string[];
}

export async function add(ctx: Context, name: string, options: AddOptions): Promise<void> {
  const byName = knownProvider(name);
  const dialect = options.dialect ?? byName?.dialect;
  if (dialect === undefined || !['openai', 'anthropic', 'http'].includes(dialect)) {
    throw new Usage('Say which protocol it speaks: --dialect openai, anthropic or http.');
  }
  const known = byName ?? (options.origin === undefined ? knownProvider(dialect) : undefined);
  const address = options.origin ?? known?.address;
  if (address === undefined) throw new Usage(`Say where it is: --origin ${known?.addressLike ?? 'https://host'}.`);
  const place = readAddress(address);
  if (place === undefined) throw new Usage(`"${address}" is no address as in https://api.example.com.`);
  const input: ConnectionInput = { name, dialect: dialect as DialectName, ...place };
  if (options.pathPrefix !== undefined) input.pathPrefix = options.pathPrefix;
  if (known?.credentialHeader !== undefined) input.credentialHeader = known.credentialHeader;
  if (options.allowPrivateAddress === true) input.allowPrivateAddress = true;
  if (options.rule !== undefined) input.rules = options.rule.map(rule);
  if (options.passthrough !== undefined) input.passthrough = options.passthrough.map(rule);
  if (options.credential !== undefined) input.credential = credential(ctx, options.credential);
  else if (known !== undefined && known.variable === undefined && options.keyStdin !== true) input.credential = 'none';
  else input.key = await readKey(ctx, name, options);
  const gateway = await ctx.gateway();
  await asPerson(ctx, async (capability) => {
    const made = await gateway.call<Shown>('POST', '/api/connections', {
      body: input,
      capability,
    });
    ctx.print(
      made,
      (c) =>
        `Added ${c.name}: ${c.dialect} at ${c.origin}${c.pathPrefix}, key ${where(c.credential)}.\nTry it: sallyport connections test ${c.name}`,
    );
  });
}

function where(reference: string): string {
  return reference.startsWith('keychain:') ? 'in the keychain' : reference === 'none' ? 'not needed' : `from ${reference}`;
}

function credential(ctx: Context, reference: string): string {
  if (!reference.startsWith('file:')) return reference;
  const path = reference.slice('file:'.length);
  return `file:${isAbsolute(path) ? path : resolve(ctx.io.cwd, path)}`;
}

function rule(text: string): { method: string; path: string } {
  const match = /^(\S+)\s+(\/\S*)$/.exec(text.trim());
  if (match === null) throw new Usage(`"${text}" is no rule; write METHOD and path: 'GET /v2/items/**'.`);
  return { method: match[1]!.toUpperCase(), path: match[2]! };
}

async function readKey(ctx: Context, name: string, options: { keyStdin?: boolean }): Promise<string> {
  if (options.keyStdin === true && ctx.options.passphraseStdin === true)
    throw new Usage('Standard input can be the key or the passphrase, not both.');
  const key =
    options.keyStdin === true
      ? await ctx.io.readAll()
      : ctx.io.ask === undefined
        ? undefined
        : await ctx.io.ask(`Key of ${name} (not shown): `, { secret: true });
  if (key === undefined)
    throw new Usage('There is no terminal to ask for the key: pipe it in with --key-stdin, or name its place with --credential.');
  const trimmed = key.trim();
  if (trimmed === '') throw new Usage('The key is empty.');
  return trimmed;
}

export async function setKey(ctx: Context, name: string, options: { keyStdin?: boolean }): Promise<void> {
  const gateway = await ctx.gateway();
  const path = `/api/connections/${encodeURIComponent(name)}`;
  const before = await gateway.call<Shown>('GET', path);
  if (!ctx.json) ctx.say(`The key will be used for ${before.origin} and for nothing else.`);
  const key = await readKey(ctx, name, options);
  await asPerson(ctx, async (capability) => {
    const now = await gateway.call<Shown>('PUT', `${path}/key`, { body: { key }, capability });
    ctx.print(now, (c) => `The key of ${c.name} is ${where(c.credential)}, bound to ${c.origin}.`);
  });
}

export async function remove(ctx: Context, name: string): Promise<void> {
  const gateway = await ctx.gateway();
  await asPerson(ctx, async (capability) => {
    await gateway.call('DELETE', `/api/connections/${encodeURIComponent(name)}`, { capability });
    ctx.print({ removed: name }, () => `Removed ${name}, and its key from the keychain.`);
  });
}

export async function test(ctx: Context, name: string): Promise<void> {
  const gateway = await ctx.gateway();
  const result = await gateway.call<ConnectionTest>('POST', `/api/connections/${encodeURIComponent(name)}/test`);
  ctx.print(result, (r) => `${r.ok ? ctx.paint.green('ok') : ctx.paint.red(r.code ?? 'failed')}  ${r.message}  (${Math.round(r.ms)} ms)`);
  if (!result.ok) throw new Exit(EXIT.no);
}
