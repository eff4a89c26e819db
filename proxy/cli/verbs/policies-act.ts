import { readFileSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import type { BacktestReport, Explanation, ImportReport, PolicyProblem, PolicySummary } from '../../policy/index.js';
import type { Context } from '../context.js';
import { EXIT, Exit, Usage } from '../exit.js';
import { since } from '../expiry.js';
import { asPerson } from '../person.js';
import { progressLine } from '../progress.js';
import { runJob } from '../reading.js';
import { clean, cleanLine } from '../terminal.js';

const part = encodeURIComponent;

export async function list(ctx: Context): Promise<void> {
  const gateway = await ctx.gateway();
  ctx.print(await gateway.call<{ policies: PolicySummary[] }>('GET', '/api/policies'), ({ policies }) =>
    ctx.table(
      ['NAME', 'FROM', 'JUDGES', 'RULES', 'REVISION'],
      policies.map((p) => [p.name, p.source, p.active ? 'yes' : 'no', p.rules, p.revision]),
    ),
  );
}

export async function show(ctx: Context, name: string): Promise<void> {
  const gateway = await ctx.gateway();
  ctx.print(await gateway.call<{ source: string }>('GET', `/api/policies/${part(name)}`), ({ source }) => clean(source));
}

export async function preset(ctx: Context, name: string): Promise<void> {
  if (!['observe', 'balanced', 'strict'].includes(name)) throw new Usage('The presets are observe, balanced and strict.');
  const gateway = await ctx.gateway();
  await asPerson(ctx, async (capability) => {
    const now = await gateway.call<{ preset: string; revision: string }>('PUT', '/api/policy/preset', {
      body: { preset: name },
      capability,
    });
    ctx.print(now, (n) => `${n.preset} judges from the next request on (revision ${n.revision}).`);
  });
}

async function read(ctx: Context, file: string): Promise<string> {
  if (file === '-') return ctx.io.readAll();
  try {
    return readFileSync(resolve(ctx.io.cwd, file), 'utf8');
  } catch {
    throw new Usage(`${file} cannot be read.`);
  }
}

interface Check {
  ok: boolean;
  problems: PolicyProblem[];
  rules: { id: string; action: string }[];
}

export async function validate(ctx: Context, file: string): Promise<void> {
  const source = await read(ctx, file);
  const gateway = await ctx.findGateway();
  const check =
    gateway === undefined
      ? await validateHere(ctx, source)
      : await gateway.call<Check>('POST', '/api/policy/validate', { body: { source } });
  ctx.print(check, (c) => problems(ctx, c, file));
  if (!check.ok) throw new Exit(EXIT.no);
}

/** Without a gateway: the same store, over the settings on disk, read only. */
async function validateHere(ctx: Context, source: string): Promise<Check> {
  const [{ openPolicies }, { openSettings }] = await Promise.all([import('../../policy/index.js'), import('../../settings/index.js')]);
  const store = openPolicies({ directory: ctx.directory, settings: await openSettings(ctx.directory) });
  try {
    return await (await store).validate(source);
  } finally {
    (await store).close();
  }
}

function problems(ctx: Context, check: Check, file: string): string {
  const lines = check.problems.map((p) => {
    const at = p.line === undefined ? file : `${file}:${p.line}${p.column === undefined ? '' : `:${p.column}`}`;
    const kind = p.severity === 'error' ? ctx.paint.red('error') : ctx.paint.yellow('warning');
    return `${at}  ${kind}  ${cleanLine(p.message)}${p.suggestion === undefined ? '' : ` (${cleanLine(p.suggestion)})`}`;
  });
  return [
    ...lines,
    check.ok ? `${ctx.paint.green('valid')}: ${check.rules.length} rules, all examples hold.` : ctx.paint.red('not valid'),
  ].join('\n');
}

export async function save(ctx: Context, file: string, options: { name?: string; draft?: boolean }): Promise<void> {
  const source = await read(ctx, file);
  const name = options.name ?? (file === '-' ? undefined : basename(file));
  if (name === undefined) throw new Usage('Give it a name: --name rules.yaml.');
  const gateway = await ctx.gateway();
  await asPerson(ctx, async (capability) => {
    const saved = await gateway.call<PolicySummary>('PUT', `/api/policies/${part(name)}`, {
      body: { source, ...(options.draft === true ? { activate: false } : {}) },
      capability,
    });
    ctx.print(
      saved,
      (p) =>
        `Saved ${p.name} (${p.rules} rules, revision ${p.revision}); ${p.active ? 'it judges from the next request on' : 'it does not judge yet'}.`,
    );
  });
}

export async function remove(ctx: Context, name: string): Promise<void> {
  const gateway = await ctx.gateway();
  await asPerson(ctx, async (capability) => {
    await gateway.call('DELETE', `/api/policies/${part(name)}`, { capability });
    ctx.print({ removed: name }, () => `Removed ${name}.`);
  });
}

export interface BacktestOptions {
  since: string;
  until?: string;
  agent?: string;
  name?: string;
  originals?: boolean;
}

export async function backtest(ctx: Context, file: string, options: BacktestOptions): Promise<void> {
  const now = Date.now();
  const gateway = await ctx.gateway();
  const body = {
    source: await read(ctx, file),
    since: since(options.since, now),
    ...(options.until === undefined ? {} : { until: since(options.until, now) }),
    ...(options.agent === undefined ? {} : { agent: options.agent }),
    ...(options.name === undefined ? {} : { name: options.name }),
    ...(options.originals === true ? { originals: true } : {}),
  };
  const line = progressLine(ctx, 'judging again');
  const run = (capability?: string) =>
    line.during((signal) =>
      runJob(gateway, '/api/policy/backtest', body, { signal, onProgress: line.show, ...(capability ? { capability } : {}) }),
    ) as Promise<BacktestReport>;
  const report = options.originals === true ? await asPerson(ctx, run) : await run();
  ctx.print(report, (r) => {
    const skipped = r.skipped === 0 ? '' : `, ${r.skipped} could not be judged again`;
    const head = `${r.exchanges} exchanges judged in ${r.seconds.toFixed(1)} s${skipped}; ${r.changes.length} would change.`;
    if (r.changes.length === 0) return head;
    return `${head}\n\n${ctx.table(
      ['FALSE ALARM?', 'WAS', 'BECOMES', 'EXCHANGE', 'AGENT', 'RULE'],
      r.changes.map((c) => [c.likelyFalseAlarm ? 'likely' : '', c.was, c.becomes, c.exchange, c.agent, `${c.rule}: ${c.sentence}`]),
    )}`;
  });
  if (report.changes.length > 0) throw new Exit(EXIT.no);
}

export async function explain(ctx: Context, exchange: string): Promise<void> {
  const gateway = await ctx.gateway();
  ctx.print(await gateway.call<Explanation>('GET', `/api/exchanges/${part(exchange)}/explain`), (e) =>
    [
      `${e.exchange}, judged by policy ${e.policyRevision}${e.changedSince ? ctx.paint.yellow(' (changed since it happened)') : ''}`,
      ...e.subjects.flatMap((s) => [
        '',
        `${ctx.paint.bold(cleanLine(s.about))}: ${s.action} by ${s.rule}`,
        `  ${cleanLine(s.sentence)}`,
        ...s.matched.slice(1).map((m) => ctx.paint.dim(`  also matched ${m.rule} (${m.action})`)),
        ...(s.nearest === undefined
          ? []
          : [ctx.paint.dim(`  nearest that did not: ${s.nearest.rule}, because ${cleanLine(s.nearest.because)}`)]),
      ]),
    ].join('\n'),
  );
}

/** Pure: works without a gateway, saves nothing. */
export async function importRules(ctx: Context, file: string, options: { from: string }): Promise<void> {
  const { importEntities, importHoopGuardrails } = await import('../../policy/index.js');
  const text = await read(ctx, file);
  let report: ImportReport;
  try {
    report = options.from === 'hoop' ? importHoopGuardrails(text) : importEntities(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new Usage(`${file} is not valid JSON.`);
  }
  if (!ctx.json) {
    for (const m of report.mapped) ctx.say(`${ctx.paint.green('mapped')}      ${cleanLine(m.from)} → ${cleanLine(m.to)}`);
    for (const n of report.notMapped) ctx.say(`${ctx.paint.yellow('not mapped')}  ${cleanLine(n.what)}: ${cleanLine(n.why)}`);
  }
  ctx.print(report, (r) => clean(r.source));
}
