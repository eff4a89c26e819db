import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FilePort } from './file-port.js';
import { GIT_HEADS, GitHeads } from './heads-git.js';
import { type Sealer, signatureHolds } from './seal.js';

/** A signed statement, kept outside the ledger: at this time, record `seq` was the last, and its hash was this. */
export interface Head {
  ledger: string;
  seq: number;
  hash: string;
  at: string;
  key: string;
}

/** Where copies of the head go beside the data directory. */
export interface HeadCopies {
  /** A file, appended to. Put it where this computer's user cannot rewrite it, or under version control. */
  file?: string;
  /** A URL that each head is POSTed to. Failures are shown and do not stop recording. */
  webhook?: string;
  /** A local git repository that the newest head is committed into every so many minutes (10), and at stop. */
  git?: { directory: string; minutes?: number };
}

/** Where copies of heads lie that this computer can read: for `verify`. */
export function headCopies({ file, git }: HeadCopies): string[] {
  return [...(file === undefined ? [] : [file]), ...(git === undefined ? [] : [join(git.directory, GIT_HEADS)])];
}

async function post(url: string, line: string): Promise<void> {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: line,
    redirect: 'error',
    signal: AbortSignal.timeout(5000),
  });
  await answer.body?.cancel();
  if (!answer.ok) throw new Error(`status ${answer.status}`);
}

/** A head file over this is cut to its last lines. */
const MOST_BYTES = 262_144;
const KEPT_LINES = 200;

/** Writes heads: at most one a second while records come, and one at stop. */
export class HeadKeeper {
  private latest: { seq: number; hash: string } | undefined;
  private writtenSeq = 0;
  private timer: NodeJS.Timeout | undefined;
  private busy: Promise<void> = Promise.resolve();
  private bytes = 0;
  private readonly git: GitHeads | undefined;
  private wrong: string | undefined;
  private unsent: string | undefined;
  private told: string | undefined;

  constructor(
    private readonly path: string,
    private readonly ledger: string,
    private sealer: Sealer,
    private readonly files: FilePort,
    private readonly now: () => string,
    private readonly copies: HeadCopies = {},
    private readonly everyMs = 1000,
    private readonly onProblem: (problem: string | undefined) => void = () => {},
  ) {
    this.bytes = readText(path).length;
    if (copies.git) this.git = new GitHeads(copies.git.directory, (copies.git.minutes ?? 10) * 60_000, () => this.tell());
  }

  private tell(): void {
    if (this.problem === this.told) return;
    this.told = this.problem;
    this.onProblem(this.told);
  }

  /** Set while the last attempt to keep a head, or a copy of it, failed. */
  get problem(): string | undefined {
    return this.wrong ?? this.unsent ?? this.git?.problem;
  }

  useKey(sealer: Sealer): void {
    this.sealer = sealer;
  }

  /** The chain is durable up to here. */
  synced(seq: number, hash: string): void {
    this.latest = { seq, hash };
    if (this.timer) return;
    this.timer = setTimeout(() => {
      this.timer = undefined;
      void this.flush();
    }, this.everyMs);
    this.timer.unref();
  }

  /** Writes the head now, if there is news. */
  flush(): Promise<void> {
    this.busy = this.busy.then(() => this.write());
    return this.busy;
  }

  async close(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    await this.flush();
    await this.git?.close();
  }

  private async write(): Promise<void> {
    if (!this.latest || this.latest.seq === this.writtenSeq) return;
    const { seq, hash } = this.latest;
    const line = this.sealer.close(headBody({ ledger: this.ledger, seq, hash, at: this.now(), key: this.sealer.keyId }));
    try {
      if (this.bytes > MOST_BYTES) {
        const kept = readText(this.path).split('\n').filter(Boolean).slice(-KEPT_LINES).join('\n');
        await this.files.writeAll([{ path: this.path, bytes: `${kept}\n` }]);
        this.bytes = kept.length + 1;
      }
      await this.files.append(this.path, line);
      this.bytes += line.length;
      this.writtenSeq = seq;
      if (this.copies.file) await this.files.append(this.copies.file, line);
      this.wrong = undefined;
    } catch (error) {
      this.wrong = (error as NodeJS.ErrnoException).code ?? 'the head could not be written';
    }
    this.git?.put(line);
    if (this.copies.webhook) {
      const sent = post(this.copies.webhook, line).then(
        () => undefined,
        () => 'a copy of the head could not be sent to the webhook',
      );
      void sent.then((problem) => {
        this.unsent = problem;
        this.tell();
      });
    }
    this.tell();
  }
}

const headBody = (head: Head): string =>
  `{"head":1,"ledger":"${head.ledger}","seq":${head.seq},"hash":"${head.hash}","at":"${head.at}","key":"${head.key}"`;

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
}

/** Heads of a file, in order, each with its line; a torn last line and foreign lines are left out. */
export function readHeads(path: string): { head: Head; line: string }[] {
  return readText(path)
    .split('\n')
    .flatMap((text) => {
      try {
        const parsed = JSON.parse(text) as Head & { head: number };
        return parsed.head === 1 && Number.isSafeInteger(parsed.seq) ? [{ head: parsed, line: `${text}\n` }] : [];
      } catch {
        return [];
      }
    });
}

/** Was this head signed by one of these public keys (hex, by key id)? */
export function headHolds(entry: { head: Head; line: string }, keys: ReadonlyMap<string, string>): boolean {
  const key = keys.get(entry.head.key);
  return key !== undefined && signatureHolds(entry.line, key);
}
