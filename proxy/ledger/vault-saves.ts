import type { FilePort } from './file-port.js';

/** What is to be written of each session, by the path of its file. */
class Owed extends Map<string, { line: string; text: (() => string) | undefined }> {
  /** `line`: for the list. `text`: what the file is to hold, asked for when it is written. */
  put(path: string, line: string, text: (() => string) | undefined): void {
    const before = this.get(path);
    this.set(path, { line: (before?.line ?? '') + line, text: text ?? before?.text });
  }
}

interface Group {
  owed: Owed;
  done: Promise<void>;
}

/**
 * Writes the vault's files in groups: one is written at a time, and all that comes meanwhile is the next, so that many sessions
 * share one sync of the directory and one append.
 */
export class VaultSaves {
  private next: Group | undefined;
  private running: Group | undefined;
  /** Of groups that failed; the next one takes it along. */
  private left = new Owed();
  private last: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly files: FilePort,
    /** File that lines are appended to; it is not synced. */
    private readonly list: string,
  ) {}

  /** Appends a line and saves a file, durable when it resolves. @throws the system's error; the next save tries it again */
  save(path: string, line: string, text?: () => string): Promise<void> {
    this.next ??= this.gather();
    this.next.owed.put(path, line, text);
    return this.next.done;
  }

  /** Did the last save of a file fail? */
  owes(path: string): boolean {
    return this.left.get(path)?.text !== undefined;
  }

  /** The save of a file that is under way. */
  pending(path: string): Promise<void> | undefined {
    return [this.next, this.running].find((group) => group?.owed.get(path)?.text)?.done;
  }

  /** Forgets what was to be written of a session, its line as well; then runs `work`, when nothing is being written. */
  purge(path: string, work: () => Promise<void>): Promise<void> {
    this.left.delete(path);
    this.next?.owed.delete(path);
    return this.alone(() => {
      // What was being written meanwhile may have failed.
      this.left.delete(path);
      return work();
    });
  }

  /** Runs when nothing is being written; what comes meanwhile waits for it. */
  private alone<T>(work: () => Promise<T>): Promise<T> {
    const done = this.last.then(work);
    this.last = done.catch(() => {});
    return done;
  }

  private gather(): Group {
    const group: Group = { owed: this.left, done: Promise.resolve() };
    this.left = new Owed();
    group.done = this.alone(async () => {
      this.next = undefined;
      this.running = group;
      const lines = [...group.owed.values()].map(({ line }) => line).join('');
      const whole = [...group.owed].flatMap(([path, { text }]) => (text ? [{ path, bytes: text(), mayTear: true }] : []));
      const tried = await Promise.allSettled([lines === '' ? undefined : this.files.append(this.list, lines), this.files.writeAll(whole)]);
      this.running = undefined;
      const failed = tried.find((r) => r.status === 'rejected');
      if (!failed) return;
      for (const [path, { line, text }] of group.owed) this.left.put(path, line, text);
      throw failed.reason;
    });
    return group;
  }
}
