import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { it } from 'node:test';
import { ROOT } from '../../scripts/demo/launch.js';

interface Output {
  scenes: { name: string; expected: string; observed: string; ok: boolean; evidence: Record<string, unknown> }[];
  ledger: { records: number; verified: boolean; tamperFound: boolean };
}

it('npm run demo -- --auto --json: six scenes as expected, one JSON object and nothing else', { timeout: 170_000 }, async () => {
  const child = spawn(process.execPath, ['scripts/demo.mjs', '--auto', '--json'], { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk;
  });
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk;
  });
  const code = await new Promise((resolve) => child.once('close', resolve));
  assert.match(stdout, /^\{.*\}\n$/s, stderr);
  const { scenes, ledger } = JSON.parse(stdout) as Output;
  assert.equal(scenes.length, 6);
  for (const scene of scenes) assert.ok(scene.ok, `${scene.name}: ${scene.observed}\n${JSON.stringify(scene.evidence, null, 2)}`);
  assert.ok(ledger.records > 20);
  assert.deepEqual({ verified: ledger.verified, tamperFound: ledger.tamperFound }, { verified: true, tamperFound: true });
  assert.equal(code, 0);
});
