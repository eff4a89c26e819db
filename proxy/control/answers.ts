import type { Response } from 'express';
import { SallyportError } from '../contract/index.js';

/** The one shape of an error: `{ error: { code, message, rule?, details? } }`. Foreign errors never show their own text. */
export function errorBody(error: unknown): { status: number; body: { error: Record<string, unknown> } } {
  const known =
    error instanceof SallyportError
      ? error
      : new SallyportError('internal', 'The control API failed on this call. Nothing was changed by it.');
  return {
    status: known.status,
    body: {
      error: {
        code: known.code,
        message: known.message,
        ...(known.rule === undefined ? {} : { rule: known.rule }),
        ...(known.details === undefined ? {} : { details: known.details }),
      },
    },
  };
}

export function sendError(res: Response, error: unknown): void {
  if (res.headersSent) {
    res.destroy();
    return;
  }
  const { status, body } = errorBody(error);
  res.status(status).json(body);
}

/** Errors of express and its body parser, in our own words. */
export function fromExpress(error: unknown): unknown {
  if (error instanceof SallyportError) return error;
  const status = (error as { status?: number; type?: string } | null)?.status;
  const type = (error as { type?: string } | null)?.type;
  if (type === 'entity.too.large') return new SallyportError('body_too_large', 'The control API takes at most 16 MiB of JSON.');
  if (type === 'entity.parse.failed') return new SallyportError('bad_json', 'The body is not valid JSON.');
  if (status === 415) return new SallyportError('bad_content_type', 'Send application/json in UTF-8.');
  if (status === 400) return new SallyportError('bad_path', 'The path cannot be read.');
  return error;
}
