import { randomBytes } from 'node:crypto';
import type { FilePort } from './file-port.js';
import { KeySlots } from './key-slots.js';
import type { SessionKey } from './keys.js';

const MOST_CACHED = 4096;

/** The writer's view of session keys: made at first use, durable before anything that needs them is acknowledged. */
export class SessionKeys {
  private readonly cache = new Map<string, SessionKey>();
  /** Keys that are not durable yet. */
  private readonly unsaved = new Map<string, SessionKey>();
  private saving: Promise<void> | undefined;
  private readonly slots: KeySlots;

  constructor(directory: string, master: Buffer, files: FilePort) {
    this.slots = new KeySlots(directory, master, files);
  }

  /** The session's key. @throws when there is one that cannot be opened with this master key */
  of(session: string): SessionKey {
    const cached = this.cache.get(session) ?? this.unsaved.get(session);
    if (cached) return cached;
    let key = this.slots.find(session);
    if (!key) {
      const random = randomBytes(64);
      key = { content: random.subarray(0, 32), mask: random.subarray(32) };
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
    const batch = [...this.unsaved];
    for (const [session, key] of batch) this.slots.put(session, key);
    await this.slots.sync();
    for (const [session, key] of batch) if (this.unsaved.get(session) === key) this.unsaved.delete(session);
  }

  forget(session: string): void {
    this.cache.delete(session);
    this.unsaved.delete(session);
  }

  close(): void {
    this.slots.close();
  }
}
