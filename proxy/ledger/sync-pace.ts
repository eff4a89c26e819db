/** `written` records are synced this long after they were written: under the promised 50 ms, with room for the sync itself. */
const SYNC_AFTER_MS = 25;
/** A group of this size says that there is load: the next one is gathered for so long, or until it is full. */
const BUSY = 4;
const FULL = 32;
const GROUP_MS = 2;

/** Says when the next sync is due. What it calls then finds out itself whether a sync may run now. */
export class SyncPace {
  /** Size of the group that was synced last. */
  private lastGroup = 0;
  private groupTimer: NodeJS.Timeout | undefined;
  private windowTimer: NodeJS.Timeout | undefined;

  constructor(private readonly due: () => void) {}

  /** So many records wait for a sync, or none and there are only `written` ones that have not been synced. */
  expect(waiting: number): void {
    if (waiting === 0)
      this.windowTimer ??= setTimeout(() => {
        this.windowTimer = undefined;
        this.due();
      }, SYNC_AFTER_MS);
    else if (this.lastGroup >= BUSY && waiting < FULL)
      // Many come at once: one sync for all of them costs less than one each. Nobody waits longer than this.
      this.groupTimer ??= setTimeout(() => {
        this.groupTimer = undefined;
        this.due();
      }, GROUP_MS);
    else this.due();
  }

  /** A sync of so many records begins: nothing else is due. */
  begun(group: number): void {
    this.stop();
    this.lastGroup = group;
  }

  stop(): void {
    clearTimeout(this.windowTimer);
    clearTimeout(this.groupTimer);
    this.windowTimer = this.groupTimer = undefined;
  }
}
