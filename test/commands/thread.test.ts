import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createCommandReader, createTaint, updateTaint } from '../../proxy/commands/index.js';
import { CONTEXT, outcome } from './read.js';

const long = `# ${'x'.repeat(6000)}\n`;

describe('long texts are read on a thread', () => {
  it('finds the same as on the calling thread, and hands its traces over', async () => {
    const reader = createCommandReader({ patience: 60_000 });
    const reading = reader.read('bash', JSON.stringify({ command: `${long}rm -rf ~` }), CONTEXT);
    assert.ok(reading instanceof Promise);
    assert.equal(outcome(await reading), 'block');
    const written = await reader.read('write_file', JSON.stringify({ path: 'a.sh', content: `${long}rm -rf ~\n` }), CONTEXT);
    const taint = createTaint();
    updateTaint(taint, written);
    assert.ok([...taint.writtenFiles.values()].flat().length > 0);
  });

  it('gives up in time: unparsed, and the next call is read', async () => {
    const impatient = createCommandReader({ patience: 0 });
    const reading = await impatient.read('bash', JSON.stringify({ command: `${long}${'x=$(echo a; echo b); '.repeat(400)}` }), CONTEXT);
    assert.equal(reading.parsed, false);
    assert.equal(outcome(reading), 'ask');
    const again = await impatient.read('bash', JSON.stringify({ command: `${long}ls` }), CONTEXT);
    assert.equal(typeof again.parsed, 'boolean');
  });

  it('the loop goes on while a hostile text is read', async () => {
    const reader = createCommandReader({ patience: 60_000 });
    let turns = 0;
    const tick = setInterval(() => turns++, 1);
    await reader.read('bash', JSON.stringify({ command: `${'$('.repeat(3000)}rm${')'.repeat(3000)}` }), CONTEXT);
    clearInterval(tick);
    assert.ok(turns > 0);
  });
});
