import { Ajv, type ValidateFunction } from 'ajv';
import { SETTINGS_SCHEMA } from './schema.js';

/**
 * The settings' schema as a function; `formats` are its own formats by name. The build puts the compiled function in this module's
 * place (scripts/build.mjs), because compiling takes longer than everything else that a start does with settings.
 */
export function compileShape(formats: Record<string, (text: string) => boolean>): ValidateFunction {
  // The schema is our own and checked by a test.
  const ajv = new Ajv({ allErrors: true, strict: true, validateSchema: false });
  for (const [name, test] of Object.entries(formats)) ajv.addFormat(name, test);
  return ajv.compile(SETTINGS_SCHEMA);
}
