import { join } from 'node:path';
import type { FilePort, LedgerFile } from './file-port.js';
import { segmentName } from './paths.js';

/** Smaller batches are written on this thread: the page cache takes microseconds, a trip through the thread pool costs more. */
const SMALL = 64 << 10;
/** After a write on this thread took longer than this (ms), the thread pool is used for a while. */
const SLOW = 3;
const SLOW_FOR = 1000;

/**
 * Room behind the last record is taken ahead, filled with newlines: a sync of bytes inside a file costs a fraction of one that has to
 * record the file's new size too (measured: a quarter less CPU for a request of 1 KB, half a millisecond less for one client).
 */
const FIRST_ROOM = 64 << 10;
const MOST_ROOM = 1 << 20;
/** A batch over this pays for its own growth; room for the next such would cost more than it saves. */
const NO_ROOM_FOR = 128 << 10;
let newlines: Buffer | undefined;

/** The end of the newest segment: what is in the file, and which part of it is durable. */
export class Tail {
  private file: LedgerFile | undefined;
  /** In the file, not yet synced; kept, so that it can be written again when a sync fails (the page cache may have dropped it). */
  private unsynced: { bytes: Buffer; end: number }[] = [];
  private synced: number;
  private slowUntil = 0;
  /** The file's length: from `offset` to here stand newlines. */
  private size: number;
  private nextRoom = FIRST_ROOM;
  private noRoomUntil = 0;
  unsyncedBytes = 0;
  /** Monotonic time of the oldest write that is not synced. */
  unsyncedSince: number | undefined;

  constructor(
    private readonly directory: string,
    private readonly files: FilePort,
    public segment: number,
    public offset: number,
    private readonly monotonic: () => number,
  ) {
    this.synced = offset;
    this.size = offset;
    this.file = files.open(this.path);
    if (this.file.size() !== offset) this.file.truncate(offset);
  }

  private get path(): string {
    return join(this.directory, segmentName(this.segment));
  }

  private opened(): LedgerFile {
    this.file ??= this.files.open(this.path);
    return this.file;
  }

  /** Writes at the end. `done` comes before this returns where the batch is small and the disk quick. */
  write(bytes: Buffer, done: (error: Error | null) => void): void {
    const start = this.monotonic();
    const finish = (error: Error | null): void => {
      if (!error) this.took(bytes, start);
      done(error);
    };
    try {
      if (bytes.length > SMALL || start < this.slowUntil) {
        this.opened().write(bytes, this.offset, finish);
        return;
      }
      this.opened().writeSync(bytes, this.offset);
    } catch (error) {
      finish(error as Error);
      return;
    }
    const end = this.monotonic();
    if (end - start > SLOW) this.slowUntil = end + SLOW_FOR;
    else this.takeRoom(this.offset + bytes.length, bytes.length, end);
    finish(null);
  }

  private takeRoom(end: number, batch: number, now: number): void {
    if (end <= this.size || batch > NO_ROOM_FOR || now < this.noRoomUntil) return;
    try {
      newlines ??= Buffer.alloc(MOST_ROOM, 10);
      this.opened().writeSync(newlines.subarray(0, this.nextRoom), end);
      this.size = end + this.nextRoom;
      const slow = this.monotonic() - now > SLOW;
      this.nextRoom = slow ? FIRST_ROOM : Math.min(2 * this.nextRoom, MOST_ROOM);
    } catch {
      // The disk is full, or nearly: what room there is belongs to records.
      this.noRoomUntil = now + SLOW_FOR;
      this.nextRoom = FIRST_ROOM;
      this.cut(end);
    }
  }

  private took(bytes: Buffer, at: number): void {
    this.offset += bytes.length;
    this.size = Math.max(this.size, this.offset);
    this.unsynced.push({ bytes, end: this.offset });
    this.unsyncedBytes += bytes.length;
    this.unsyncedSince ??= at;
  }

  /** Makes everything that is in the file now durable. */
  sync(done: (error: Error | null) => void): void {
    const upTo = this.offset;
    const start = this.monotonic();
    let file: LedgerFile;
    try {
      file = this.opened();
    } catch (error) {
      // Later, so that a caller sees one order of things.
      setImmediate(done, error as Error);
      return;
    }
    file.datasync((error) => {
      if (!error) {
        while (this.unsynced[0] && this.unsynced[0].end <= upTo) this.unsyncedBytes -= this.unsynced.shift()!.bytes.length;
        this.synced = upTo;
        this.unsyncedSince = this.unsynced.length > 0 ? start : undefined;
      }
      done(error);
    });
  }

  syncNow(): Promise<void> {
    return new Promise((resolve, reject) => this.sync((error) => (error ? reject(error) : resolve())));
  }

  /** Takes back what a failed write may have left. */
  cutBack(): void {
    this.cut(this.offset);
  }

  /** Gives back the room that was taken ahead: a segment that is closed ends with its last record. To be synced after. */
  trim(): void {
    if (this.size > this.offset) this.cut(this.offset);
  }

  private cut(end: number): void {
    this.size = end;
    try {
      this.opened().truncate(end);
    } catch {
      // The disk refuses this too; `restore` does it when the disk works again.
    }
  }

  /** Takes back the last write, which nobody was told of. */
  takeBack(): void {
    const last = this.unsynced.pop();
    if (!last) return;
    this.offset -= last.bytes.length;
    this.unsyncedBytes -= last.bytes.length;
    this.cutBack();
  }

  /** After a failure: opens the file anew and writes again what was acknowledged and may be lost. @throws the system's error */
  restore(): void {
    this.close();
    const file = this.opened();
    if (file.size() < this.synced) throw new Error('the newest segment is shorter than what was synced');
    file.truncate(this.synced);
    this.size = this.offset;
    let at = this.synced;
    for (const { bytes, end } of this.unsynced) {
      file.writeSync(bytes, at);
      at = end;
    }
  }

  /** Begins the next segment with these bytes, durable when it resolves. The old one must be synced. */
  async next(header: Buffer): Promise<void> {
    const path = join(this.directory, segmentName(this.segment + 1));
    const file = this.files.open(path);
    try {
      file.truncate(0);
      file.writeSync(header, 0);
      await new Promise<void>((resolve, reject) => file.datasync((error) => (error ? reject(error) : resolve())));
      await this.files.syncDirectory(this.directory);
    } catch (error) {
      try {
        file.truncate(0);
      } catch {}
      file.close();
      throw error;
    }
    this.close();
    this.file = file;
    this.segment++;
    this.offset = header.length;
    this.size = header.length;
    this.synced = header.length;
  }

  close(): void {
    try {
      this.file?.close();
    } catch {}
    this.file = undefined;
  }
}
