import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { SallyportError } from '../../proxy/contract/index.js';
import { checkSettings, defaultSettings, openSettings, parseCredentialReference } from '../../proxy/settings/index.js';

test('whatever stands in the file: the settings open validly or with a named error', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'sallyport-settings-'));
  const valid = JSON.stringify(defaultSettings());
  const text = fc.oneof(
    fc.string({ maxLength: 100 }),
    fc.json(),
    fc
      .tuple(fc.nat(valid.length), fc.nat(20), fc.string({ maxLength: 5 }))
      .map(([at, cut, put]) => valid.slice(0, at) + put + valid.slice(at + cut)),
    fc
      .dictionary(fc.constantFrom(...Object.keys(defaultSettings())), fc.jsonValue({ maxDepth: 3 }))
      .map((some) => JSON.stringify({ version: 1, ...some })),
  );
  await fc.assert(
    fc.asyncProperty(text, async (content) => {
      await rm(directory, { recursive: true, force: true });
      await openSettings(directory);
      await writeFile(join(directory, 'settings.json'), content);
      try {
        const store = await openSettings(directory);
        assert.deepEqual(checkSettings(store.get()), {});
      } catch (error) {
        assert.ok(error instanceof SallyportError && error.code === 'invalid', String(error));
      }
    }),
    { numRuns: 80 },
  );
  await rm(directory, { recursive: true, force: true });
});

test('references: anything can be asked about, and what is read back means the same', () => {
  fc.assert(fc.property(fc.string(), (text) => void parseCredentialReference(text)));
  const argv = fc.array(
    fc.string({ minLength: 1 }).filter((word) => !word.includes('\0')),
    { minLength: 1, maxLength: 10 },
  );
  fc.assert(
    fc.property(argv, (words) =>
      assert.deepEqual(parseCredentialReference(`command:${JSON.stringify(words)}`), { kind: 'command', argv: words }),
    ),
  );
});

test('killed at any moment of a change, the settings are the old or the new ones', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'sallyport-settings-'));
  await (await openSettings(directory)).update((draft) => void (draft.listen.port = 1));
  for (let round = 0; round < 2; round++) {
    const child = fork(fileURLToPath(new URL('./writer.child.ts', import.meta.url)), [directory], { execArgv: ['--import', 'tsx'] });
    await once(child, 'message');
    let acknowledged = 0;
    child.on('message', (port: number) => {
      acknowledged = port;
    });
    await new Promise((resolve) => setTimeout(resolve, 25 + round * 40));
    child.kill('SIGKILL');
    await once(child, 'exit');
    const store = await openSettings(directory);
    assert.equal(store.problem, undefined);
    assert.ok(store.get().listen.port >= acknowledged, `acknowledged ${acknowledged}, found ${store.get().listen.port}`);
  }
  await rm(directory, { recursive: true, force: true });
});
