/**
 * Builds the product into `out/`: node code is transpiled file by file (the tree stays, so that workers and data files are
 * found relative to `import.meta.url` in source and in build alike), the preload is bundled (sandboxed preloads must be one
 * CommonJS file), the console is built by Vite.
 */
import { cpSync, existsSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { dirname, extname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const only = process.argv.slice(2);
const wants = (what) => only.length === 0 || only.includes(what);

function walk(dir) {
  return readdirSync(dir, { withFileTypes: true }).flatMap((e) => (e.isDirectory() ? walk(join(dir, e.name)) : [join(dir, e.name)]));
}

if (wants('node')) {
  for (const room of ['proxy', 'main']) {
    if (!existsSync(join(root, room))) continue;
    const files = walk(join(root, room));
    // Stale outputs go; the others are overwritten in place, so that a gateway that runs from `out/` keeps its files.
    const wanted = new Set(
      files.map((f) =>
        join(root, 'out', relative(root, f))
          .replace(/preload([^/]*)\.ts$/, 'preload$1.cjs')
          .replace(/\.ts$/, '.js'),
      ),
    );
    if (existsSync(join(root, 'out', room)))
      for (const f of walk(join(root, 'out', room))) if (!wanted.has(f.replace(/\.map$/, ''))) rmSync(f);
    const code = files.filter((f) => extname(f) === '.ts' && !f.endsWith('.d.ts') && !f.includes('preload'));
    await build({
      absWorkingDir: root,
      entryPoints: code,
      outdir: join(root, 'out', room),
      outbase: join(root, room),
      format: 'esm',
      platform: 'node',
      target: 'node20.18',
      bundle: false,
      sourcemap: true,
      sourcesContent: false,
      logLevel: 'warning',
    });
    for (const f of files.filter((f) => !['.ts', '.md'].includes(extname(f)))) {
      const to = join(root, 'out', relative(root, f));
      mkdirSync(dirname(to), { recursive: true });
      cpSync(f, to);
    }
    for (const preload of files.filter((f) => /preload[^/]*\.ts$/.test(f))) {
      await build({
        absWorkingDir: root,
        entryPoints: [preload],
        outfile: join(root, 'out', relative(root, preload)).replace(/\.ts$/, '.cjs'),
        bundle: true,
        format: 'cjs',
        platform: 'node',
        external: ['electron'],
        logLevel: 'warning',
      });
    }
  }
}

if (wants('renderer') && existsSync(join(root, 'renderer/vite.config.ts'))) {
  const { build: vite } = await import('vite');
  await vite({ configFile: join(root, 'renderer/vite.config.ts'), root: join(root, 'renderer'), logLevel: 'warn' });
}

if (!statSync(join(root, 'out'), { throwIfNoEntry: false })) throw new Error('nothing was built');
