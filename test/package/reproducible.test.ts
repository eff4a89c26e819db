import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { ROOT } from '../../scripts/demo/launch.js';

const work = mkdtempSync(join(tmpdir(), 'sallyport-reproducible-'));
const digest = (file: string) => createHash('sha256').update(readFileSync(file)).digest('hex');

describe('the same source gives the same bytes', { timeout: 300_000 }, () => {
  after(() => rmSync(work, { recursive: true, force: true }));

  it('what is built in another folder, time zone, language and NODE_ENV is the same, file by file', async () => {
    const build = async (place: string, env: Record<string, string>) => {
      const at = join(work, place);
      for (const part of ['proxy', 'main', 'renderer', 'assets', 'scripts/build.mjs', 'package.json', 'tsconfig.json']) {
        mkdirSync(dirname(join(at, part)), { recursive: true });
        cpSync(join(ROOT, part), join(at, part), { recursive: true });
      }
      symlinkSync(realpathSync(join(ROOT, 'node_modules')), join(at, 'node_modules'));
      await promisify(execFile)(process.execPath, ['scripts/build.mjs'], { cwd: at, env: { ...process.env, ...env } });
      const out = readdirSync(join(at, 'out'), { recursive: true, withFileTypes: true }).filter((e) => e.isFile());
      return out
        .map((e) => join(e.parentPath, e.name).slice(at.length))
        .sort()
        .map((path) => `${path} ${digest(join(at, path))}`);
    };
    const [one, other] = await Promise.all([
      build('a', { TZ: 'UTC', LC_ALL: 'C', NODE_ENV: 'production' }),
      build('somewhere/else/b', { TZ: 'Pacific/Chatham', LC_ALL: 'tr_TR.UTF-8', NODE_ENV: 'test' }),
    ]);
    assert.ok(
      one.length > 100 && one.some((line) => line.startsWith('/out/renderer/')) && one.some((line) => line.startsWith('/out/main/')),
    );
    assert.deepEqual(other, one);
  });

  it('a .deb of the same files is the same, whenever they were written', {
    skip: spawnSync('dpkg-deb', ['--version']).status !== 0 && 'no dpkg-deb',
  }, () => {
    const pack = (name: string, written: Date) => {
      const app = join(work, name, 'app');
      mkdirSync(app, { recursive: true });
      for (const file of ['one', 'two']) {
        writeFileSync(join(app, file), file);
        utimesSync(join(app, file), written, written);
      }
      const deb = join(work, `${name}.deb`);
      const options = [
        '-s',
        'dir',
        '-t',
        'deb',
        '--name',
        'x',
        '--version',
        '1.0.0',
        '--architecture',
        'all',
        '--maintainer',
        'x',
        '-d',
        'y',
      ];
      const { status, stderr } = spawnSync(
        process.execPath,
        [join(ROOT, 'scripts/package/fpm-deb.mjs'), ...options, '--package', deb, `${app}/=/opt/x`],
        {
          env: { ...process.env, SOURCE_DATE_EPOCH: '1000000000' },
          encoding: 'utf8',
        },
      );
      assert.equal(status, 0, stderr);
      return digest(deb);
    };
    assert.equal(pack('later', new Date('2021-01-01')), pack('early', new Date('2020-01-01')));
  });
});
