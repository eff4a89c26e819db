import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { createOriginals, exportSessions, openReader } from '../../proxy/ledger/index.js';
import { exchangeRecords, memorySecrets, open, options, systemClock, tempDirectory } from './support.js';

test('200 original values handed to the vault, and masked text in contents: neither is readable in any file, values in no export', async (t) => {
  const directory = tempDirectory(t);
  const secrets = memorySecrets();
  const writer = await open(options(directory, { secrets, segmentBytes: 50_000 }));
  const originals = await createOriginals({ directory, secrets, clock: systemClock });
  const values: string[] = [];
  const masked: string[] = [];
  for (let i = 0; i < 200; i++) {
    const value = `${randomBytes(6).toString('hex')}@canary-${i}.example`;
    const word = `masked${randomBytes(8).toString('hex')}`;
    values.push(value);
    masked.push(word);
    const session = `se_${i % 20}`;
    await originals.add(session, [{ placeholder: `EMAIL_ADDRESS_${i}`, entity: 'EMAIL_ADDRESS', value, reversible: i % 2 === 0 }]);
    for (const records of exchangeRecords({ session, exchange: `ex_${i}`, text: `EMAIL_ADDRESS_${i} ${word}` }))
      await writer.record(records, 'written');
  }
  const reader = await openReader({ directory, secrets });
  assert.equal((await reader.sessions({ search: `value:${values[7]}` })).sessions[0]!.id, 'se_7');
  assert.equal((await reader.sessions({ search: masked[7]! })).sessions[0]!.id, 'se_7');
  const exports: string[] = [];
  for (const format of ['sally', 'jsonl', 'har', 'otlp', 'markdown'] as const) {
    const { stream } = await exportSessions({ directory, secrets, reader, writer, clock: systemClock, format, search: '' });
    exports.push(await text(stream));
  }
  await reader.close();
  await writer.close();
  const files = (readdirSync(directory, { recursive: true }) as string[])
    .map((name) => join(directory, name))
    .filter((path) => statSync(path).isFile());
  const onDisk = files.map((path) => readFileSync(path, 'latin1'));
  assert.ok(files.length >= 20);
  for (const value of values) {
    for (const form of [value, Buffer.from(value).toString('base64').slice(0, 16), Buffer.from(value).toString('hex')]) {
      assert.ok(![...onDisk, ...exports].some((content) => content.includes(form)));
    }
  }
  for (const word of masked) assert.ok(!onDisk.some((content) => content.includes(word)));
});
