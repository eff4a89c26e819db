import { readFile } from 'node:fs/promises';
import { type ApprovalBroker, createLinks } from '../approvals/index.js';
import type { Clock, Settings } from '../contract/index.js';
import { type LinkServer, serveApprovalLinks } from '../control/index.js';
import type { Faults } from './status.js';

/** The listener of one-time links as the settings say: none without `approvals.links`. A failure decides nothing and is shown. */
export class ApprovalLinks {
  #server: LinkServer | undefined;
  #as = '';
  #turn: Promise<void> = Promise.resolve();
  readonly #links: ReturnType<typeof createLinks>;

  constructor(private readonly parts: { approvals: ApprovalBroker; clock: Clock; faults: Faults; onAttempt(what: string): void }) {
    this.#links = createLinks(parts.clock);
  }

  /** What a webhook puts into its call; undefined where links are off. */
  get links(): { base: string; issue(approvalId: string): string } | undefined {
    return this.#server && { base: this.#server.base, issue: (id) => this.#links.issue(id) };
  }

  /** Opens, closes or moves the listener to what is configured. */
  follow(configured: Settings['approvals']['links']): Promise<void> {
    this.#turn = this.#turn.then(() => this.#open(configured));
    return this.#turn;
  }

  async #open(configured: Settings['approvals']['links']): Promise<void> {
    const as = JSON.stringify(configured ?? null);
    if (as === this.#as) return;
    this.#as = as;
    await this.#server?.close();
    this.#server = undefined;
    this.parts.faults.clear('approval-links');
    if (!configured) return;
    const { host, port, base, tls, person } = configured;
    try {
      this.#server = await serveApprovalLinks({
        host,
        port,
        ...(base === undefined ? {} : { base }),
        tls: { cert: await readFile(tls.certFile, 'utf8'), key: await readFile(tls.keyFile, 'utf8') },
        person: { id: person.id, name: person.name, groups: person.groups, via: 'link' },
        approvals: this.parts.approvals,
        links: this.#links,
        onAttempt: this.parts.onAttempt,
      });
    } catch (error) {
      this.parts.faults.set('approval-links', `One-time links are not served: ${(error as Error).message} (settings: approvals.links).`);
    }
  }

  async close(): Promise<void> {
    await this.follow(undefined);
  }
}
