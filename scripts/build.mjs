/**
 * Builds the product into `out/`: node code is transpiled file by file (the tree stays, so that workers and data files are
 * found relative to `import.meta.url` in source and in build alike), the gateway's doors are bundled besides, with what they need
 * from npm (a start reads five files, not nine hundred), the preload is bundled (sandboxed preloads must be one CommonJS file),
 * the console is built by Vite.
 */
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { dirname, extname, join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { _, Ajv } from 'ajv';
import standaloneCode from 'ajv/dist/standalone/index.js';
import { build } from 'esbuild';

const standalone = standaloneCode.default ?? standaloneCode;
const root = join(dirname(fileURLToPath(import.meta.url)), '..');
// Whoever starts it, tests too: with another value the console would be built for debugging, with the paths of this machine in it.
process.env.NODE_ENV = 'production';
const only = process.argv.slice(2);
const wants = (what) => only.length === 0 || only.includes(what);

function walk(dir) {
  return readdirSync(dir, { withFileTypes: true }).flatMap((e) => (e.isDirectory() ? walk(join(dir, e.name)) : [join(dir, e.name)]));
}

/** Files that a process begins with. Their bundles stand where their transpiled files would. */
const DOORS = ['index.ts', 'cli.ts', 'host.ts'];
/** Native, or with files of their own that they look for. */
const UNBUNDLED = ['libsql', '@napi-rs/keyring', 'web-tree-sitter', '@vscode/tree-sitter-wasm', 'dbus-native', 'electron'];
/** A gateway that runs from `out/` may still want a piece of the last build. */
const KEEP_PIECES_MS = 24 * 3_600_000;

/** In a bundle every module still finds its neighbours: `import.meta.url` is where its own file is. */
const ownPlace = {
  name: 'own-place',
  setup(b) {
    b.onLoad({ filter: /[\\/]proxy[\\/].*\.ts$/ }, ({ path }) => {
      const text = readFileSync(path, 'utf8');
      if (!/import\.meta\.(?:url|dirname)/.test(text)) return undefined;
      const own = `./${relative(join(root, 'proxy'), path).replaceAll('\\', '/').replace(/\.ts$/, '.js')}`;
      const contents = text
        .replaceAll('import.meta.dirname', 'undefined')
        .replaceAll('import.meta.url', `new URL(${JSON.stringify(own)}, import.meta.url).href`);
      return { contents, loader: 'ts' };
    });
  },
};

/** Of undici only the pool is used; the rest (fetch, web sockets, caches) would make half of what a start reads. */
const poolOnly = {
  name: 'pool-only',
  setup(b) {
    b.onResolve({ filter: /^undici$/ }, ({ importer }) =>
      importer.includes(join('proxy', 'upstream')) ? { path: 'pool', namespace: 'pool-only' } : undefined,
    );
    b.onLoad({ filter: /.*/, namespace: 'pool-only' }, () => ({
      contents: "export { default as Pool } from 'undici/lib/dispatcher/pool.js';",
      resolveDir: root,
    }));
  },
};

/** Imports a module of the source tree. */
async function source(path) {
  const outfile = join(root, 'out', `.build-${process.pid}.mjs`);
  await build({
    absWorkingDir: root,
    stdin: { contents: `export * from ${JSON.stringify(`./${path}`)};`, resolveDir: root },
    outfile,
    format: 'esm',
    platform: 'node',
    bundle: true,
    packages: 'external',
    plugins: [ownPlace],
    logLevel: 'warning',
  });
  try {
    return await import(`${pathToFileURL(outfile)}?${path}`);
  } finally {
    rmSync(outfile, { force: true });
  }
}

/** What a start would work out anew each time from files that never change: the settings' schema compiled, the shipped policies read. */
async function preparations() {
  const { SETTINGS_SCHEMA } = await source('proxy/settings/schema.ts');
  const { SHAPE_OPTIONS } = await source('proxy/settings/compile-shape.ts');
  const { readPolicy } = await source('proxy/policy/read.ts');
  const { PRESETS, presetSource } = await source('proxy/policy/presets.ts');
  const ajv = new Ajv({ ...SHAPE_OPTIONS, code: { source: true, optimize: true, formats: _`formats` } });
  // Their code is handed in; here they only need names.
  for (const name of JSON.stringify(SETTINGS_SCHEMA).matchAll(/"format":"([^"]+)"/g)) ajv.addFormat(name[1], /^/);
  const code = standalone(ajv, ajv.compile(SETTINGS_SCHEMA));
  const [exported, name] = /module\.exports\s*=\s*(\w+);\s*module\.exports\.default\s*=\s*\w+;?/.exec(code);
  const check = `${code.replace(exported, '')}\nreturn ${name};`;
  const read = PRESETS.map(presetSource).map((text) => {
    const { document, problems } = readPolicy(text);
    if (problems.some((p) => p.severity === 'error')) throw new Error(`a shipped policy cannot be read: ${problems[0].message}`);
    return [createHash('sha256').update(text).digest('hex'), document, problems.length];
  });
  return {
    'settings/compile-shape.ts': `export function compileShape(formats) {\n${check}\n}`,
    'policy/read-presets.ts': `export const READ_BEFORE = new Map(JSON.parse(${JSON.stringify(JSON.stringify(read.filter(([, , problems]) => problems === 0)))}));`,
  };
}

async function bundleDoors() {
  const prepared = await preparations();
  const inPlace = {
    name: 'prepared',
    setup(b) {
      b.onLoad({ filter: /[\\/]proxy[\\/](?:settings[\\/]compile-shape|policy[\\/]read-presets)\.ts$/ }, ({ path }) => ({
        contents: prepared[relative(join(root, 'proxy'), path).replaceAll('\\', '/')],
        loader: 'js',
        resolveDir: root,
      }));
    },
  };
  const to = join(root, 'out/proxy');
  await build({
    absWorkingDir: root,
    entryPoints: DOORS.map((door) => join(root, 'proxy', door)),
    outdir: to,
    outbase: join(root, 'proxy'),
    chunkNames: 'piece-[hash]',
    format: 'esm',
    platform: 'node',
    target: 'node20.18',
    bundle: true,
    splitting: true,
    external: UNBUNDLED,
    // Paths of modules stand in the bundle: they are below this folder, wherever a linked node_modules leads.
    preserveSymlinks: true,
    // What npm packages in CommonJS ask for.
    banner: { js: "import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);" },
    plugins: [inPlace, ownPlace, poolOnly],
    minifyWhitespace: true,
    minifySyntax: true,
    sourcemap: true,
    sourcesContent: false,
    logLevel: 'warning',
  });
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
      for (const f of walk(join(root, 'out', room))) {
        const piece = /piece-[A-Z0-9]+\.js(?:\.map)?$/.test(f);
        if (piece ? Date.now() - statSync(f).mtimeMs > KEEP_PIECES_MS : !wanted.has(f.replace(/\.map$/, ''))) rmSync(f, { force: true });
      }
    const isDoor = (f) => room === 'proxy' && DOORS.some((door) => f === join(root, 'proxy', door));
    const code = files.filter((f) => extname(f) === '.ts' && !f.endsWith('.d.ts') && !f.includes('preload') && !isDoor(f));
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
    if (room === 'proxy') await bundleDoors();
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
