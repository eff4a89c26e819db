import type { Clock, Grant } from '../contract/index.js';
import { type ActiveGrant, compileGrant, grantCovers } from './grants.js';
import type { ApprovalInput } from './types.js';

/** Ended grants that are kept for the list. */
const KEEP_ENDED = 200;

/** The standing grants. */
export class GrantBook {
  readonly #grants = new Map<string, ActiveGrant>();
  constructor(
    private readonly clock: Clock,
    grants: readonly Grant[],
  ) {
    for (const grant of grants) {
      // one that cannot be read any more only means that a person is asked
      try {
        this.add(grant);
      } catch {}
    }
  }

  #now() {
    return { wall: this.clock.now(), monotonic: this.clock.monotonic() };
  }

  add(grant: Grant): void {
    const now = this.#now();
    this.#grants.set(grant.id, compileGrant(grant, now.monotonic + Date.parse(grant.expiresAt) - now.wall));
    const ended = [...this.#grants.values()].filter((g) => g.grant.revokedAt !== undefined || g.deadlineMonotonic <= now.monotonic);
    for (const g of ended.slice(0, -KEEP_ENDED)) this.#grants.delete(g.grant.id);
  }

  get(id: string): ActiveGrant | undefined {
    return this.#grants.get(id);
  }

  /** The first grant that stands for a person's approval of this. */
  covering(input: ApprovalInput): ActiveGrant | undefined {
    const now = this.#now();
    return [...this.#grants.values()].find((g) => grantCovers(g, input, now));
  }

  covers(active: ActiveGrant, input: ApprovalInput): boolean {
    return grantCovers(active, input, this.#now());
  }

  /** Newest first. */
  list(): Grant[] {
    return [...this.#grants.values()].map((g) => g.grant).sort((a, b) => (a.createdAt < b.createdAt ? 1 : -1));
  }

  /** Ends a grant; false when it had ended. */
  revoke(active: ActiveGrant): boolean {
    if (active.grant.revokedAt !== undefined) return false;
    active.grant = { ...active.grant, revokedAt: new Date(this.clock.now()).toISOString() };
    return true;
  }

  /** Ends all grants of an agent. Answers those that stood. */
  revokeOf(agentId: string): Grant[] {
    const ended: Grant[] = [];
    for (const g of this.#grants.values()) if (g.grant.agentId === agentId && this.revoke(g)) ended.push(g.grant);
    return ended;
  }
}
