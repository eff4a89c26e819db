/** `npm run soak -- --minutes 60`: provider faults and clients that leave, at random, for as long as asked. */
import { parseArgs } from 'node:util';
import { soak } from './soak.js';

const { values } = parseArgs({ options: { minutes: { type: 'string', default: '60' } } });
const report = await soak(Number(values.minutes) * 60);
process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
process.exitCode = report.open + report.leaked + report.unserved === 0 && report.chainVerified ? 0 : 1;
