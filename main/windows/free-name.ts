import { extname, join } from 'node:path';

/** A free name in the folder: `name.json`, `name (1).json` … Pure but for the question whether a file is there. */
export function freeName(name: string, taken: (name: string) => boolean): string {
  const clean = name.replace(/[/\\:*?"<>|\p{Cc}\p{Cf}]/gu, '').replace(/^\.+/, '') || 'sallyport';
  const end = extname(clean);
  const stem = clean.slice(0, clean.length - end.length);
  for (let n = 0; ; n++) {
    const tried = n === 0 ? clean : `${stem} (${n})${end}`;
    if (!taken(tried)) return tried;
  }
}

/** Where downloads go: without a folder of that kind the system names the home folder, which stays tidy. Pure. */
export function downloadsFolder(named: string, home: string): string {
  return named === home ? join(home, 'Downloads') : named;
}
