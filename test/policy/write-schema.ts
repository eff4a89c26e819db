/** Writes docs/policy.schema.json from the loader's tables. A test compares the two. */
import { writeFileSync } from 'node:fs';
import { policyJsonSchema } from '../../proxy/policy/json-schema.js';

writeFileSync(new URL('../../docs/policy.schema.json', import.meta.url), `${JSON.stringify(policyJsonSchema(), null, 2)}\n`);
