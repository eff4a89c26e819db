import { extname, join, normalize, sep } from 'node:path';

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.json': 'application/json',
};

/** The file of the console that a path names; undefined where it leads elsewhere or is of no kind that a page needs. Pure. */
export function pageFile(directory: string, path: string): { file: string; type: string } | undefined {
  const wanted = extname(path) === '' ? '/index.html' : path;
  let decoded: string;
  try {
    decoded = decodeURIComponent(wanted);
  } catch {
    return undefined;
  }
  if (decoded.includes('\0')) return undefined;
  const file = normalize(join(directory, decoded));
  const type = TYPES[extname(file)];
  return file.startsWith(directory + sep) && type !== undefined ? { file, type } : undefined;
}
