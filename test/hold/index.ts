/**
 * `npm run hold -- --seconds 660 [--scale N] [--client NAME] [--json]`: every real client is held that long, all at the same time, once
 * to be approved and once to be denied. `--scale 60` divides all times by 60, ours and the clients' own.
 */
import { parseArgs } from 'node:util';
import { holdAll } from './hold.js';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '660' },
    scale: { type: 'string', default: '1' },
    client: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
});
const seconds = Number(values.seconds);
const scale = Number(values.scale);
if (!(seconds > 0) || !(scale >= 1)) {
  process.stderr.write('--seconds and --scale are positive numbers, --scale at least 1.\n');
  process.exit(2);
}
const clients = await holdAll({
  seconds,
  scale,
  ...(values.client === undefined ? {} : { client: values.client }),
  say: (line) => process.stderr.write(`${line}\n`),
});
if (clients.length === 0) {
  process.stderr.write(`No client is called "${values.client}".\n`);
  process.exit(2);
}
if (values.json) process.stdout.write(`${JSON.stringify({ clients }, null, 2)}\n`);
else process.stdout.write(`${clients.filter((c) => c.ok).length} of ${clients.length} as they should be\n`);
process.exitCode = clients.every((c) => c.ok) ? 0 : 1;
