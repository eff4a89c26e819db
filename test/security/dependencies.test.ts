import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { ROOT } from '../../scripts/demo/launch.js';
import { shippedPackages } from '../../scripts/shipped.mjs';

interface Entry {
  version: string;
  resolved?: string;
  integrity?: string;
  dev?: boolean;
  devOptional?: boolean;
  optional?: boolean;
  link?: boolean;
  hasInstallScript?: boolean;
  license?: string;
}
const lock = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')) as {
  lockfileVersion: number;
  packages: Record<string, Entry>;
};
const all = Object.entries(lock.packages).filter(([path]) => path !== '');
const shipped = (await shippedPackages(lock)) as [string, Entry][];
const nameOf = (path: string): string => path.slice(path.lastIndexOf('node_modules/') + 13);

/** Licences under which the product may ship. */
const LICENCES = new Set([
  'MIT',
  'ISC',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  '0BSD',
  'BlueOak-1.0.0',
  'Unlicense',
  'CC0-1.0',
  'PostgreSQL',
]);
/** Packages that want to run a script when they are installed: none that ships may, and of the tools only these. */
const INSTALL_SCRIPTS = new Set(['electron', 'electron-winstaller', 'esbuild', 'fsevents']);

/** Packages that the sources of a room import by name; types only are left out. */
const importedBy = (room: string): string[] => {
  const files = readdirSync(join(ROOT, room), { recursive: true, encoding: 'utf8' }).filter((f) => /(?<!\.d)\.tsx?$/.test(f));
  const names = files
    .filter((f) => f !== 'vite.config.ts')
    .flatMap((f) => [
      ...readFileSync(join(ROOT, room, f), 'utf8').matchAll(
        /(?:^(?:import|export)\b(?! type)[^'"=;()]*\bfrom |^import |^.*\bimport\()['"]((?:@[\w.-]+\/)?[\w.-]+)[^'"]*['"]/gm,
      ),
    ])
    .map(([, name]) => name!)
    .filter((name) => !/^[.]|^node$/.test(name));
  return [...new Set(names)];
};

describe('dependencies, checked without a network', () => {
  it('whatever the gateway, the desktop and the console import is among what ships', () => {
    const names = new Set(shipped.map(([path]) => nameOf(path)));
    for (const [room, known] of [
      ['proxy', 'undici'],
      ['main', 'electron'],
      ['renderer', 'preact'],
    ] as const) {
      const imported = importedBy(room);
      assert.ok(imported.includes(known), `${room}: ${imported}`);
      assert.deepEqual(
        imported.filter((name) => !names.has(name)),
        [],
        room,
      );
    }
    // What only another package brings in is found in the bundle, not in our sources.
    assert.ok(names.has('@preact/signals-core'));
  });

  it('what ships has a licence on the list', () => {
    const wrong = shipped.filter(([, e]) => {
      const choices = (e.license ?? 'none').replace(/[()]/g, '').split(/ OR /);
      return !choices.some((c) => c.split(/ AND /).every((l) => LICENCES.has(l)));
    });
    assert.deepEqual(
      wrong.map(([path, e]) => `${nameOf(path)}: ${e.license}`),
      [],
    );
    assert.ok(shipped.length > 20);
  });

  it('what is installed says the same licence and version as the lock file', () => {
    for (const [path, entry] of shipped) {
      const file = join(ROOT, path, 'package.json');
      if (entry.optional && !existsSync(file)) continue;
      const installed = JSON.parse(readFileSync(file, 'utf8')) as { version: string };
      assert.equal(installed.version, entry.version, path);
    }
  });

  it('no package that ships runs a script at installation (Electron has one, which is off), and of the tools only those on the list', () => {
    assert.match(readFileSync(join(ROOT, '.npmrc'), 'utf8'), /^ignore-scripts\s*=\s*true$/m);
    const scripts = all.filter(([, e]) => e.hasInstallScript).map(([path]) => nameOf(path));
    assert.deepEqual(
      shipped.filter(([, e]) => e.hasInstallScript).map(([path]) => path),
      ['node_modules/electron'],
    );
    assert.deepEqual(
      [...new Set(scripts)].filter((n) => !INSTALL_SCRIPTS.has(n)),
      [],
    );
  });

  it('every package that ships, and every tool but the builds of the linter for other systems, is pinned by a SHA-512', () => {
    assert.ok(lock.lockfileVersion >= 3);
    const loose = all.filter(
      ([path, e]) => !e.link && !e.integrity?.startsWith('sha512-') && !(e.optional && path.startsWith('node_modules/@biomejs/cli-')),
    );
    assert.deepEqual(
      loose.map(([path]) => path),
      [],
    );
  });

  it('package.json pins exact versions', () => {
    const { dependencies, devDependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as Record<
      string,
      Record<string, string>
    >;
    for (const [name, version] of Object.entries({ ...dependencies, ...devDependencies })) assert.match(version, /^\d+\.\d+\.\d+/, name);
  });

  it('the bill of materials lists all that ships, with hashes, and is the same each time', () => {
    const make = () => execFileSync(process.execPath, [join(ROOT, 'scripts/sbom.mjs')], { encoding: 'utf8', maxBuffer: 1 << 26 });
    const text = make();
    assert.equal(make(), text);
    const bom = JSON.parse(text) as {
      bomFormat: string;
      specVersion: string;
      components: { name: string; version: string; hashes?: unknown[] }[];
    };
    assert.deepEqual([bom.bomFormat, bom.specVersion], ['CycloneDX', '1.6']);
    assert.equal(bom.components.length, shipped.length);
    assert.ok(bom.components.every((c) => c.hashes?.length === 1));
    for (const name of ['undici', 'jose', 'express', 'libsql', 'preact', '@preact/signals', '@tanstack/virtual-core', 'electron'])
      assert.ok(
        bom.components.some((c) => c.name === name),
        name,
      );
  });
});
