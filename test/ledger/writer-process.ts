/** A process that appends until it is killed; says on standard output what was acknowledged. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SecretStore } from '../../proxy/contract/index.js';
import { exchangeRecords, open, systemClock } from './support.js';

const [directory, run] = process.argv.slice(2) as [string, string];
const path = join(directory, 'secrets.json');
const values = new Map<string, string>(existsSync(path) ? Object.entries(JSON.parse(readFileSync(path, 'utf8'))) : []);
const secrets: SecretStore = {
  kind: 'unprotected-file',
  protected: false,
  acceptsProviderKeys: false,
  get: async (name) => values.get(name),
  set: async (name, value) => {
    values.set(name, value);
    writeFileSync(path, JSON.stringify(Object.fromEntries(values)));
  },
  delete: async (name) => void values.delete(name),
};

const ledger = await open({ directory, secrets, clock: systemClock, segmentBytes: 60_000 });
const say = (text: string) => process.stdout.write(`${text}\n`);
say('ready');
for (let lane = 0; lane < 8; lane++) {
  void (async () => {
    for (let i = 0; ; i++) {
      const exchange = `ex_${run}_${lane}_${i}`;
      for (const [step, records] of exchangeRecords({ session: `se_${run}_${lane}`, exchange, text: `t${i}` }).entries()) {
        const marked = records.map((record) => ({ ...record, meta: { ...record.meta, mark: `${exchange}/${step}` } }));
        await ledger.record(marked, records[0]!.kind === 'delta' ? 'written' : 'synced');
        say(`${exchange}/${step}`);
      }
    }
  })();
}
