/** `npm run test:approvals-full [HISTORIES]`: the long form, 100,000 histories unless told otherwise. */
import fc from 'fast-check';
import { acts, counted, runHistory } from './histories.js';

const numRuns = Number(process.argv[2] ?? 100_000);
const started = performance.now();
await fc.assert(fc.asyncProperty(acts, runHistory), { numRuns });
for (const [what, n] of Object.entries(counted)) if (n === 0) throw new Error(`${what} never happened`);
console.log(JSON.stringify({ ...counted, seconds: Math.round((performance.now() - started) / 100) / 10 }));
