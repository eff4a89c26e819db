import { randomBytes } from 'node:crypto';
import type { FilePort } from './file-port.js';
import { KeySlots } from './key-slots.js';
import type { SessionKey } from './keys.js';

const MOST_CACHED = 4096;

/**
 * The writer's view of session keys: made at first use, written before the first record that needs them (whoever reads the record can
 * open it), durable before anything that needs them is acknowledged.
 */
export class SessionKeys {
  private readonly cache = new Map<string, SessionKey>();
  /** Keys that are not durable yet. */
  private readonly unsaved = new Map<string, SessionKey>();
  /** Those of them that are in no slot yet. */
  private readonly unwritten = new Map<string, SessionKey>();
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
      this.unwritten.set(session, key);
    }
    if (this.cache.size >= MOST_CACHED) this.cache.delete(this.cache.keys().next().value!);
    this.cache.set(session, key);
    return key;
  }

  /** Are there keys that a power cut would lose? */
  get pending(): boolean {
    return this.unsaved.size > 0;
  }

  /** Puts every key made so far into its slot. @throws the system's error */
  write(): void {
    for (const [session, key] of this.unwritten) {
      this.slots.put(session, key);
      this.unwritten.delete(session);
    }
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
    this.write();
    try {
      await this.slots.sync();
    } catch (error) {
      // What a failed sync leaves on the disk is not known: it is written again.
      for (const [session, key] of batch) if (this.unsaved.get(session) === key) this.unwritten.set(session, key);
      throw error;
    }
    for (const [session, key] of batch) if (this.unsaved.get(session) === key) this.unsaved.delete(session);
  }

  forget(session: string): void {
    this.cache.delete(session);
    this.unsaved.delete(session);
    this.unwritten.delete(session);
  }

  close(): void {
    this.slots.close();
  }
}
