import { type ErrorCode, SallyportError } from '../contract/index.js';

/** Exit codes of every verb; listed in docs/cli.md and in `sallyport --help`. */
export const EXIT = {
  ok: 0,
  /** The answer is "no": verify found a change, doctor found something, a test failed, a denial. */
  no: 1,
  usage: 2,
  /** No gateway runs for this data directory. */
  notRunning: 3,
  /** Only a person may; or this person may not. */
  person: 4,
  notFound: 5,
  conflict: 6,
  internal: 70,
  interrupted: 130,
} as const;

/** The verb ran, and this is its result; nothing more to print. */
export class Exit extends Error {
  constructor(readonly code: number) {
    super(`exit ${code}`);
    this.name = 'Exit';
  }
}

export class NotRunning extends Error {
  constructor(directory: string) {
    super(`No gateway runs for ${directory}. Start it with \`sallyport serve\` (or open the desktop app).`);
    this.name = 'NotRunning';
  }
}

export class Usage extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'Usage';
  }
}

const BY_CODE: Partial<Record<ErrorCode, number>> = {
  person_required: EXIT.person,
  forbidden: EXIT.person,
  bad_credential: EXIT.person,
  owner_locked: EXIT.person,
  group_missing: EXIT.person,
  not_found: EXIT.notFound,
  unknown_connection: EXIT.notFound,
  conflict: EXIT.conflict,
  invalid: EXIT.usage,
  internal: EXIT.internal,
};

export function exitCodeOf(error: unknown): number {
  if (error instanceof Exit) return error.code;
  if (error instanceof NotRunning) return EXIT.notRunning;
  if (error instanceof Usage) return EXIT.usage;
  if (error instanceof SallyportError) return BY_CODE[error.code] ?? EXIT.no;
  if (error instanceof Error && error.name === 'Interrupted') return EXIT.interrupted;
  return EXIT.internal;
}
