import { type DemoWorkspace, openDemoWorkspace, removeDemoWorkspace } from '../demo/index.js';

/** The demo workspace of this run, when it is open. */
export class Demo {
  #open: DemoWorkspace | undefined;

  constructor(private readonly rooms: Parameters<typeof openDemoWorkspace>[0]) {}

  get workspace(): DemoWorkspace | undefined {
    return this.#open;
  }

  async open(): Promise<void> {
    this.#open ??= await openDemoWorkspace(this.rooms);
  }

  /** Ends the simulated provider; connections and agent stay for the next run. */
  async close(): Promise<void> {
    await this.#open?.close();
  }

  async remove(): Promise<void> {
    await this.close();
    this.#open = undefined;
    await removeDemoWorkspace(this.rooms);
  }
}
