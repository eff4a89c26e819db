import type { Person, PersonState } from '../../proxy/index.js';

export interface Given {
  capability: string;
  person: Person;
}

/**
 * Whose word main may give to the gateway; in memory only. In local mode it is the person at this computer. Where persons sign in, it is
 * whoever signed in (or unlocked with the passphrase), and before that nobody's: signing out locks.
 */
export class PersonsWord {
  private given: Given | undefined;
  private local = '';
  private signInNeeded = false;
  /** What stands in the way of a session that was there; shown until it is over. */
  session: PersonState = 'none';

  /** A gateway has started: words that another one gave are worth nothing. */
  start(local: string): void {
    this.local = local;
    this.given = undefined;
    this.session = 'none';
  }

  /** Somebody may sign in here, so somebody has to. */
  set canSignIn(on: boolean) {
    this.signInNeeded = on;
  }
  get canSignIn(): boolean {
    return this.signInNeeded;
  }

  keep(given: Given): void {
    this.given = given;
    this.session = given.person.via === 'oidc' ? 'signed-in' : this.session;
  }

  renewLocal(capability: string): void {
    this.local = capability;
  }

  end(session: PersonState = 'signed-out'): void {
    this.given = undefined;
    this.session = session;
  }

  /** Undefined: locked. */
  get capability(): string | undefined {
    if (this.given) return this.given.capability;
    return this.signInNeeded || this.local === '' ? undefined : this.local;
  }

  get person(): Person | undefined {
    return this.given?.person;
  }

  get locked(): boolean {
    return this.capability === undefined;
  }
}
