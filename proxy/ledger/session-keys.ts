import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { FilePort } from './file-port.js';
import { holdsKey, readSessionKey, type SessionKey, wrapSessionKey } from './keys.js';
import { sessionFileName } from './paths.js';

const MOST_CACHED = 4096;
const AT_ONCE = 32;

/** The writer's view of session keys: made at first use, durable before anything that needs them is acknowledged. */
export class SessionKeys {
  private readonly cache = new Map<string, SessionKey>();
  /** Keys whose file is not durable yet. */
  private readonly unsaved = new Map<string, SessionKey>();
  private saving: Promise<void> | undefined;

  constructor(
    private readonly directory: string,
    private readonly master: Buffer,
    private readonly files: FilePort,
  ) {}

  /** The session's key. @throws when the key file is there but cannot be opened with this master key. */
  of(session: string): SessionKey {
    const cached = this.cache.get(session) ?? this.unsaved.get(session);
    if (cached) return cached;
    const path = this.pathOf(session);
    // Most sessions are new: to ask whether there is a file is much cheaper than the error of reading one that is not there.
    const there = existsSync(path);
    let key = there ? readSessionKey(this.directory, this.master, session) : undefined;
    if (!key) {
      // Never write over a key that is only locked: with another master key in the SecretStore it may come back.
      if (there && holdsKey(path)) throw new Error(`the key of session ${session} cannot be opened with the key in the secret store`);
      key = { content: randomBytes(32), mask: randomBytes(32) };
      this.unsaved.set(session, key);
    }
    if (this.cache.size >= MOST_CACHED) this.cache.delete(this.cache.keys().next().value!);
    this.cache.set(session, key);
    return key;
  }

  /** Are there keys that a power cut would lose? */
  get pending(): boolean {
    return this.unsaved.size > 0;
  }

  /** Resolves when every key made so far is durable. */
  async save(): Promise<void> {
    while (this.unsaved.size > 0) {
      this.saving ??= this.saveAll().finally(() => {
        this.saving = undefined;
      });
      await this.saving;
    }
  }

  private async saveAll(): Promise<void> {
    const batch = [...this.unsaved].slice(0, AT_ONCE);
    await Promise.all(batch.map(([session, key]) => this.files.writeNew(this.pathOf(session), wrapSessionKey(this.master, session, key))));
    await this.files.syncDirectory(this.directory);
    for (const [session, key] of batch) if (this.unsaved.get(session) === key) this.unsaved.delete(session);
  }

  private pathOf(session: string): string {
    return join(this.directory, `${sessionFileName(session)}.key`);
  }

  forget(session: string): void {
    this.cache.delete(session);
    this.unsaved.delete(session);
  }
}
