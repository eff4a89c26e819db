import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { Language, type Node, Parser, type Tree } from 'web-tree-sitter';

/** The grammars that the room reads with. */
export const GRAMMARS = ['bash', 'powershell', 'python', 'javascript'] as const;
export type GrammarName = (typeof GRAMMARS)[number];

export type { Node } from 'web-tree-sitter';

const parsers = new Map<GrammarName, Parser>();
let runtime: Promise<void> | undefined;
let loading: Promise<void> | undefined;

/**
 * Where a grammar's wasm file lies. A packaged app may keep copies beside this file (`grammars/`) or name a folder in
 * `SALLYPORT_GRAMMARS`; otherwise the files of the package are used, from source and from the build alike.
 */
async function bytesOf(name: GrammarName): Promise<Uint8Array> {
  const file = `tree-sitter-${name}.wasm`;
  const folders: string[] = [];
  if (process.env['SALLYPORT_GRAMMARS']) folders.push(process.env['SALLYPORT_GRAMMARS']);
  folders.push(join(import.meta.dirname ?? dirname(new URL(import.meta.url).pathname), 'grammars'));
  try {
    folders.push(dirname(createRequire(import.meta.url).resolve('@vscode/tree-sitter-wasm/wasm/tree-sitter-bash.wasm')));
  } catch {
    // the package is not installed in a packaged app: the copies are
  }
  let last: unknown;
  for (const folder of folders) {
    try {
      return await readFile(join(folder, file));
    } catch (error) {
      last = error;
    }
  }
  throw new Error(`The grammar ${file} was not found`, { cause: last });
}

async function load(name: GrammarName): Promise<void> {
  if (parsers.has(name)) return;
  runtime ??= Parser.init();
  await runtime;
  const language = await Language.load(await bytesOf(name));
  const parser = new Parser();
  parser.setLanguage(language);
  parsers.set(name, parser);
}

/**
 * Keeps V8 from compiling the grammars a second time. Its optimizing compiler takes more than a minute of processor time for the
 * lexer of PowerShell alone, in the background of a gateway that should be idle, and the process cannot end before that is done.
 * The baseline code parses a command in a tenth of a millisecond. Modules that are loaded later are tiered up as ever.
 */
async function withBaselineCode(use: () => Promise<void>): Promise<void> {
  setFlagsFromString('--no-wasm-tier-up');
  setFlagsFromString('--no-wasm-dynamic-tiering');
  try {
    await use();
  } finally {
    setFlagsFromString('--wasm-dynamic-tiering');
  }
}

/** Loads all grammars once. Rejects when a file is missing; callers then treat executing tools as unparsed. */
export function loadGrammars(): Promise<void> {
  loading ??= withBaselineCode(async () => {
    for (const name of GRAMMARS) await load(name);
  });
  return loading;
}

/** True when {@link parse} can be called for this grammar. */
export function grammarReady(name: GrammarName): boolean {
  return parsers.has(name);
}

/** Parses and hands the root to `use`; the tree is freed afterwards. Undefined when the parser gave up in its time (ms). */
export function withTree<T>(name: GrammarName, source: string, use: (root: Node) => T, maxMilliseconds = 60): T | undefined {
  const parser = parsers.get(name);
  if (!parser) return undefined;
  const end = performance.now() + maxMilliseconds;
  const stop: { progressCallback?: () => boolean } = source.length > 4096 ? { progressCallback: () => performance.now() > end } : {};
  let tree: Tree | null = null;
  try {
    tree = parser.parse(source, null, stop);
    if (!tree) {
      parser.reset();
      return undefined;
    }
    return use(tree.rootNode);
  } finally {
    tree?.delete();
  }
}
