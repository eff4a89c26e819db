import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { ROOT } from '../../scripts/demo/launch.js';
import { writeReport } from '../bench/report.js';
import { aboutTheRun, fromJson, merged, type Result, toJson, withSections } from '../bench/result.js';

const KEYS = {
  rows: [
    'load',
    'candidate',
    'cpuMicrosPerRequest',
    'ratioToPipe',
    'p50Micros',
    'p95Micros',
    'p99Micros',
    'requestsPerSecond',
    'errors',
    'foreignCores',
  ],
  streams: [
    'load',
    'candidate',
    'cpuMicrosPerChunk',
    'ratioToPipe',
    'timeToFirstMicros',
    'timeToFirstP99Micros',
    'transitP50Micros',
    'transitP99Micros',
    'errors',
    'foreignCores',
  ],
  memory: ['candidate', 'requests', 'idleMegabytes', 'afterMegabytes', 'peakMegabytes'],
} as const;
const MACHINE = ['cpu', 'cores', 'memoryMegabytes', 'platform', 'pinning', 'foreignCores', 'seconds', 'mode', 'at'];
const text = readFileSync(join(ROOT, 'docs/performance.json'), 'utf8');
const kept = fromJson(text);

describe('the figures of the bench', () => {
  const work = mkdtempSync(join(tmpdir(), 'sallyport-figures-'));
  after(() => rmSync(work, { recursive: true, force: true }));

  it('docs/performance.json has the shape that its readers know, for the gateway and the bare pipe', () => {
    for (const [part, keys] of Object.entries(KEYS) as [keyof typeof KEYS, readonly string[]][]) {
      for (const row of kept[part]) assert.deepEqual(Object.keys(row), keys, part);
      for (const name of ['sallyport', 'node-http-pipe'])
        assert.ok(
          kept[part].some((r) => r.candidate === name),
          `${part}: ${name}`,
        );
    }
    assert.deepEqual(Object.keys(kept.machine), MACHINE);
    assert.equal(toJson(kept), text);
  });

  it('docs/performance.md is what is written from it', () => {
    cpSync(join(ROOT, 'docs/performance.md'), join(work, 'performance.md'));
    writeReport(kept, work);
    assert.equal(readFileSync(join(work, 'performance.md'), 'utf8'), readFileSync(join(ROOT, 'docs/performance.md'), 'utf8'));
  });

  it('a partial run keeps what it did not measure; stages and a soak stay until they are measured again, and are shown', () => {
    const stages = {
      at: 'then',
      rows: [{ load: 'l', unit: 'request', count: 9, threads: { node: 401 }, micros: { ledger: 117 }, functions: [] }],
    };
    const soak = { at: 'then', rows: [{ seconds: 10, megabytes: { sallyport: 203 }, errors: 0 }] };
    const old: Result = { ...kept, stages, soak };
    const row = { ...kept.rows.find((r) => r.candidate === 'sallyport')!, p50Micros: 1 };
    const fresh: Result = { ...kept, rows: [row], streams: [], memory: [], aborts: [], slow: [], start: [] };
    const both = merged(old, fresh);
    assert.deepEqual(
      both.rows.filter((r) => r.load === row.load),
      [row],
    );
    assert.equal(both.rows.length, kept.rows.filter((r) => r.load !== row.load).length + 1);
    assert.deepEqual([both.streams, both.memory, both.stages, both.soak], [kept.streams, kept.memory, stages, soak]);
    assert.deepEqual(withSections(fresh, old).soak, soak);
    assert.deepEqual(withSections({ ...fresh, soak: { ...soak, at: 'now' } }, old).soak?.at, 'now');
    writeReport(both, work);
    const shown = readFileSync(join(work, 'performance.md'), 'utf8');
    assert.match(shown, /## Stages[^#]*\| l \| ledger \| 117 \| request \|/);
    assert.match(shown, /## Soak[^#]*\| 10 \| 203 \| 0 \|/);
  });

  it('a run says where and with what it was made, and names a peer that does not start instead of ending', async () => {
    const args = [
      '--quick',
      '--no-write',
      '--only',
      'nothing',
      '--candidates',
      'nobody',
      '--peer',
      'broken=echo no such gateway >&2; exit 3',
    ];
    const bench = (...more: string[]) =>
      promisify(execFile)(process.execPath, ['--import', 'tsx', 'test/bench/index.ts', ...args, ...more], { cwd: ROOT, timeout: 120_000 });
    const [plain, json] = await Promise.all([bench(), bench('--json')]);
    const result = fromJson(json.stdout);
    assert.deepEqual(Object.keys(result), ['machine', 'versions', 'rows', 'streams', 'memory', 'aborts', 'slow', 'start', 'skipped']);
    assert.deepEqual(Object.keys(result.machine), MACHINE);
    assert.equal(result.versions['node'], process.versions.node);
    assert.deepEqual(
      result.skipped.map((s) => s.candidate),
      ['broken'],
    );
    assert.match(result.skipped[0]?.why ?? '', /no such gateway/);
    for (const line of aboutTheRun(result).slice(1)) assert.ok(plain.stderr.includes(line), plain.stderr);
    assert.ok(plain.stderr.includes(String(result.machine['cpu'])));
  });
});
