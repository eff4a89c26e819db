import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';

/** What the gateway reads by path, and what has to be a real file because a system loader opens it. */
const INSIDE = [
  /^\/package\.json$/,
  /^\/out\/main\/index\.js$/,
  /^\/out\/proxy\/host\.js$/,
  /^\/out\/proxy\/detect\/data\/.+\.(bin|json)$/,
  /^\/out\/renderer\/index\.html$/,
  /^\/out\/renderer\/assets\/.+\.js$/,
  /^\/assets\/policies\/balanced\.yaml$/,
  /^\/assets\/policies\/observe\.yaml$/,
  /^\/assets\/policies\/strict\.yaml$/,
  /^\/assets\/prices\.json$/,
  /^\/assets\/tray\/waiting-dark\.png$/,
  /^\/assets\/icon\.png$/,
];
const UNPACKED = [
  ...['bash', 'powershell', 'python', 'javascript'].map((g) => new RegExp(`tree-sitter-${g}\\.wasm$`)),
  /web-tree-sitter\/.+\.wasm$/,
  /@libsql\/.+\.node$/,
  /@napi-rs\/keyring.+\.node$/,
];
/** What nobody who installs the app needs. */
const NOT = [
  /^\/(proxy|main|renderer|test|docs|scripts)\//,
  /^\/out\/.+\.map$/,
  /^\/node_modules\/(electron|typescript|playwright-core|langchain|vite)\//,
];

/** Every complaint about what an app folder (linux-unpacked or /opt/Sallyport) holds; empty when it is right. */
export function wrongContents(folder: string): string[] {
  const asar = createRequire(import.meta.url)('@electron/asar') as { listPackage(path: string, options?: object): string[] };
  const inside = asar.listPackage(join(folder, 'resources/app.asar'), { isPack: false }).map((p) => p.replaceAll('\\', '/'));
  const files = execFileSync('find', [join(folder, 'resources/app.asar.unpacked'), '-type', 'f'], { encoding: 'utf8' }).split('\n');
  return [
    ...INSIDE.filter((wanted) => !inside.some((p) => wanted.test(p))).map((p) => `missing in app.asar: ${p}`),
    ...UNPACKED.filter((wanted) => !files.some((p) => wanted.test(p))).map((p) => `missing beside app.asar: ${p}`),
    ...NOT.flatMap((unwanted) => inside.filter((p) => unwanted.test(p)).slice(0, 1)).map((p) => `does not belong in app.asar: ${p}`),
  ];
}

/** The fuses as they stand in the executable. @see electron-builder.yml */
export async function wrongFuses(executable: string): Promise<string[]> {
  const { getCurrentFuseWire, FuseV1Options } = createRequire(import.meta.url)('@electron/fuses') as typeof import('@electron/fuses');
  const wire = (await getCurrentFuseWire(executable)) as unknown as Record<number, number>;
  const OFF = 0x30;
  const ON = 0x31;
  const wanted: [keyof typeof FuseV1Options, number][] = [
    ['RunAsNode', OFF],
    ['EnableCookieEncryption', OFF],
    ['EnableNodeOptionsEnvironmentVariable', OFF],
    ['EnableNodeCliInspectArguments', OFF],
    ['EnableEmbeddedAsarIntegrityValidation', ON],
    ['OnlyLoadAppFromAsar', ON],
    ['GrantFileProtocolExtraPrivileges', OFF],
  ];
  return wanted
    .filter(([name, state]) => wire[FuseV1Options[name] as unknown as number] !== state)
    .map(([name]) => `the fuse ${name} is not as it should be`);
}

/** The packages that lie in the app and that its bill of materials does not name; empty when all are named. */
export function unlisted(folder: string, bill: { components: { name: string; version: string }[] }): string[] {
  const asar = createRequire(import.meta.url)('@electron/asar') as {
    listPackage(path: string, options?: object): string[];
    extractFile(archive: string, path: string): Buffer;
  };
  const archive = join(folder, 'resources/app.asar');
  const named = new Set(bill.components.map((c) => `${c.name}@${c.version}`));
  return asar
    .listPackage(archive, { isPack: false })
    .map((p) => p.replaceAll('\\', '/'))
    .filter((p) => /\/node_modules\/(?:@[^/]+\/)?[^/@]+\/package\.json$/.test(p))
    .map((p) => JSON.parse(asar.extractFile(archive, p.slice(1)).toString('utf8')) as { name: string; version: string })
    .map(({ name, version }) => `${name}@${version}`)
    .filter((one) => !named.has(one));
}
