import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

function walk(dir: string): string[] {
  return readdirSync(dir, { withFileTypes: true }).flatMap((e) =>
    e.isDirectory() ? walk(join(dir, e.name)) : /\.tsx?$/.test(e.name) && !e.name.endsWith('.d.ts') ? [join(dir, e.name)] : [],
  );
}

interface Import {
  file: string;
  spec: string;
  /** Path from the root for relative imports. */
  target?: string;
  typeOnly: boolean;
}

function importsOf(file: string): Import[] {
  const text = readFileSync(file, 'utf8').replace(/\/\*[\s\S]*?\*\//g, '');
  const out: Import[] = [];
  for (const m of text.matchAll(
    /(?:^|\n)\s*(import|export)\s+(type\s+)?[^'";]*?from\s*['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)|(?:^|\n)\s*import\s+['"]([^'"]+)['"]/g,
  )) {
    const spec = (m[3] ?? m[4] ?? m[5]) as string;
    const target = spec.startsWith('.') ? relative(root, resolve(dirname(file), spec)) : undefined;
    out.push({ file: relative(root, file), spec, ...(target === undefined ? {} : { target }), typeOnly: m[2] !== undefined });
  }
  return out;
}

const all = ['proxy', 'main', 'renderer'].flatMap((room) => walk(join(root, room))).flatMap(importsOf);
const from = (prefix: string) => all.filter((i) => i.file.startsWith(prefix));
const say = (list: Import[]) => list.map((i) => `${i.file} imports ${i.spec}`).join('\n');

test('proxy never imports electron, main or renderer', () => {
  const wrong = from('proxy/').filter((i) => i.spec === 'electron' || /^(main|renderer|test)\//.test(i.target ?? ''));
  assert.equal(say(wrong), '');
});

test('the contract imports nothing but itself', () => {
  const wrong = from('proxy/contract/').filter((i) => !i.target?.startsWith('proxy/contract/'));
  assert.equal(say(wrong), '');
});

test('the console imports only the contract, types of rooms, and its own files', () => {
  const wrong = from('renderer/').filter(
    (i) =>
      i.target !== undefined &&
      !i.target.startsWith('renderer/') &&
      !i.target.startsWith('proxy/contract/') &&
      !(i.typeOnly && i.target.startsWith('proxy/')),
  );
  assert.equal(say(wrong), '');
});

test('main imports the gateway only through its door and the contract', () => {
  const wrong = from('main/').filter((i) => i.target?.startsWith('proxy/') && !/^proxy\/(index|contract\/.*)\.js$/.test(i.target));
  assert.equal(say(wrong), '');
});

test('only main imports electron', () => {
  const wrong = all.filter((i) => i.spec === 'electron' && !i.file.startsWith('main/'));
  assert.equal(say(wrong), '');
});

test('rooms do not call pipeline, listener, control or the composition', () => {
  const above = /^proxy\/(pipeline|listener|control|gateway|cli)\//;
  const mayUse = /^proxy\/(pipeline|listener|control|gateway|cli|demo)\/|^proxy\/[^/]+\.ts$/;
  const wrong = from('proxy/').filter((i) => above.test(i.target ?? '') && !mayUse.test(i.file));
  assert.equal(say(wrong), '');
});

test('a room is entered through its index or its types', () => {
  const room = (path: string) => /^proxy\/([^/]+)\//.exec(path)?.[1];
  const wrong = from('proxy/').filter((i) => {
    const there = i.target && room(i.target);
    if (!there || there === room(i.file) || there === 'contract') return false;
    // The command starts in a fifth of the time when it does not load express and the settings schema for verbs that need neither.
    if (
      i.file.startsWith('proxy/cli') &&
      /^proxy\/(cli\/.*|control\/(client|snippets|replay)|settings\/directory)\.js$/.test(i.target as string)
    )
      return false;
    // So does the desktop app, which comes in by the house's door.
    if (i.file === 'proxy/index.ts' && /^proxy\/(control\/client|settings\/directory)\.js$/.test(i.target as string)) return false;
    return !/^proxy\/[^/]+\/(index|types)\.js$/.test(i.target as string);
  });
  assert.equal(say(wrong), '');
});

test('no file is named utils, helpers, common or manager', () => {
  const wrong = ['proxy', 'main', 'renderer', 'test', 'scripts']
    .flatMap((dir) => walk(join(root, dir)))
    .filter((f) => /(^|[/-])(utils?|helpers?|common|managers?)(\.|\/|-)/i.test(relative(root, f)));
  assert.deepEqual(
    wrong.map((f) => relative(root, f)),
    [],
  );
});
