/**
 * A minimal asar archive of text files. Format: 16 bytes of head (4; size of the rest of the head; payload; JSON length), the JSON
 * padded to 4 bytes, then the contents.
 */
export function asar(files) {
  const head = { files: {} };
  let offset = 0;
  for (const [name, text] of Object.entries(files)) {
    const size = Buffer.byteLength(text);
    head.files[name] = { size, offset: String(offset) };
    offset += size;
  }
  const json = Buffer.from(JSON.stringify(head));
  const padded = Math.ceil(json.length / 4) * 4;
  const top = Buffer.alloc(16 + padded);
  [4, 8 + padded, 4 + padded, json.length].forEach((n, i) => {
    top.writeUInt32LE(n, i * 4);
  });
  json.copy(top, 16);
  return Buffer.concat([top, ...Object.values(files).map((text) => Buffer.from(text))]);
}

/** What `electron path/to/app` runs: loads the app in the folder that is named. Written from the behaviour of Electron's own. */
export const DEFAULT_APP = String.raw`
import { app } from 'electron/main'
import fs from 'node:fs'
import { Module } from 'node:module'
import path from 'node:path'
import url from 'node:url'
const preload = []
let target
for (let i = 1; i < process.argv.length; i++) {
  const a = process.argv[i]
  if (a === '-v' || a === '--version') { console.log('v' + process.versions.electron); process.exit(0) }
  if (a === '-a' || a === '--abi') { console.log(process.versions.modules); process.exit(0) }
  if (a === '-r' || a === '--require') preload.push(process.argv[++i])
  else if (!a.startsWith('-')) { target = a; break }
}
if (!target) { console.error('usage: electron [-r module] path/to/app'); process.exit(1) }
if (preload.length) Module._preloadModules(preload)
Object.defineProperty(process, 'defaultApp', { value: true, enumerable: true })
const dir = path.resolve(target)
const manifest = path.join(dir, 'package.json')
const entry = Module._resolveFilename(dir, null, true)
if (fs.existsSync(manifest)) {
  const m = JSON.parse(fs.readFileSync(manifest, 'utf8'))
  if (m.version) app.setVersion(m.version)
  if (m.productName || m.name) app.name = m.productName || m.name
  app.setDesktopName(m.desktopName || app.name + '.desktop')
}
app.setAppPath(fs.existsSync(manifest) ? dir : path.dirname(entry))
try { await import(url.pathToFileURL(entry).href) } catch (e) { console.error('App threw an error during load\n', e); throw e }
`;
