import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, it } from 'node:test';
import { openDemoWorkspace, removeDemoWorkspace } from '../../proxy/demo/index.js';
import { createAgentRegistry } from '../../proxy/identity/index.js';
import { openSettings } from '../../proxy/settings/index.js';

let directory: string;
before(() => {
  directory = mkdtempSync(join(tmpdir(), 'sallyport-workspace-'));
});
after(() => rmSync(directory, { recursive: true, force: true }));

it('opens, opens again, leaves what is not its own, and goes in one action', async () => {
  const settings = await openSettings(directory);
  const agents = createAgentRegistry(settings, { now: Date.now, monotonic: () => performance.now() });
  await settings.update((draft) => {
    const origin = 'https://api.openai.invalid';
    draft.connections.push({ name: 'openai', dialect: 'openai', origin, pathPrefix: '', credential: 'none' });
  });
  const first = await openDemoWorkspace({ settings, agents });
  await first.close();
  const second = await openDemoWorkspace({ settings, agents });
  assert.deepEqual(second.connections, ['demo-openai', 'anthropic', 'orders']);
  assert.notEqual(second.key, first.key);
  assert.equal(agents.list().filter((a) => a.demo).length, 1);
  const mine = settings.get().connections.find((c) => c.name === 'anthropic');
  assert.equal(mine?.origin, second.provider.origin);
  assert.equal(mine?.credentialOrigin, second.provider.origin);
  await second.close();
  await removeDemoWorkspace({ settings, agents });
  assert.deepEqual(
    settings.get().connections.map((c) => c.name),
    ['openai'],
  );
  assert.deepEqual(agents.list(), []);
});
