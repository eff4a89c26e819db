/**
 * False maskings on a clean corpus: source code and documentation of installed packages, named here. Everything that the balanced
 * policy would mask counts (secrets, financial, national, health, contact, person, network; not documented test values).
 * Addresses of maintainers and the like are true findings; print them with `--list` and judge.
 * Run: `node --import tsx test/eval/clean.ts [--list]`.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { createDetector } from '../../proxy/detect/index.js';

/** None of these is in the training text of the names tagger. */
export const PACKAGES = [
  'ajv',
  'express',
  'undici',
  'jose',
  'yaml',
  'zod',
  'commander',
  'lowdb',
  'preact',
  'fast-check',
  'web-tree-sitter',
  'openid-client',
  'http-proxy-middleware',
  'libsql',
  're2js',
  'eventsource-parser',
  'esbuild',
  'tsx',
  'vite',
  'electron-builder',
];
const MASKED = new Set(['secret', 'financial', 'national-id', 'health', 'contact', 'person', 'network']);
const KINDS = /\.(?:m?[jt]s|cjs|md|json|ya?ml|css|html|d\.ts)$/;
const LIMIT = 400_000;

function walk(dir: string, out: string[] = []): string[] {
  for (const e of readdirSync(dir, { withFileTypes: true }).sort((a, b) => a.name.localeCompare(b.name))) {
    if (e.name === 'node_modules' || e.name.startsWith('.')) continue;
    const path = join(dir, e.name);
    if (e.isDirectory()) walk(path, out);
    else if (KINDS.test(e.name) && statSync(path).size < 400_000 && !/\.min\.|\.map$/.test(e.name)) out.push(path);
  }
  return out;
}

const root = new URL('../../node_modules', import.meta.url).pathname;
const detector = createDetector({ names: true, workers: 0 });
const counts = new Map<string, number>();
let bytes = 0;
let alarms = 0;
for (const name of PACKAGES) {
  let taken = 0;
  let files: string[] = [];
  try {
    files = walk(join(root, name));
  } catch {
    continue;
  }
  for (const file of files) {
    if (taken > LIMIT) break;
    const text = readFileSync(file, 'utf8');
    taken += text.length;
    bytes += Buffer.byteLength(text);
    for (let at = 0; at < text.length; at += 16384) {
      const piece = text.slice(at, at + 16384);
      const { findings } = await detector.scan(piece, { direction: 'request', role: 'tool', kind: 'tool-result', provenance: 'tool' });
      for (const f of findings) {
        if (!MASKED.has(f.category) || f.testValue) continue;
        alarms++;
        counts.set(f.entity, (counts.get(f.entity) ?? 0) + 1);
        if (process.argv.includes('--list'))
          console.log(
            `${f.entity} ${f.confidence} ${JSON.stringify(piece.slice(f.start, f.end))} in ${JSON.stringify(piece.slice(Math.max(0, f.start - 30), f.end + 20))} ${file.slice(root.length + 1)}`,
          );
      }
    }
  }
}
await detector.close();
console.log(
  `${(bytes / 1e6).toFixed(2)} MB of ${PACKAGES.length} packages: ${alarms} maskings, ${(alarms / (bytes / 1e6)).toFixed(2)} per MB`,
);
console.log(
  [...counts]
    .sort((a, b) => b[1] - a[1])
    .map(([e, n]) => `${e} ${n}`)
    .join(', '),
);
