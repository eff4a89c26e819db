import type { Readable } from 'node:stream';
import type { ControlClient, JobView } from '../control/index.js';
import type { ExportFormat, Progress, ReplayData, VerifyInput, VerifyReport } from '../control/types.js';
import type { ExchangeDetail, LedgerReader, SessionDetail, SessionQuery, SessionRow } from '../ledger/index.js';
import type { Context } from './context.js';

/** What the reading verbs need; fulfilled by a running gateway, or straight from the ledger while none runs. */
export interface Reading {
  readonly live: boolean;
  sessions(query: SessionQuery): Promise<{ sessions: SessionRow[]; total: number; nextCursor?: string }>;
  session(id: string): Promise<SessionDetail | undefined>;
  exchange(id: string): Promise<ExchangeDetail | undefined>;
  replay(session: string, from?: string): Promise<(ReplayData & { nextFrom?: string }) | undefined>;
  verify(input: VerifyInput, options: { onProgress(progress: Progress): void; signal: AbortSignal }): Promise<VerifyReport>;
  export(
    input: { format: ExportFormat; sessions?: string[]; search?: string; originals?: boolean },
    capability?: string,
  ): Promise<Exported>;
  close(): Promise<void>;
}

export interface Exported {
  filename: string;
  stream: Readable;
}

/** The gateway where one runs, else the ledger itself. */
export async function openReading(ctx: Context): Promise<Reading> {
  const gateway = await ctx.findGateway();
  if (gateway !== undefined) return throughGateway(gateway);
  const { fromDisk } = await import('./reading-disk.js');
  return fromDisk(ctx);
}

function throughGateway(client: ControlClient): Reading {
  const maybe = async <T>(path: string): Promise<T | undefined> => {
    try {
      return await client.call<T>('GET', path);
    } catch (error) {
      if ((error as { code?: string }).code === 'not_found') return undefined;
      throw error;
    }
  };
  const part = encodeURIComponent;
  return {
    live: true,
    sessions: (query) => {
      const params = new URLSearchParams();
      for (const [name, value] of Object.entries(query)) if (value !== undefined) params.set(name, String(value));
      return client.call('GET', `/api/sessions?${params}`);
    },
    session: (id) => maybe(`/api/sessions/${part(id)}`),
    exchange: (id) => maybe(`/api/exchanges/${part(id)}`),
    replay: (id, from) => maybe(`/api/sessions/${part(id)}/replay${from === undefined ? '' : `?from=${part(from)}`}`),
    verify: async (input, options) => (await runJob(client, '/api/verify', input, options)) as VerifyReport,
    async export(input, capability) {
      const res = await client.raw('POST', '/api/export', { body: input, capability });
      if (res.statusCode !== 200) {
        const chunks: Buffer[] = [];
        for await (const chunk of res) chunks.push(chunk as Buffer);
        throw client.error(Buffer.concat(chunks).toString('utf8'));
      }
      const filename = /filename="([\w.-]+)"/.exec(res.headers['content-disposition'] ?? '')?.[1] ?? 'export';
      return { filename, stream: res };
    },
    close: async () => undefined,
  };
}

/** Starts a job, asks about it until it ends, cancels it when `signal` says so. @throws SallyportError as the job failed */
export async function runJob(
  client: ControlClient,
  path: string,
  body: unknown,
  options: { onProgress(progress: Progress): void; signal: AbortSignal; capability?: string },
): Promise<unknown> {
  const { SallyportError } = await import('../contract/index.js');
  let job = await client.call<JobView>('POST', path, { body, capability: options.capability });
  const cancel = () => void client.call('DELETE', `/api/jobs/${job.id}`).catch(() => undefined);
  options.signal.addEventListener('abort', cancel, { once: true });
  try {
    for (let pause = 20; job.state === 'running'; pause = Math.min(250, pause * 2)) {
      await new Promise((done) => setTimeout(done, pause));
      job = await client.call<JobView>('GET', `/api/jobs/${job.id}`);
      options.onProgress(job.progress);
    }
  } finally {
    options.signal.removeEventListener('abort', cancel);
  }
  if (job.state === 'cancelled') throw new SallyportError('conflict', 'Cancelled.');
  if (job.error !== undefined) throw new SallyportError(job.error.code as 'internal', job.error.message);
  return job.result;
}

export type { LedgerReader };
