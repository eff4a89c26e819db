/**
 * Where exports, backups and bundles of the page land: the downloads folder of the person, under a name that is free, and the person is
 * told where. What an attacker could do here: a page that runs hostile script could write a file there, as it could in any browser; only
 * what our own page made is taken, never an address, and nothing is opened or overwritten.
 */
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type DownloadItem, type Session, session } from 'electron';
import { isOurs } from '../security/index.js';
import { freeName } from './free-name.js';

/** When ready. `saved` and `failed` say it to the person. */
export function keepDownloads(
  folder: () => string,
  on: { saved(path: string): void; failed(name: string): void },
  target: Session = session.defaultSession,
): void {
  /** Paths of downloads under way: nothing of them may be on disk yet, so a second one (a double click) would overwrite the first. */
  const underWay = new Set<string>();
  target.on('will-download', (event, item: DownloadItem) => {
    if (!isOurs(item.getURL())) return event.preventDefault();
    const directory = folder();
    try {
      mkdirSync(directory, { recursive: true });
    } catch {
      // The download then fails, and that is said.
    }
    const taken = (path: string) => underWay.has(path) || existsSync(path);
    const path = join(
      directory,
      freeName(item.getFilename(), (name) => taken(join(directory, name))),
    );
    underWay.add(path);
    item.setSavePath(path);
    item.once('done', (_event, state) => {
      underWay.delete(path);
      if (state === 'completed') return on.saved(path);
      try {
        rmSync(path, { force: true }); // What a full disk leaves is an empty file.
      } catch {
        // There is no folder to take it from.
      }
      on.failed(path);
    });
  });
}
