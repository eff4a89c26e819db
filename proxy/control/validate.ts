import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { SallyportError } from '../contract/index.js';
import type { Route, Schema } from './route.js';
import { SCHEMAS } from './schemas.js';

let made: Ajv2020 | undefined;

/** Made at the first body: not needed to start. That the schemas are schemas is the matter of a test. */
function ajv(): Ajv2020 {
  if (made === undefined) {
    made = new Ajv2020({ allErrors: true, strict: false, coerceTypes: false, validateSchema: false });
    for (const [name, schema] of Object.entries(SCHEMAS)) made.addSchema(local(schema), name);
  }
  return made;
}

/** `#/components/schemas/X` means X here. */
function local(schema: Schema): Schema {
  return JSON.parse(JSON.stringify(schema).replaceAll('#/components/schemas/', '')) as Schema;
}

const compiled = new WeakMap<Route, ValidateFunction>();

/** @throws SallyportError invalid; details: [{ path, problem }] */
export function checkBody(route: Route, body: unknown): Record<string, unknown> {
  if (route.body === undefined) {
    if (body !== undefined && body !== null && Object.keys(body as object).length > 0) {
      throw new SallyportError('invalid', 'This call takes no body.');
    }
    return {};
  }
  let check = compiled.get(route);
  if (check === undefined) {
    check = ajv().compile(local(route.body));
    compiled.set(route, check);
  }
  const value = body ?? {};
  if (!check(value)) {
    const details = (check.errors ?? []).map((error) => ({
      path: error.instancePath,
      problem: [error.message, (error.params as { additionalProperty?: string }).additionalProperty].filter(Boolean).join(': '),
    }));
    const first = details[0];
    throw new SallyportError('invalid', `The input is not valid: ${first?.path || 'the body'} ${first?.problem ?? ''}.`, { details });
  }
  return value as Record<string, unknown>;
}

/** @throws SallyportError invalid */
export function checkQuery(route: Route, query: Record<string, unknown>): Record<string, string | undefined> {
  const out: Record<string, string | undefined> = {};
  for (const [name, value] of Object.entries(query)) {
    if (route.query?.[name] === undefined) throw new SallyportError('invalid', `Unknown query parameter "${name}".`);
    if (typeof value !== 'string') throw new SallyportError('invalid', `Query parameter "${name}" may stand once.`);
    out[name] = value;
  }
  return out;
}
