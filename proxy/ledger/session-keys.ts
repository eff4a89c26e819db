import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { FilePort } from './file-port.js';
import { readSessionKey, type SessionKey, wrapSessionKey } from './keys.js';
import { sessionFileName } from './paths.js';

const MOST_CACHED = 4096;

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
    let key = readSessionKey(this.directory, this.master, session);
    if (!key) {
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
    for (const [session, key] of [...this.unsaved]) {
      await this.files.writeWhole(join(this.directory, `${sessionFileName(session)}.key`), wrapSessionKey(this.master, session, key));
      this.unsaved.delete(session);
    }
  }

  forget(session: string): void {
    this.cache.delete(session);
    this.unsaved.delete(session);
  }
}
