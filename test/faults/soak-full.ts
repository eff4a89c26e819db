/** `npm run soak -- --minutes 60`: faults of provider, clients, machine and gateway at random, for as long as asked. */
import { parseArgs } from 'node:util';
import { soak } from './soak.js';

const { values } = parseArgs({ options: { minutes: { type: 'string', default: '60' } } });
const report = await soak(Number(values.minutes) * 60, (line) => process.stderr.write(`${line}\n`));
process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
process.exitCode = report.open + report.leaked + report.unrecorded + report.unserved === 0 && report.chainVerified ? 0 : 1;
