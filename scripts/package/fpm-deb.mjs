#!/usr/bin/env node
/**
 * Stands in for `fpm -s dir -t deb` as electron-builder calls it, on dpkg-deb alone: fpm cannot be downloaded everywhere, and Debian
 * does not carry it. Used through CUSTOM_FPM_PATH (scripts/package/index.mjs).
 */
import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const single = {};
const lists = { '-d': [], '--deb-recommends': [] };
const mappings = [];
const flags = new Set(['--force', '--debug', '--deb-no-default-config-files']);
for (let args = process.argv.slice(2), i = 0; i < args.length; i++) {
  const arg = args[i];
  if (flags.has(arg)) continue;
  if (arg in lists) lists[arg].push(args[++i]);
  else if (arg.startsWith('-') && arg.includes('=')) single[arg.slice(0, arg.indexOf('='))] = arg.slice(arg.indexOf('=') + 1);
  else if (arg.startsWith('-')) single[arg] = args[++i];
  else {
    const at = arg.lastIndexOf('=');
    mappings.push([arg.slice(0, at), arg.slice(at + 1)]);
  }
}
if (single['-t'] !== 'deb' || single['-s'] !== 'dir') {
  console.error(`fpm-deb makes only -s dir -t deb, not -s ${single['-s']} -t ${single['-t']}`);
  process.exit(1);
}

const root = mkdtempSync(join(tmpdir(), 'fpm-deb-'));
try {
  chmodSync(root, 0o755);
  for (const [from, to] of mappings) {
    const target = join(root, to);
    const folder = from.endsWith('/');
    mkdirSync(folder ? target : dirname(target), { recursive: true, mode: 0o755 });
    execFileSync('cp', folder ? ['-a', `${from}.`, target] : ['-L', from, target]);
  }
  execFileSync('chmod', ['-R', 'u+rwX,go+rX,go-w', root]);
  const kilobytes = execFileSync('du', ['-sk', root], { encoding: 'utf8' }).split('\t')[0];
  const lines = (single['--description'] ?? 'Sallyport')
    .split('\n')
    .map((l) => l.trim())
    .filter(Boolean);
  const [synopsis, ...rest] = lines.length > 1 ? lines : [lines[0], lines[0]];
  const control = [
    ['Package', single['--name']],
    ['Version', single['--version'] + (single['--iteration'] ? `-${single['--iteration']}` : '')],
    ['License', single['--license']],
    ['Vendor', single['--vendor']],
    ['Architecture', single['--architecture']],
    ['Maintainer', single['--maintainer']],
    ['Installed-Size', kilobytes],
    ['Depends', lists['-d'].join(', ')],
    ['Recommends', lists['--deb-recommends'].join(', ')],
    ['Section', single['--category'] ?? 'default'],
    ['Priority', single['--deb-priority'] ?? 'optional'],
    ['Homepage', single['--url']],
    ['Description', [synopsis, ...rest.map((l) => ` ${l}`)].join('\n')],
  ].filter(([, value]) => value);
  const debian = join(root, 'DEBIAN');
  mkdirSync(debian, { mode: 0o755 });
  writeFileSync(join(debian, 'control'), `${control.map(([k, v]) => `${k}: ${v}`).join('\n')}\n`);
  for (const [option, name] of [
    ['--before-install', 'preinst'],
    ['--after-install', 'postinst'],
    ['--before-remove', 'prerm'],
    ['--after-remove', 'postrm'],
  ]) {
    if (!single[option]) continue;
    copyFileSync(single[option], join(debian, name));
    chmodSync(join(debian, name), 0o755);
  }
  const compression = { gz: 'gzip', bzip2: 'xz' }[single['--deb-compression']] ?? single['--deb-compression'] ?? 'xz';
  execFileSync('dpkg-deb', ['--root-owner-group', `-Z${compression}`, '--build', root, single['--package']], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
} finally {
  rmSync(root, { recursive: true, force: true });
}
