import { execFile } from 'node:child_process';
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';

/*
 * Power here: this runs a program, `git`. It is off unless the settings on this computer name a repository (the network faces may
 * not set that); it runs on a timer of its own, never because a request came, with fixed arguments, no shell, without the
 * repository's hooks, file system monitors or signing programs, and with an environment of its own. Who can write in that repository
 * can rewrite its history: push it elsewhere, or let another user own it.
 */

/** The file in the repository; one line a commit. */
export const GIT_HEADS = 'sallyport-heads.jsonl';
const TIMEOUT_MS = 30_000;
/** Nothing of the repository's own configuration may start a program. */
const QUIET = ['-c', 'core.hooksPath=/dev/null', '-c', 'core.fsmonitor=false', '-c', 'commit.gpgSign=false', '-c', 'gc.auto=0'];

function git(directory: string, args: string[]): Promise<void> {
  const env: Record<string, string> = {
    PATH: process.env['PATH'] ?? '',
    HOME: process.env['HOME'] ?? '',
    GIT_TERMINAL_PROMPT: '0',
    GIT_AUTHOR_NAME: 'Sallyport',
    GIT_AUTHOR_EMAIL: 'sallyport@localhost',
    GIT_COMMITTER_NAME: 'Sallyport',
    GIT_COMMITTER_EMAIL: 'sallyport@localhost',
  };
  return new Promise((resolve, reject) => {
    execFile('git', ['-C', directory, ...QUIET, ...args], { env, timeout: TIMEOUT_MS, windowsHide: true }, (error) =>
      error ? reject(error) : resolve(),
    );
  });
}

/** Commits the newest signed head into a local repository, at most every so many minutes, and at stop. */
export class GitHeads {
  private latest: string | undefined;
  private timer: NodeJS.Timeout | undefined;
  private busy: Promise<void> = Promise.resolve();
  /** Why the last commit failed; absent when it did not. */
  problem: string | undefined;

  constructor(
    private readonly directory: string,
    private readonly everyMs: number,
    private readonly done: () => void = () => {},
  ) {}

  /** A newer head. It covers all before it, so that one line a commit is enough. */
  put(line: string): void {
    this.latest = line;
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      void this.flush();
    }, this.everyMs).unref();
  }

  /** Commits now, if there is news. */
  flush(): Promise<void> {
    this.busy = this.busy.then(() => this.commit());
    return this.busy;
  }

  async close(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    await this.flush();
  }

  private async commit(): Promise<void> {
    const line = this.latest;
    if (line === undefined) return;
    this.latest = undefined;
    try {
      appendFileSync(join(this.directory, GIT_HEADS), line, { mode: 0o600 });
      await git(this.directory, ['add', '--', GIT_HEADS]);
      const { seq } = JSON.parse(line) as { seq: number };
      await git(this.directory, ['commit', '-q', '--no-verify', '-m', `Sallyport: head of record ${seq}`, '--', GIT_HEADS]);
      this.problem = undefined;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      this.problem =
        code === 'ENOENT'
          ? 'a copy of the head could not be committed: there is no git, or no such repository'
          : 'a copy of the head could not be committed to the git repository';
    }
    this.done();
  }
}
