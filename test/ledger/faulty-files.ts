import { copyFileSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { type FilePort, type LedgerFile, realFiles, type WholeFile } from '../../proxy/ledger/index.js';

export type Fault = { on: 'write' | 'sync' | 'open'; code: string; after?: number };

/** A real disk that fails on demand, can be slow, and knows what a power cut would leave. */
export class FaultyFiles implements FilePort {
  fault: Fault | undefined;
  /** Milliseconds that each sync takes. */
  syncTakes = 0;
  /** Called when a sync is asked for; the test answers when it likes. */
  holdSyncs = false;
  private held: (() => void)[] = [];
  /** What was in each file when its last successful sync was asked for. */
  private readonly durable = new Map<string, Buffer>();

  private fails(on: Fault['on']): Error | undefined {
    if (this.fault?.on !== on) return undefined;
    return Object.assign(new Error(`${this.fault.code}: injected`), { code: this.fault.code });
  }

  open(path: string): LedgerFile {
    const error = this.fails('open');
    if (error) throw error;
    const file = realFiles.open(path);
    const partly = (bytes: Buffer, position: number): Error | undefined => {
      const failure = this.fails('write');
      // A full disk takes the first part of a write.
      if (failure && bytes.length > 10) file.writeSync(bytes.subarray(0, bytes.length >> 1), position);
      return failure;
    };
    return {
      writeSync: (bytes, position) => {
        const failure = partly(bytes, position);
        if (failure) throw failure;
        file.writeSync(bytes, position);
      },
      write: (bytes, position, done) => {
        const failure = partly(bytes, position);
        if (failure) setImmediate(done, failure);
        else file.write(bytes, position, done);
      },
      datasync: (done) => {
        const whole = readFileSync(path);
        const go = (): void => {
          const failure = this.fails('sync');
          if (failure) return done(failure);
          file.datasync((problem) => {
            if (!problem) this.durable.set(basename(path), whole);
            done(problem);
          });
        };
        if (this.holdSyncs) this.held.push(go);
        else setTimeout(go, this.syncTakes);
      },
      truncate: (size) => file.truncate(size),
      size: () => file.size(),
      close: () => file.close(),
    };
  }

  releaseSyncs(): void {
    this.holdSyncs = false;
    for (const go of this.held.splice(0)) go();
  }

  async writeAll(files: readonly WholeFile[]): Promise<void> {
    const failure = this.fails('write');
    if (failure) throw failure;
    await realFiles.writeAll(files);
  }

  append = (path: string, text: string): Promise<void> => realFiles.append(path, text);
  syncDirectory = (path: string): Promise<void> => realFiles.syncDirectory(path);

  /** Copies a data directory as a power cut would leave it: of segments, only what was synced. */
  powerCut(from: string, to: string): void {
    mkdirSync(to, { recursive: true });
    for (const name of readdirSync(from)) {
      const path = join(from, name);
      if (statSync(path).isDirectory()) this.powerCut(path, join(to, name));
      else if (name !== 'lock') {
        if (name.endsWith('.jsonl') && name !== 'heads.jsonl') writeFileSync(join(to, name), this.durable.get(name) ?? '');
        else copyFileSync(path, join(to, name));
      }
    }
  }
}
