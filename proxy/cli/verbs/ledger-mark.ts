import { SallyportError } from '../../contract/index.js';
import type { SessionDetail } from '../../ledger/index.js';
import type { Context } from '../context.js';
import { Usage } from '../exit.js';
import { asPerson } from '../person.js';
import { progressLine } from '../progress.js';
import { runJob } from '../reading.js';
import { cleanLine } from '../terminal.js';

export interface MarkOptions {
  title?: string;
  label?: string[];
  unlabel?: string[];
  star?: boolean;
  hold?: boolean;
  note?: string;
}

/** Says something about a session; each act is a record of a named person. */
export async function mark(ctx: Context, id: string, options: MarkOptions): Promise<void> {
  const { title, label = [], unlabel = [], star, hold, note } = options;
  const labelled = label.length + unlabel.length > 0;
  const body: Record<string, unknown> = {
    ...(title === undefined ? {} : { title }),
    ...(star === undefined ? {} : { starred: star }),
    ...(hold === undefined ? {} : { legalHold: hold }),
  };
  if (!labelled && note === undefined && Object.keys(body).length === 0)
    throw new Usage('Say what: --title, --label, --unlabel, --star, --hold or --note.');
  const gateway = await ctx.gateway();
  const path = `/api/sessions/${encodeURIComponent(id)}`;
  await asPerson(ctx, async (capability) => {
    if (labelled) {
      const { labels } = await gateway.call<SessionDetail>('GET', path);
      body['labels'] = [...new Set([...labels, ...label])].filter((one) => !unlabel.includes(one));
    }
    if (Object.keys(body).length > 0) await gateway.call('PATCH', path, { body, capability });
    if (note !== undefined) await gateway.call('POST', `${path}/notes`, { body: { text: note }, capability });
    const now = await gateway.call<SessionDetail>('GET', path);
    ctx.print(now, (s) => {
      const marks = [s.starred ? '★' : '', s.legalHold ? 'legal hold' : '', ...s.labels.map(cleanLine)].filter(Boolean).join(', ');
      return `${s.id}  ${cleanLine(s.title)}${marks === '' ? '' : `  (${marks})`}`;
    });
  });
}

interface Plan {
  segments: number;
  bytes: number;
  sessions: number;
  until?: string;
  forgotten?: string[];
  kept?: { segment: number; why: string; session: string }[];
}

export async function retention(ctx: Context, { apply }: { apply?: boolean }): Promise<void> {
  const gateway = await ctx.gateway();
  await asPerson(ctx, async (capability) => {
    const plan = await gateway.call<Plan>('POST', '/api/retention', { body: { dryRun: apply !== true }, capability });
    ctx.print(plan, (p) => {
      const verb = apply === true ? 'Removed' : 'Would remove';
      const until = p.until === undefined ? '' : `, up to ${p.until}`;
      return [
        `${verb} ${p.segments} segments (${(p.bytes / 1e6).toFixed(1)} MB) with ${p.sessions} whole sessions${until}.`,
        ...((p.forgotten?.length ?? 0) > 0
          ? [`${apply === true ? 'Forgot' : 'Would forget'} ${p.forgotten!.length} sessions by their agents.`]
          : []),
        ...(p.kept ?? []).map((k) => `Segment ${k.segment} stays: ${k.why} (${cleanLine(k.session)}).`),
      ].join('\n');
    });
  });
}

export async function reindex(ctx: Context): Promise<void> {
  const gateway = await ctx.findGateway();
  const line = progressLine(ctx, 'indexing');
  const started = performance.now();
  if (gateway === undefined)
    throw new SallyportError('conflict', 'No gateway runs here; it builds the index anew by itself when index.db is gone.');
  await asPerson(ctx, async (capability) => {
    await line.during((signal) => runJob(gateway, '/api/index/rebuild', {}, { signal, onProgress: line.show, capability }));
  });
  const seconds = Math.round((performance.now() - started) / 100) / 10;
  ctx.print({ seconds }, () => `The index was built anew in ${seconds} s.`);
}
