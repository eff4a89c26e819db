import type { InlineDetector, SwallowRule } from '../rules.js';
import { assigned } from './assigned.js';
import { calls } from './calls.js';
import { kinds } from './kinds.js';
import { shapes } from './shapes.js';
import { spoken } from './spoken.js';

const swallow: SwallowRule[] = [
  {
    entity: 'PRIVATE_KEY',
    start: /-----BEGIN (?:[A-Z0-9]{1,20} ){0,4}PRIVATE KEY/y,
    end: /-----END (?:[A-Z0-9]{1,20} ){0,4}PRIVATE KEY(?: BLOCK)?-----/,
    maxLength: 16384,
  },
  { entity: 'JSON_WEB_TOKEN', start: /eyJ[\w-]{12}/y, end: /(?=[^\w.-])/, maxLength: 8192 },
  { entity: 'ANTHROPIC_API_KEY', start: /sk-ant-[\w-]{12}/y, end: /(?=[^\w-])/, maxLength: 300 },
  { entity: 'OPENAI_API_KEY', start: /sk-(?:proj|svcacct|admin)-[\w-]{12}/y, end: /(?=[^\w-])/, maxLength: 300 },
];

/** Provider keys, private keys, tokens, connection strings, passwords. */
export const secretDetector: InlineDetector = { name: 'secrets', rules: [...shapes, ...kinds, ...assigned, ...calls, ...spoken], swallow };
