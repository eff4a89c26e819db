import { type Clock, type Person, SallyportError, type SecretStore } from '../contract/index.js';
import { hashPassphrase, verifyPassphrase } from '../credentials/index.js';
import { createCapabilities } from './capabilities.js';
import type { Persons } from './types.js';

/*
 * What an attacker could do here: an agent runs as the same user and can try passphrases (scrypt makes each cost half a second
 * and 128 MB, and after a few the door stays shut for growing times) or set the first one (refused where the desktop's main process
 * vouches for the person; headless, before anybody did: the console asks for it at first use). What the local person may do is never on disk: only a hash is,
 * in the SecretStore.
 */

/** What the composition and main need beyond {@link Persons}. */
export interface PersonRoom extends Persons {
  /** For whoever has established who the person is: OIDC sign-in, or OS authentication in main. */
  give(person: Person): { capability: string; person: Person };
  /** Every capability of a person ends: signed out, or withdrawn by the identity provider. */
  lockPerson(personId: string): void;
}

export interface PersonsOptions {
  secrets: SecretStore;
  clock: Clock;
  /** Name shown for the local person, e.g. the login name. */
  localName?: string;
  /** Somebody else knows who the person is (the desktop's main process): then even the first passphrase needs their word. */
  firstNeedsPerson?: boolean;
  /** Cost of the passphrase hash; lower only in tests. */
  passphraseLogN?: number;
}

const ENTRY = 'person/passphrase';
const MIN_LENGTH = 8;
const MAX_LENGTH = 1024;
const FREE_TRIES = 5;
const MAX_WAIT_MS = 300_000;

/** Persons and their capabilities. Reads whether a passphrase is set; when the SecretStore cannot be read now, it is asked again. */
export async function createPersons(options: PersonsOptions): Promise<PersonRoom> {
  const { secrets, clock } = options;
  const capabilities = createCapabilities(clock);
  const local: Person = { id: 'local', name: options.localName ?? 'Local person', groups: [], via: 'passphrase' };
  // undefined: not known yet, because the store could not be read. That must not look like "none is set".
  let kept: string | null | undefined = await read();
  let failures = 0;
  let shutUntil = 0;
  let turn: Promise<unknown> = Promise.resolve();

  async function read(): Promise<string | null | undefined> {
    return secrets.get(ENTRY).then(
      (hash) => hash ?? null,
      () => undefined,
    );
  }
  const known = async (): Promise<string | null> => {
    kept ??= await read();
    if (kept === undefined)
      throw new SallyportError('keychain_unavailable', 'The passphrase is kept in the keychain, which cannot be read now.');
    return kept;
  };

  const unlock = async (passphrase: string) => {
    const waitMs = shutUntil - clock.monotonic();
    if (waitMs > 0) {
      throw new SallyportError('too_many_requests', `Too many wrong passphrases. Try again in ${Math.ceil(waitMs / 1000)} s.`);
    }
    const hash = await known();
    if (hash === null) throw new SallyportError('person_required', 'No passphrase is set yet. Set one first: sallyport login.');
    if (passphrase.length > MAX_LENGTH || !(await verifyPassphrase(passphrase, hash))) {
      failures++;
      if (failures >= FREE_TRIES) shutUntil = clock.monotonic() + Math.min(MAX_WAIT_MS, 2 ** (failures - FREE_TRIES) * 1000);
      throw new SallyportError('person_required', 'The passphrase is wrong.');
    }
    failures = 0;
    return capabilities.give(local);
  };

  return {
    ...capabilities,
    hasPassphrase: () => kept !== null,
    unlockWithPassphrase(passphrase) {
      // One after the other: trying in parallel must not outrun the counting.
      const run = turn.then(() => unlock(passphrase));
      turn = run.catch(() => undefined);
      return run;
    },
    async setPassphrase(passphrase, capability) {
      if (passphrase.length < MIN_LENGTH || passphrase.length > MAX_LENGTH) {
        const problem = `must have ${MIN_LENGTH} to ${MAX_LENGTH} characters`;
        throw new SallyportError('invalid', `A passphrase ${problem}.`, { details: { passphrase: problem } });
      }
      const change = turn.then(async () => {
        if ((await known()) !== null) {
          if (capability === undefined) throw new SallyportError('conflict', 'A passphrase is set already. Unlock with it to change it.');
          capabilities.require(capability);
        } else if (options.firstNeedsPerson) {
          try {
            capabilities.require(capability);
          } catch {
            throw new SallyportError(
              'person_required',
              'Here the first passphrase is set in the window of the desktop app, by the person who sits there.',
            );
          }
        }
        const hash = await hashPassphrase(passphrase, options.passphraseLogN);
        await secrets.set(ENTRY, hash);
        kept = hash;
      });
      turn = change.catch(() => undefined);
      await change;
    },
  };
}
