import { Ajv, type Options, type ValidateFunction } from 'ajv';
import { SETTINGS_SCHEMA } from './schema.js';

/** The schema is our own and checked by a test. */
export const SHAPE_OPTIONS: Options = { allErrors: true, strict: true, validateSchema: false };

/**
 * The settings' schema as a function; `formats` are its own formats by name. The build puts the compiled function in this module's
 * place (scripts/build.mjs), because compiling takes longer than everything else that a start does with settings.
 */
export function compileShape(formats: Record<string, (text: string) => boolean>): ValidateFunction {
  const ajv = new Ajv(SHAPE_OPTIONS);
  for (const [name, test] of Object.entries(formats)) ajv.addFormat(name, test);
  return ajv.compile(SETTINGS_SCHEMA);
}
