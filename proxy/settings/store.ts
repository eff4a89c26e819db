import { join } from 'node:path';
import { type Adapter, Low } from 'lowdb';
import { SallyportError, type Settings } from '../contract/index.js';
import { ensurePrivateDirectory, keepCopy, readIfThere, writePrivateFile } from './file.js';
import { FILE, LAST_GOOD, loadSettings } from './load.js';
import { keepCredentialOrigins } from './origins.js';
import type { SettingsStore } from './types.js';
import { checkSettings } from './validate.js';

/*
 * What an attacker could do here: a process of the same user can edit settings.json. Such an edit is never picked up while the
 * gateway runs; the next change by a person keeps the foreign text aside, names it, and writes what the gateway holds.
 * A file that was damaged on purpose does not lead back to weaker defaults: the last good copy is used.
 */

/**
 * Opens (or begins) the settings of a data directory. One writer at a time: changes queue up.
 * @throws SallyportError invalid: both settings.json and its last good copy are unusable, or written by a newer version
 */
export async function openSettings(directory: string): Promise<SettingsStore> {
  await ensurePrivateDirectory(directory);
  const loaded = await loadSettings(directory);
  // Compiled now, whatever was loaded: the first change must not stop the traffic for it.
  checkSettings(loaded.settings);
  const disk = new SettingsFile(directory, loaded.text);
  const low = new Low<Settings>(disk, freeze(loaded.settings));
  let problem = loaded.problem;
  const listeners = new Set<(settings: Settings) => void>();
  let queue: Promise<unknown> = Promise.resolve();

  if (problem === undefined && loaded.text !== undefined) await disk.keepLastGood(render(low.data));

  const apply = async (change: (draft: Settings) => void): Promise<Settings> => {
    const previous = low.data;
    const draft = structuredClone(previous);
    change(draft);
    draft.version = previous.version;
    const problems = checkSettings(draft);
    if (Object.keys(problems).length > 0) throw invalid(problems);
    keepCredentialOrigins(draft, previous);
    const aside = await disk.keepForeign(problem !== undefined);
    low.data = freeze(draft);
    try {
      await low.write();
    } catch (error) {
      low.data = previous;
      throw error;
    }
    problem =
      aside === undefined ? undefined : `${FILE} had been changed by something else; that text was kept as ${aside} and is not in use.`;
    for (const listener of listeners) listener(low.data);
    return low.data;
  };

  return {
    directory,
    get: () => low.data,
    update(change) {
      const run = queue.then(() => apply(change));
      queue = run.catch(() => undefined);
      return run;
    },
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    get problem() {
      return problem;
    },
  };
}

/** lowdb's own file adapter writes with the default mode and without sync; this one keeps mode 0600 and the last good copy. */
class SettingsFile implements Adapter<Settings> {
  readonly #directory: string;
  /** What we last saw or wrote. */
  #text: string | undefined;

  constructor(directory: string, text: string | undefined) {
    this.#directory = directory;
    this.#text = text;
  }

  async read(): Promise<Settings | null> {
    return (await loadSettings(this.#directory)).settings;
  }

  async write(settings: Settings): Promise<void> {
    const text = render(settings);
    try {
      await writePrivateFile(join(this.#directory, FILE), text);
      this.#text = text;
      await this.keepLastGood(text);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      throw new SallyportError('internal', `${FILE} cannot be written (${code ?? 'unknown error'}); the change was not made.`, {
        cause: error,
      });
    }
  }

  /** Written only where it differs: a second process that merely opens the settings must not race with the one that changes them. */
  async keepLastGood(text: string): Promise<void> {
    const path = join(this.#directory, LAST_GOOD);
    if ((await readIfThere(path)) !== text) await writePrivateFile(path, text);
  }

  /** Puts a text aside that is not ours (edited meanwhile, or damaged) before it is overwritten. Returns the copy's name. */
  async keepForeign(damaged: boolean): Promise<string | undefined> {
    const path = join(this.#directory, FILE);
    const now = await readIfThere(path).catch(() => undefined);
    if (now === undefined || (now === this.#text && !damaged)) return undefined;
    const name = `settings.${damaged ? 'damaged' : 'edited'}.json`;
    await keepCopy(path, join(this.#directory, name));
    return damaged ? undefined : name;
  }
}

function invalid(problems: Record<string, string>): SallyportError {
  const lines = Object.entries(problems).map(([path, problem]) => `${path} ${problem}`);
  return new SallyportError('invalid', `These settings are not valid: ${lines.slice(0, 5).join('; ')}.`, { details: problems });
}

function render(settings: Settings): string {
  return `${JSON.stringify(settings, null, 2)}\n`;
}

/** What `get` gives out is shared by everybody; changes go through `update` alone. */
function freeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const inner of Object.values(value)) freeze(inner);
  }
  return value;
}
