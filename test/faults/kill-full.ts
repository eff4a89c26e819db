/** `npm run faults -- --kills 200 [--json]`: kill -9 of the built gateway under load, as often as asked. */
import { parseArgs } from 'node:util';
import { killLoop } from './kill.js';

const { values } = parseArgs({ options: { kills: { type: 'string', default: '200' }, json: { type: 'boolean', default: false } } });
const report = await killLoop({ kills: Number(values.kills), say: (line) => process.stderr.write(`${line}\n`) });
const { problems, exchanges, ...figures } = report;
for (const problem of problems.slice(0, 50)) process.stderr.write(`${problem}\n`);
process.stdout.write(
  values.json
    ? `${JSON.stringify(figures)}\n`
    : `${report.kills} kills, ${exchanges} exchanges, ${report.acknowledged} facts seen outside, ${report.lost} lost, ${report.openEnds} without an end, chain ${report.chainVerified ? 'verified' : 'BROKEN'}\n`,
);
process.exitCode = report.lost === 0 && report.openEnds === 0 && report.chainVerified ? 0 : 1;
