import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KeyCache } from '../../proxy/credentials/key-cache.js';

test('a key is let go of when its time is over, without anybody asking for it', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  let time = 0;
  const cache = new KeyCache({ monotonic: () => time });
  const pass = (ms: number): void => {
    time += ms;
    t.mock.timers.tick(ms);
  };
  cache.put('env:A', { found: { key: 'sk-a' } }, 5_000);
  cache.put('keychain:b', { found: { key: 'sk-b' } }, 60_000);
  pass(4_999);
  assert.equal(cache.get('env:A')?.found?.key, 'sk-a');
  pass(1);
  assert.equal(cache.size, 1, 'the first is gone, and the other is not');
  assert.equal(cache.get('keychain:b')?.found?.key, 'sk-b');
  // Read anew meanwhile: the time of the first reading does not end the second's.
  cache.put('keychain:b', { found: { key: 'sk-c' } }, 60_000);
  pass(55_000);
  assert.equal(cache.get('keychain:b')?.found?.key, 'sk-c');
  pass(5_000);
  assert.equal(cache.size, 0);
});

test('a key whose time is over is not served, even where its timer is late', () => {
  let time = 0;
  const cache = new KeyCache({ monotonic: () => time });
  cache.put('env:A', { found: { key: 'sk-a' } }, 5_000);
  time = 5_000;
  assert.equal(cache.get('env:A'), undefined);
});
