import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Idp } from '../../scripts/demo/idp.js';
import type { Gateway } from '../../scripts/demo/launch.js';
import type { OwnBuild } from '../support/own-build.js';
import { openHandles } from '../support/process.js';
import { fillDisk } from '../support/small-disk.js';
import type { Hostile } from './hostile.js';

/** What the troubles are done to. */
export interface Troubled {
  directory: string;
  /** A small file system of its own below the data, where one may be mounted. */
  disk: { path: string } | undefined;
  idp: Idp;
  hostile: Hostile;
  builds: readonly OwnBuild[];
  /** The gateway that runs, or ran last. */
  gateway(): Gateway;
  /** Starts one on the data, as a supervisor would; `build`: from now on this one. */
  start(build?: OwnBuild): Promise<void>;
  /** Tries a start that must be refused. @throws Error when it was not */
  startRefused(build?: OwnBuild): Promise<void>;
}

const random = (below: number): number => Math.floor(Math.random() * below);
const may = (command: string, ...args: string[]): boolean => {
  try {
    execFileSync(command, args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
};

/** The troubles that this machine can make, by name. Each leaves a gateway that runs, without any limit on it. */
export function troubles(t: Troubled): Record<string, () => Promise<void>> {
  const settings = join(t.directory, 'settings.json');
  const { disk } = t;
  let build = 0;
  const acts: Record<string, () => Promise<void>> = {
    async kill() {
      t.gateway().signal('SIGKILL');
      await t.gateway().exited;
      await t.start();
    },
    async stop() {
      await t.gateway().stop();
      await t.start();
    },
    async pause() {
      t.gateway().signal('SIGSTOP');
      await sleep(200 + random(2_000));
      t.gateway().signal('SIGCONT');
    },
    async damagedSettings() {
      t.gateway().signal('SIGKILL');
      await t.gateway().exited;
      const good = readFileSync(settings);
      try {
        writeFileSync(settings, good.subarray(0, random(good.length)));
        await t.start();
      } finally {
        // A full disk may have been the reason that it could not be damaged.
        await t
          .gateway()
          .stop()
          .catch(() => {});
        writeFileSync(settings, good);
      }
      await t.start();
    },
    async noIdentityProvider() {
      await t.idp.pause();
      await sleep(random(3_000));
      await t.idp.resume();
    },
    /** As after SIGSTOP: its kernel takes connections and bytes, it reads and says nothing. */
    async stoppedProvider() {
      t.hostile.stop();
      await sleep(500 + random(3_000));
      t.hostile.continue();
    },
    async otherVersion() {
      build = (build + 1) % t.builds.length;
      await t.startRefused(t.builds[build]);
      await t.gateway().stop();
      await t.start(t.builds[build]);
    },
  };
  if (may('prlimit', '--version'))
    acts['fewDescriptors'] = async () => {
      const { pid } = t.gateway();
      const limit = /^Max open files +(\d+)/m.exec(readFileSync(`/proc/${pid}/limits`, 'utf8'))![1];
      execFileSync('prlimit', ['--pid', String(pid), `--nofile=${openHandles(pid) + random(6)}:`]);
      try {
        await sleep(500 + random(2_000));
      } finally {
        may('prlimit', '--pid', String(pid), `--nofile=${limit}:`);
      }
    };
  if (disk) {
    acts['diskFull'] = async () => {
      const filler = join(disk.path, 'filler');
      fillDisk(filler, 1 << 24);
      await sleep(500 + random(2_000));
      rmSync(filler, { force: true });
    };
    acts['diskReadOnly'] = async () => {
      await t.gateway().stop();
      if (may('mount', '-o', 'remount,ro', disk.path))
        try {
          await t.startRefused();
        } finally {
          execFileSync('mount', ['-o', 'remount,rw', disk.path], { stdio: 'ignore' });
        }
      await t.start();
    };
  }
  return acts;
}
