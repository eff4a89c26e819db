import type { ControlClient } from '../control/index.js';
import { dataDirectory } from '../settings/directory.js';
import { NotRunning } from './exit.js';
import type { Io } from './io.js';
import { cleanJson, type Paint, paint, table } from './terminal.js';

export interface GlobalOptions {
  json?: boolean;
  data?: string;
  demo?: boolean;
  color?: boolean;
  passphraseStdin?: boolean;
}

/** What a verb works with: where the data is, how to print, how to reach the gateway, and (in the `login` shell) the person. */
export class Context {
  readonly directory: string;
  readonly json: boolean;
  readonly paint: Paint;
  /** Held in the memory of this process only. */
  capability?: string;
  private connected?: ControlClient;

  constructor(
    readonly io: Io,
    readonly options: GlobalOptions = {},
  ) {
    this.directory = options.data ?? dataDirectory(io.env, { demo: options.demo === true });
    this.json = options.json === true;
    const colour = options.color !== false && io.env['NO_COLOR'] === undefined && io.terminal && !this.json;
    this.paint = paint(colour);
  }

  /** The running gateway, or undefined. */
  async findGateway(): Promise<ControlClient | undefined> {
    if (this.connected !== undefined) return this.connected;
    const { ControlClient, readAddress } = await import('../control/client.js');
    const address = readAddress(this.directory);
    if (address === undefined) return undefined;
    const client = new ControlClient(address);
    try {
      await client.call('GET', '/api/console');
    } catch (error) {
      client.close();
      const code = (error as NodeJS.ErrnoException).code;
      // Left behind by a gateway that was killed.
      if (code === 'ECONNREFUSED' || code === 'ENOENT') return undefined;
      throw error;
    }
    this.connected = client;
    return client;
  }

  /** @throws NotRunning */
  async gateway(): Promise<ControlClient> {
    const client = await this.findGateway();
    if (client === undefined) throw new NotRunning(this.directory);
    return client;
  }

  /** The same person and connection with other options, for one line of the `login` shell. */
  with(options: GlobalOptions): Context {
    const other = new Context(this.io, { ...this.options, ...options });
    if (other.directory === this.directory) {
      if (this.capability !== undefined) other.capability = this.capability;
      if (this.connected !== undefined) other.connected = this.connected;
    }
    return other;
  }

  close(): void {
    this.connected?.close();
    delete this.connected;
  }

  /** Prints one result: JSON when asked for, else what `human` makes of it. */
  print<T>(value: T, human: (value: T) => string): void {
    this.io.out(this.json ? `${cleanJson(value, 2)}\n` : ensureNewline(human(value)));
  }

  table(head: string[], rows: (string | number | undefined)[][]): string {
    return table(head, rows, { columns: this.io.columns, paint: this.paint });
  }

  /** A remark that is not the result. */
  say(text: string): void {
    this.io.err(ensureNewline(text));
  }
}

function ensureNewline(text: string): string {
  return text === '' || text.endsWith('\n') ? text : `${text}\n`;
}
