import type { InlineDetector } from '../rules.js';
import { dates } from './dates.js';
import { email } from './email.js';
import { ipv6, mac } from './network.js';
import { words } from './words.js';

/** Personal data that is found by literals. Numbers come from `numbers.ts` by digit runs. */
export const piiDetector: InlineDetector = { name: 'pii', rules: [email, ipv6, mac, ...words, ...dates] };
export { numbers } from './numbers.js';
