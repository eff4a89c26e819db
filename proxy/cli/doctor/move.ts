/**
 * Takes a key out of a file, and puts it back byte for byte.
 *
 * The line is replaced by a comment that names the change; the line itself is kept in the gateway's secret store (the keychain) and
 * nowhere else; the journal beside it holds hashes only. Nothing is taken out before its copy is kept.
 */
import { createHash, randomBytes } from 'node:crypto';
import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { SallyportError } from '../../contract/index.js';
import type { KeyInFile } from './keys.js';

export interface Change {
  id: string;
  at: string;
  file: string;
  name: string;
  mode: number;
  mtimeMs: number;
  before: string;
  after: string;
  /** The comment that stands in the file now. */
  marker: string;
}

/** Where the original line is kept: the gateway's secret store. */
export interface Keep {
  put(id: string, value: string): Promise<void>;
  get(id: string): Promise<string>;
  drop(id: string): Promise<void>;
}

const hash = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

export interface Plan {
  change: Change;
  line: string;
  bytes: Buffer;
}

/** What would be done: nothing is written. @throws SallyportError conflict when the file changed since it was read */
export function plan(key: KeyInFile, now: Date, id = randomBytes(5).toString('hex')): Plan {
  const file = realpathSync(key.file);
  const stat = statSync(file);
  const bytes = readFileSync(file);
  const line = bytes.subarray(key.start, key.end).toString('latin1');
  if (!line.includes(key.value)) throw new SallyportError('conflict', `${key.file} changed meanwhile; run the doctor again.`);
  const marker = `# ${key.name} was moved to the keychain; undo: sallyport doctor --undo ${id}`;
  const changed = Buffer.concat([bytes.subarray(0, key.start), Buffer.from(marker, 'latin1'), bytes.subarray(key.end)]);
  return {
    line,
    bytes: changed,
    change: {
      id,
      at: now.toISOString(),
      file,
      name: key.name,
      mode: stat.mode & 0o7777,
      mtimeMs: stat.mtimeMs,
      before: hash(bytes),
      after: hash(changed),
      marker,
    },
  };
}

export async function apply(directory: string, { change, line, bytes }: Plan, keep: Keep): Promise<void> {
  await keep.put(change.id, line);
  const folder = join(directory, 'doctor');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeFileSync(join(folder, `${change.id}.json`), `${JSON.stringify(change, null, 2)}\n`, { mode: 0o600 });
  if (hash(readFileSync(change.file)) !== change.before) {
    await keep.drop(change.id);
    rmSync(join(folder, `${change.id}.json`));
    throw new SallyportError('conflict', `${change.file} changed meanwhile; it was left as it is.`);
  }
  replace(change.file, bytes, change.mode);
}

/** Changes that can be undone, newest first. */
export function changes(directory: string): Change[] {
  let names: string[];
  try {
    names = readdirSync(join(directory, 'doctor'));
  } catch {
    return [];
  }
  return names
    .filter((name) => /^[0-9a-f]{10}\.json$/.test(name))
    .map((name) => JSON.parse(readFileSync(join(directory, 'doctor', name), 'utf8')) as Change)
    .sort((a, b) => b.at.localeCompare(a.at));
}

/**
 * Puts the line back. `exact`: the file is byte for byte what it was; else something beside the line was edited meanwhile, and stays.
 * @throws SallyportError conflict when the comment is no longer there
 */
export async function undo(directory: string, change: Change, keep: Keep): Promise<{ exact: boolean }> {
  const line = await keep.get(change.id);
  const text = readFileSync(change.file).toString('latin1');
  const at = text.indexOf(change.marker);
  if (at < 0 || text.indexOf(change.marker, at + 1) >= 0) {
    throw new SallyportError(
      'conflict',
      `The comment of change ${change.id} does not stand in ${change.file} exactly once; put it back first.`,
    );
  }
  const restored = Buffer.from(text.slice(0, at) + line + text.slice(at + change.marker.length), 'latin1');
  const exact = hash(restored) === change.before;
  replace(change.file, restored, change.mode);
  if (exact) utimesSync(change.file, new Date(), new Date(change.mtimeMs));
  await keep.drop(change.id);
  rmSync(join(directory, 'doctor', `${change.id}.json`));
  return { exact };
}

function replace(file: string, bytes: Buffer, mode: number): void {
  const draft = `${file}.sallyport-${process.pid}`;
  writeFileSync(draft, bytes, { mode: mode & 0o700, flag: 'wx' });
  chmodSync(draft, mode);
  renameSync(draft, file);
}
