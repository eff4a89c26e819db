/** Times 200 hostile texts of 100 KB: `node --import tsx test/eval/hostile.ts`. Prints the slowest; best of two runs each. */
import { createDetector } from '../../proxy/detect/index.js';
import { randomOf } from '../../scripts/names/generate.js';

const random = randomOf(1);
const pieces = [
  '@',
  'a@',
  'a.a@a.',
  '1',
  '12 ',
  '1-',
  '1.1.',
  '(1)',
  '+1 ',
  '::',
  'a:',
  '0:',
  'eyJ',
  'sk-',
  '-----BEGIN ',
  'http://',
  'www.',
  '%41',
  '%25',
  '&#64;',
  '\\u0041',
  'QUFB',
  'ab12',
  'AKIA',
  'GB29',
  '\n',
  ' \n',
  ',',
  '1,',
  'jan ',
  '1/1/',
  'account ',
  'account: ',
  'cvv ',
  'zip ',
  'ssn ',
  '\u200b',
  '\u0430a',
  '\uff11',
  '"',
  '{"a":',
  '\\',
  '_',
  'xoxb-',
  'a',
  ' ',
  '!',
  '(((',
  'a a ',
  'A1 ',
  '0x',
  'password=',
  '\u4e00',
];
const detector = createDetector({ names: false });
const context = { direction: 'request', role: 'user', kind: 'text', provenance: 'person' } as const;
const times: [number, string, number][] = [];
detector.scanInline('warm 1 a@b.de', context);
for (let i = 0; i < 200; i++) {
  const a = pieces[i % pieces.length]!;
  const b = pieces[Math.floor(random() * pieces.length)]!;
  const unit = i < pieces.length ? a : i % 3 === 0 ? a + b : i % 3 === 1 ? a.repeat(7) + b : a + b.repeat(13);
  const text = unit.repeat(Math.ceil(102_400 / unit.length)).slice(0, 102_400);
  let best = Infinity;
  let n = 0;
  for (let k = 0; k < 2; k++) {
    const begun = process.cpuUsage();
    n = detector.scanInline(text, context).length;
    const used = process.cpuUsage(begun);
    best = Math.min(best, (used.user + used.system) / 1000);
  }
  times.push([best, unit.slice(0, 24), n]);
}
times.sort((x, y) => y[0] - x[0]);
for (const [ms, unit, n] of times.slice(0, 15)) console.log(`${ms.toFixed(1)} ms CPU, ${n} found: ${JSON.stringify(unit)}`);
console.log(`over 50 ms: ${times.filter((t) => t[0] > 50).length} of 200`);
