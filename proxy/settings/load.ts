import { join } from 'node:path';
import { SallyportError, type Settings } from '../contract/index.js';
import { defaultSettings } from './defaults.js';
import { readIfThere } from './file.js';
import { migrate, NewerSettings } from './migrations.js';
import { fillCredentialOrigins } from './origins.js';
import { checkSettings } from './validate.js';

export const FILE = 'settings.json';
export const LAST_GOOD = 'settings.last-good.json';

export interface Loaded {
  settings: Settings;
  /** Exact text of settings.json as it stands on disk; undefined when it is missing. */
  text: string | undefined;
  problem?: string;
}

/**
 * Reads settings.json; where it is damaged or gone, the last good copy, and says so. With neither file: the defaults.
 * @throws SallyportError invalid: newer version, or both files are unusable (never answered with defaults, whose policy may be weaker)
 */
export async function loadSettings(directory: string): Promise<Loaded> {
  const text = await readIfThere(join(directory, FILE));
  let why = `${FILE} is missing`;
  if (text !== undefined) {
    try {
      return { settings: parse(text), text };
    } catch (error) {
      if (error instanceof NewerSettings) throw error;
      why = `${FILE} cannot be used: ${(error as Error).message}`;
    }
  }
  const copy = await readIfThere(join(directory, LAST_GOOD));
  if (copy === undefined) {
    if (text === undefined) return { settings: defaultSettings(), text };
    throw new SallyportError('invalid', `${why}. There is no last good copy. Repair or remove the file in ${directory}.`);
  }
  try {
    const settings = parse(copy);
    const problem = `${why}. The last good copy (${LAST_GOOD}) is in use. Repair ${FILE}, or remove both files to begin anew.`;
    return { settings, text, problem };
  } catch (error) {
    if (error instanceof NewerSettings) throw error;
    throw new SallyportError('invalid', `${why}, and ${LAST_GOOD} cannot be used either. Repair or remove the files in ${directory}.`);
  }
}

function parse(text: string): Settings {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // The parser's own message may quote the text.
    throw new SallyportError('invalid', 'it is not valid JSON');
  }
  const settings = migrate(value);
  const problems = checkSettings(settings);
  const [first] = Object.entries(problems);
  if (first) throw new SallyportError('invalid', `${first[0]} ${first[1]}`, { details: problems });
  fillCredentialOrigins(settings as Settings);
  return settings as Settings;
}
