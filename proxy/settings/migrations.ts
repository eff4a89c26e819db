import { SallyportError } from '../contract/index.js';
import { defaultSettings, SETTINGS_VERSION } from './defaults.js';

type Raw = Record<string, unknown>;

/** Step N turns version N into version N + 1. A step never loses what it does not understand. */
const STEPS: Record<number, (settings: Raw) => Raw> = {};

/**
 * Brings a parsed file up to this build's version and fills in sections that it leaves out, so that a file written by hand may
 * be as short as `{ "version": 1 }`.
 * @throws SallyportError invalid: the version is missing, or newer than this build knows (a downgrade)
 */
export function migrate(value: unknown, steps = STEPS, current = SETTINGS_VERSION): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new SallyportError('invalid', 'settings.json is not a JSON object');
  let settings = value as Raw;
  const found = settings['version'];
  if (typeof found !== 'number' || !Number.isInteger(found) || found < 1) {
    throw new SallyportError('invalid', 'settings.json has no valid "version"');
  }
  if (found > current) throw new NewerSettings(found, current);
  for (let version = found; version < current; version++) {
    const step = steps[version];
    if (step === undefined) throw new SallyportError('invalid', `settings.json has version ${version}, which cannot be migrated`);
    settings = { ...step(settings), version: version + 1 };
  }
  return withDefaults(settings);
}

/** The file was written by a newer build. Never answered with the last good copy: that would silently undo a newer policy. */
export class NewerSettings extends SallyportError {
  constructor(found: number, known: number) {
    super(
      'invalid',
      `settings.json has version ${found}, this build knows up to ${known}. A downgrade is refused: start the newer build, or restore a backup of the older settings.`,
      { rule: 'settings.version' },
    );
  }
}

function withDefaults(settings: Raw): Raw {
  const filled: Raw = { ...settings };
  for (const [key, standard] of Object.entries(defaultSettings())) {
    const given = filled[key];
    if (given === undefined) filled[key] = standard;
    else if (isRecord(standard) && isRecord(given)) filled[key] = { ...standard, ...given };
  }
  return filled;
}

function isRecord(value: unknown): value is Raw {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
