/**
 * Draws the icons: app icon and tray states, dark, light and template. The shapes are SVG here; Chromium (a test dependency) turns
 * them into PNG. Run by hand when a shape changes: `node scripts/icons.mjs`; the PNG files are kept in the repository.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const assets = join(dirname(fileURLToPath(import.meta.url)), '..', 'assets');
mkdirSync(join(assets, 'tray'), { recursive: true });
mkdirSync(join(assets, 'icons'), { recursive: true });

/** A gate: an arch, and a door in it that stands ajar. */
const gate = (ink, door) => `
  <path d="M8 56V28a24 24 0 0 1 48 0v28h-9V28a15 15 0 0 0-30 0v28z" fill="${ink}"/>
  <path d="M22 56V29a10 10 0 0 1 14-9v36z" fill="${door}"/><circle cx="31.500" cy="40" r="2.200" fill="${ink === '#000' ? '#fff' : '#10151c'}" opacity=".85"/>`;

const appIcon = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 96 96">
  <defs><linearGradient id="g" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="#22503f"/><stop offset="1" stop-color="#14332a"/></linearGradient></defs>
  <rect x="4" y="4" width="88" height="88" rx="20" fill="url(#g)"/><g transform="translate(16 14)">${gate('#f3efe4', '#e2a33b')}</g></svg>`;

/** State marks sit in the lower right corner, cut out so that they read at 22 pixels. */
const marks = {
  idle: '',
  working: '<circle cx="50" cy="50" r="13" fill="#3ba272"/>',
  waiting:
    '<circle cx="50" cy="50" r="13" fill="#e2862b"/><rect x="48" y="42" width="4.500" height="10" rx="2" fill="#fff"/><circle cx="50.200" cy="56" r="2.500" fill="#fff"/>',
  frozen:
    '<circle cx="50" cy="50" r="13" fill="#4a90d9"/><rect x="44.500" y="44" width="4" height="12" rx="1.500" fill="#fff"/><rect x="51.500" y="44" width="4" height="12" rx="1.500" fill="#fff"/>',
  locked:
    '<circle cx="50" cy="50" r="13" fill="#8a8f98"/><rect x="44" y="49" width="12" height="8" rx="1.500" fill="#fff"/><path d="M46.500 49v-2.500a3.500 3.500 0 0 1 7 0V49" fill="none" stroke="#fff" stroke-width="2"/>',
  fault:
    '<circle cx="50" cy="50" r="13" fill="#d64545"/><path d="M45.500 45.500l9 9m0-9l-9 9" stroke="#fff" stroke-width="3" stroke-linecap="round"/>',
};

const tray = (ink, door, mark) =>
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64">${
    mark
      ? `<defs><mask id="m"><rect width="64" height="64" fill="#fff"/><circle cx="50" cy="50" r="16" fill="#000"/></mask></defs><g mask="url(#m)">${gate(ink, door)}</g>${mark}`
      : gate(ink, door)
  }</svg>`;

/** Template images: black and transparent only; the state is a cut-out shape. */
const template = (state) => tray('#000', '#000', marks[state] && marks[state].replace(/fill="#(?!fff)[0-9a-f]{6}"/g, 'fill="#000"'));

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox'] });
const page = await browser.newPage();
async function draw(svg, size, file) {
  await page.setViewportSize({ width: size, height: size });
  await page.setContent(
    `<body style="margin:0;background:transparent"><div style="width:${size}px;height:${size}px">${svg.replace('<svg ', `<svg width="${size}" height="${size}" `)}</div>`,
  );
  writeFileSync(join(assets, file), await page.screenshot({ omitBackground: true }));
}
for (const size of [16, 32, 48, 64, 128, 256, 512]) await draw(appIcon, size, `icons/${size}x${size}.png`);
await draw(appIcon, 512, 'icon.png');
writeFileSync(join(assets, 'icon.svg'), appIcon);
for (const [state, mark] of Object.entries(marks)) {
  await draw(tray('#f2f2f0', '#e2a33b', mark), 44, `tray/${state}-dark.png`);
  await draw(tray('#1d2228', '#b87a1e', mark), 44, `tray/${state}-light.png`);
  await draw(template(state), 18, `tray/${state}Template.png`);
  await draw(template(state), 36, `tray/${state}Template@2x.png`);
}
await browser.close();
