import { resolve } from 'node:path';
import { type Connection, type GatewayStatus, knownProvider, readAddress, SallyportError } from '../../contract/index.js';
import type { ControlClient } from '../../control/index.js';
import { ALWAYS } from '../bypass.js';
import type { Context } from '../context.js';
import { hintOf, type KeyInFile, keysIn, providerOf } from '../doctor/keys.js';
import { apply, type Change, changes, type Keep, plan, undo } from '../doctor/move.js';
import { places } from '../doctor/places.js';
import { type WayAround, waysAround } from '../doctor/ways-around.js';
import { EXIT, Exit, Usage } from '../exit.js';
import { asPerson } from '../person.js';
import { cleanLine } from '../terminal.js';

interface Check {
  id: string;
  ok: boolean;
  message: string;
  advice?: string;
}

interface Findings {
  keys: { where: string; line?: number; name: string; provider: string; hint: string }[];
  waysAround: WayAround[];
  gateway: Check[] | null;
  notes: string[];
}

export async function doctor(
  ctx: Context,
  directory: string | undefined,
  options: { fix?: boolean; yes?: boolean; undo?: string | boolean },
): Promise<void> {
  if (options.undo !== undefined) return putBack(ctx, options.undo);
  const project = resolve(ctx.io.cwd, directory ?? '.');
  const found = places(project, ctx.io.env);
  const keys = found.flatMap((place) => keysIn(place.path, place.bytes));
  const gateway = await ctx.findGateway();
  const baseUrl = gateway === undefined ? undefined : (await gateway.call<GatewayStatus>('GET', '/api/status')).baseUrl;
  const inEnvironment = Object.entries(ctx.io.env).flatMap(([name, value]) => {
    const provider = value === undefined ? undefined : providerOf(name, value);
    return provider === undefined ? [] : [{ where: 'environment', name, provider, hint: hintOf(value!) }];
  });
  const findings: Findings = {
    keys: [...keys.map(({ file, line, name, provider, hint }) => ({ where: file, line, name, provider, hint })), ...inEnvironment],
    waysAround: waysAround(project, ctx.io.env, found, baseUrl),
    gateway: gateway === undefined ? null : (await gateway.call<{ checks: Check[] }>('GET', '/api/doctor')).checks,
    notes: ALWAYS,
  };
  if (options.fix === true) {
    if (keys.length > 0) await fix(ctx, keys, options.yes === true);
    else ctx.print({ moved: [] }, () => 'No provider key lies in a file here.');
    return;
  }
  ctx.print(findings, (f) => text(ctx, f));
  if (findings.keys.length > 0 || findings.waysAround.length > 0 || findings.gateway?.some((c) => !c.ok)) throw new Exit(EXIT.no);
}

function text(ctx: Context, f: Findings): string {
  const p = ctx.paint;
  const lines: string[] = [];
  const mark = (ok: boolean) => (ok ? p.green('✓') : p.red('✗'));
  for (const key of f.keys) {
    lines.push(
      `${mark(false)} ${key.provider} key in ${cleanLine(key.where)}${key.line === undefined ? '' : `:${key.line}`}  ${cleanLine(key.name)}=${cleanLine(key.hint)}`,
    );
  }
  if (f.keys.length === 0) lines.push(`${mark(true)} No provider key lies about.`);
  else lines.push(p.dim('  `sallyport doctor --fix` moves them to the keychain, showing each change first.'));
  for (const way of f.waysAround)
    lines.push(`${mark(false)} ${way.what}`, p.dim(`  seen: ${cleanLine(way.because)}`), p.dim(`  ${way.advice}`));
  if (f.waysAround.length === 0) lines.push(`${mark(true)} No known way around the gateway in this project.`);
  for (const check of f.gateway ?? []) {
    lines.push(`${mark(check.ok)} ${cleanLine(check.message)}`);
    if (!check.ok && check.advice !== undefined) lines.push(p.dim(`  ${cleanLine(check.advice)}`));
  }
  if (f.gateway === null) lines.push(p.dim('No gateway runs, so nothing was asked of it.'));
  for (const note of f.notes) lines.push(p.dim(note));
  return lines.join('\n');
}

/** Where a provider's key belongs, if the provider has one address for all. */
function placeOf(provider: string): Place | undefined {
  const known = knownProvider(provider);
  const address = known?.address === undefined ? undefined : readAddress(known.address);
  return address && { dialect: known!.dialect, ...address };
}

interface Place {
  dialect: string;
  origin: string;
  pathPrefix?: string;
}

function keepAt(gateway: ControlClient, capability: string | undefined): Keep {
  return {
    put: async (id, value) => void (await gateway.call('PUT', `/api/doctor/kept/${id}`, { body: { value }, capability })),
    get: async (id) => (await gateway.call<{ value: string }>('POST', `/api/doctor/kept/${id}/read`, { capability })).value,
    drop: async (id) => void (await gateway.call('DELETE', `/api/doctor/kept/${id}`, { capability })),
  };
}

async function fix(ctx: Context, keys: KeyInFile[], yes: boolean): Promise<void> {
  const ask = ctx.io.ask;
  if (!yes && ask === undefined) throw new Usage('There is no terminal to ask on; say --yes to move every key found.');
  const gateway = await ctx.gateway();
  const moved: (Change & { connection: string | null })[] = [];
  await asPerson(ctx, async (capability) => {
    const keep = keepAt(gateway, capability);
    // From the end of each file, so that the offsets of the others stay true.
    for (const key of [...keys].sort((a, b) => (a.file === b.file ? b.start - a.start : a.file.localeCompare(b.file)))) {
      const step = plan(key, new Date());
      const known = placeOf(key.provider);
      ctx.say(
        [
          `${key.file}:${key.line}`,
          ctx.paint.red(`- ${cleanLine(step.line.replaceAll(key.value, key.hint))}`),
          ctx.paint.green(`+ ${step.change.marker}`),
          known === undefined
            ? `  No connection speaks ${key.provider} by itself: the key is only kept, and can be put back.`
            : `  The key goes to connection "${key.provider}" (${known.origin}) unless that has one already.`,
        ].join('\n'),
      );
      if (!yes && !/^y(es)?$/i.test((await ask!('Do it? [y/N] ')).trim())) continue;
      const connection = known === undefined ? null : await give(gateway, key, known, capability);
      await apply(ctx.directory, step, keep);
      moved.push({ ...step.change, connection });
    }
  });
  ctx.print({ moved }, ({ moved: all }) =>
    all.length === 0
      ? 'Nothing was changed.'
      : [
          ...all.map((c) => `${c.id}  ${c.name} taken out of ${c.file}`),
          'Run agents with `sallyport run -- COMMAND`; put a line back with `sallyport doctor --undo ID`.',
        ].join('\n'),
  );
}

/** Gives the key to the provider's connection where that has none. Answers the connection's name, or null when it had one. */
async function give(gateway: ControlClient, key: KeyInFile, known: Place, capability: string | undefined): Promise<string | null> {
  const { connections } = await gateway.call<{ connections: (Connection & { needsKey?: boolean })[] }>('GET', '/api/connections');
  const there = connections.find((c) => c.name === key.provider);
  if (there === undefined) {
    await gateway.call('POST', '/api/connections', { body: { name: key.provider, ...known, key: key.value }, capability });
    return key.provider;
  }
  if (there.needsKey !== true || there.origin !== known.origin) return null;
  await gateway.call('PUT', `/api/connections/${key.provider}/key`, { body: { key: key.value }, capability });
  return key.provider;
}

async function putBack(ctx: Context, which: string | boolean): Promise<void> {
  const all = changes(ctx.directory);
  const chosen = typeof which === 'string' ? all.filter((c) => c.id === which) : all;
  if (chosen.length === 0)
    throw new SallyportError(
      'not_found',
      typeof which === 'string' ? `There is no change "${which}" to undo.` : 'There is nothing to undo.',
    );
  const gateway = await ctx.gateway();
  await asPerson(ctx, async (capability) => {
    const keep = keepAt(gateway, capability);
    const undone: { id: string; file: string; exact: boolean }[] = [];
    for (const change of chosen) undone.push({ id: change.id, file: change.file, ...(await undo(ctx.directory, change, keep)) });
    ctx.print({ undone }, ({ undone: list }) =>
      list
        .map((u) => `${u.file}: ${u.exact ? 'byte for byte as it was' : 'the line is back; other edits since then were left alone'}`)
        .join('\n'),
    );
  });
}
