import type { InlineDetector } from '../rules.js';
import { email } from './email.js';
import { ipv6 } from './network.js';

/** Personal data that is found by literals. Numbers come from `numbers.ts` by digit runs. */
export const piiDetector: InlineDetector = { name: 'pii', rules: [email, ipv6] };
export { numbers } from './numbers.js';
