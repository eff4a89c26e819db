import { pipeline } from 'node:stream/promises';
import { SallyportError } from '../../contract/index.js';
import { flag, list, object, type Route, ref, text } from '../route.js';
import type { ExportFormat } from '../types.js';

const sequence = { type: 'integer', minimum: 0 };

export const ledgerRoutes: Route[] = [
  {
    method: 'post',
    path: '/api/verify',
    tag: 'ledger',
    summary: 'Verify the ledger: whole, a range, one session. Answers a job; its result names the first bad record and field.',
    access: 'admitted',
    body: object({ from: sequence, to: sequence, session: text(), bundle: text('path of an exported bundle; only from this machine') }),
    answer: ref('Job'),
    status: 202,
    handle: ({ services, body, jobs, face }) => {
      if (body['bundle'] !== undefined && face !== 'socket') {
        throw new SallyportError('forbidden', 'A bundle is verified by `sallyport verify FILE` on the machine that has it.');
      }
      return jobs.start('verify', (options) => services.acts.verify(body, options));
    },
  },
  {
    method: 'get',
    path: '/api/jobs',
    tag: 'ledger',
    summary: 'Running jobs and the last ended ones.',
    access: 'admitted',
    answer: object({ jobs: list(ref('Job')) }),
    handle: ({ jobs }) => ({ jobs: jobs.list() }),
  },
  {
    method: 'get',
    path: '/api/jobs/:id',
    tag: 'ledger',
    summary: 'Progress or result of a job.',
    access: 'admitted',
    answer: ref('Job'),
    handle: ({ jobs, params }) => jobs.get(params['id']!),
  },
  {
    method: 'delete',
    path: '/api/jobs/:id',
    tag: 'ledger',
    summary: 'Cancel a job.',
    access: 'admitted',
    answer: ref('Job'),
    handle: ({ jobs, params }) => jobs.cancel(params['id']!),
  },
  {
    method: 'post',
    path: '/api/export',
    tag: 'ledger',
    summary: 'Export sessions. Masked, unless a person deliberately asks for originals, which is recorded.',
    access: 'admitted',
    body: object(
      {
        format: { enum: ['sally', 'jsonl', 'har', 'otlp', 'markdown'] },
        sessions: { ...list(text()), minItems: 1 },
        search: text('typed search, in place of `sessions`'),
        originals: flag(),
      },
      ['format'],
    ),
    answerType: 'application/octet-stream',
    handle: async (call) => {
      const input = call.body as { format: ExportFormat; sessions?: string[]; search?: string; originals?: boolean };
      const person = input.originals === true || call.capability !== undefined ? call.requirePerson() : undefined;
      const { filename, contentType, stream } = await call.services.acts.export(input, person);
      call.res.writeHead(200, {
        'content-type': contentType,
        'content-disposition': `attachment; filename="${filename.replace(/[^\w.-]/g, '_')}"`,
      });
      await pipeline(stream, call.res);
    },
  },
  {
    method: 'post',
    path: '/api/retention',
    tag: 'ledger',
    summary: 'Apply retention now, or (dryRun) say what it would remove.',
    access: 'person',
    body: object({ dryRun: flag() }, ['dryRun']),
    answer: object({ segments: sequence, bytes: sequence, sessions: sequence, until: text() }),
    handle: ({ services, body, person }) => services.acts.retention({ dryRun: body['dryRun'] as boolean }, person),
  },
  {
    method: 'post',
    path: '/api/index/rebuild',
    tag: 'ledger',
    summary: 'Rebuild the index from the ledger, in the background. Answers a job.',
    access: 'person',
    answer: ref('Job'),
    status: 202,
    handle: ({ services, jobs }) => {
      const rebuild = services.acts.rebuildIndex;
      if (rebuild === undefined) throw new SallyportError('not_found', 'This gateway keeps no index to rebuild.');
      return jobs.start('rebuild-index', (options) => rebuild(options));
    },
  },
];
