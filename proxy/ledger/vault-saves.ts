import type { FilePort } from './file-port.js';

interface Group {
  /** Path → what its file is to hold, asked for when it is written. */
  files: Map<string, () => string>;
  lines: string;
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
  private left: Pick<Group, 'files' | 'lines'> = { files: new Map(), lines: '' };
  private last: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly files: FilePort,
    /** File that lines are appended to; it is not synced. */
    private readonly list: string,
  ) {}

  /** Appends lines and saves a file, durable when it resolves. @throws the system's error; the next save tries it again */
  save(lines: string, path?: string, text?: () => string): Promise<void> {
    this.next ??= this.gather();
    this.next.lines += lines;
    if (path !== undefined && text) this.next.files.set(path, text);
    return this.next.done;
  }

  /** Did the last save of a file fail? */
  owes(path: string): boolean {
    return this.left.files.has(path);
  }

  /** The save of a file that is under way. */
  pending(path: string): Promise<void> | undefined {
    return [this.next, this.running].find((group) => group?.files.has(path))?.done;
  }

  /** Forgets what was to be written to a file. */
  drop(path: string): void {
    this.left.files.delete(path);
    this.next?.files.delete(path);
  }

  /** Runs when nothing is being written; what comes meanwhile waits for it. */
  alone<T>(work: () => Promise<T>): Promise<T> {
    const done = this.last.then(work);
    this.last = done.catch(() => {});
    return done;
  }

  private gather(): Group {
    const group: Group = { ...this.left, done: Promise.resolve() };
    this.left = { files: new Map(), lines: '' };
    group.done = this.alone(async () => {
      this.next = undefined;
      this.running = group;
      const whole = [...group.files].map(([path, text]) => ({ path, bytes: text() }));
      const tried = await Promise.allSettled([
        group.lines === '' ? undefined : this.files.append(this.list, group.lines),
        this.files.writeAll(whole),
      ]);
      this.running = undefined;
      const failed = tried.find((r) => r.status === 'rejected');
      if (!failed) return;
      this.left = { files: new Map([...group.files, ...this.left.files]), lines: group.lines + this.left.lines };
      throw failed.reason;
    });
    return group;
  }
}
