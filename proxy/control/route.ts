import type { Request, Response } from 'express';
import type { Person } from '../contract/index.js';
import type { Admission } from './admission.js';
import type { EventHub } from './events.js';
import type { Jobs } from './jobs.js';
import type { ControlOptions, ControlServices } from './types.js';

/** JSON Schema (2020-12 subset that ajv and OpenAPI 3.1 share). */
export type Schema = Record<string, unknown>;

/**
 * Who may call a route: `admitted` = whoever passed the door (socket token, or the console's cookie);
 * `person` = also a person's capability. There is no route for anybody else.
 */
export type Access = 'admitted' | 'person';

/** Which face the caller came through. `console` may not create references to files and commands of this machine. */
export type Face = 'socket' | 'console';

export interface Call {
  services: ControlServices;
  options: ControlOptions;
  /** A new one-time address of the console, where one is served. */
  consoleUrl(): string | undefined;
  hub: EventHub;
  jobs: Jobs;
  admission: Admission;
  face: Face;
  params: Record<string, string>;
  query: Record<string, string | undefined>;
  /** Checked against the route's schema before `handle` is called. */
  body: Record<string, unknown>;
  /** Set on routes with access `person`. */
  person: Person;
  /** The capability as presented; for routes that hand it on. */
  capability?: string;
  /** The person where one is presented, for routes that need one only sometimes. @throws person_required */
  requirePerson(): Person;
  /** Ends when the client is gone. */
  signal: AbortSignal;
  req: Request;
  res: Response;
}

export interface Route {
  method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** Express spelling: `/api/agents/:id`. */
  path: string;
  tag: string;
  summary: string;
  access: Access;
  /** Query parameters: name → schema with description. */
  query?: Record<string, Schema>;
  body?: Schema;
  /** The answer's schema (200 unless `status` says otherwise). */
  answer?: Schema;
  answerType?: string;
  status?: number;
  /** May return a value (sent as JSON) or write to `res` itself. */
  handle(call: Call): unknown;
}

/** An object schema in which unknown fields are errors. */
export function object(properties: Record<string, Schema>, required: string[] = []): Schema {
  return { type: 'object', properties, required, additionalProperties: false };
}

export const text = (description?: string, more: Schema = {}): Schema => ({
  type: 'string',
  ...(description === undefined ? {} : { description }),
  ...more,
});
export const list = (items: Schema): Schema => ({ type: 'array', items });
export const flag = (description?: string): Schema => ({ type: 'boolean', ...(description === undefined ? {} : { description }) });
export const ref = (name: string): Schema => ({ $ref: `#/components/schemas/${name}` });
