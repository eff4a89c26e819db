/**
 * Throughput of detection on messages of 100 and 400 bytes, 1, 4, 20 and 50 KB: clean prose, mixed (prose, code, logs, a few values) and
 * dense (a value in every line). `inline` is structured data and secrets, `all` adds prompts, `names` the tagger. First the CPU time of the
 * first calls. MB/s and µs are CPU time of the best of five rounds; p50 and p99 are of single calls by the clock, so they mean something on a
 * quiet machine only. Run: `node --import tsx test/eval/speed.ts`.
 */
import { createDetector } from '../../proxy/detect/index.js';
import { Generator, randomOf } from '../../scripts/names/generate.js';
import { PLAIN, PLAIN_USES } from '../../scripts/names/templates.js';

const random = randomOf(5);
const generator = new Generator(random);
const context = { direction: 'request', role: 'user', kind: 'text', provenance: 'person' } as const;
const CODE = `  const rows = await db.query('select * from items where id = $1', [id]);
  if (!rows.length) return reply.status(404).send({ error: 'not found' });
export function parse(input: string): Token[] {
  for (let i = 0; i < tokens.length; i++) state = step(state, tokens[i]);
{"id":"550e8400-e29b-41d4-a716-446655440000","sha":"d670460b4b4aece5915caf5c68d12f560a9fe3e4","ts":1700000000123,"ok":true}
2026-08-21T10:22:31.123Z INFO req=8f14e45fceea167a GET /v1/items/48213 200 31ms`.split('\n');
const DENSE = () =>
  generator.fill(
    generator.pick([
      'Call {PER} at {phone} or mail {email}.',
      'card 4485527627509597 of {PER}, ssn 588-46-6702',
      '{PER},{email},{phone},{CITY}',
      'iban GB29NWBK60161331926819, ip 86.231.85.193',
      'key AKIAQWERTYUIOPASDF22 for {email}',
    ]),
  ).text;
const CLEAN = [...PLAIN, ...PLAIN_USES].filter((s) => !/[{\d]|day|January/.test(s));

function text(kind: string, size: number): string {
  let out = '';
  while (out.length < size) {
    const r = random();
    if (kind === 'clean') out += `${generator.pick(CLEAN)} `;
    else if (kind === 'dense') out += `${DENSE()}\n`;
    else if (r < 0.06) out += `${DENSE()}\n`;
    else if (r < 0.55) out += `${generator.pick(CODE)}\n`;
    else out += `${generator.pick(CLEAN)}\n`;
  }
  return out.slice(0, size);
}

const cpu = () => {
  const u = process.cpuUsage();
  return (u.user + u.system) / 1000;
};
const detectors = {
  inline: createDetector({ names: false, workers: 0 }),
  all: createDetector({ names: false, workers: 0 }),
  names: createDetector({ names: true, workers: 0 }),
};
const first: string[] = [];
for (const [what, call] of [
  ['inline, clean', () => detectors.inline.scanInline('Tell me how the meeting went.', context)],
  ['inline, values', () => detectors.inline.scanInline('Mail a@firma.de or call +49 30 901820 about card 4485527627509597.', context)],
  ['prompts', () => detectors.all.scan('Tell me how the meeting went.', context)],
  ['names', () => detectors.names.scan('Anna Schmidt of Berlin met Peter Miller at 12 Main Street.', context)],
] as const) {
  const begun = cpu();
  await call();
  first.push(`${what} ${(cpu() - begun).toFixed(0)} ms`);
}
console.log(`first calls: ${first.join(', ')}`);
for (const way of ['inline', 'all', 'names'] as const) {
  const detector = detectors[way];
  for (const kind of ['clean', 'mixed', 'dense']) {
    console.log(`${way} ${kind}`);
    for (const bytes of [100, 400, 1024, 4096, 20_480, 51_200]) {
      const pieces = Array.from({ length: Math.ceil((bytes < 1000 ? 512 : 2048) * (1024 / bytes)) }, () => text(kind, bytes));
      let best = Infinity;
      let found = 0;
      const single: number[] = [];
      for (let round = 0; round < 5; round++) {
        const begun = cpu();
        found = 0;
        for (const p of pieces) {
          const t = performance.now();
          const r = way === 'inline' ? { findings: detector.scanInline(p, context) } : detector.scan(p, context);
          found += (r instanceof Promise ? await r : r).findings.length;
          if (round > 1) single.push(performance.now() - t);
        }
        best = Math.min(best, cpu() - begun);
      }
      single.sort((a, b) => a - b);
      const at = (share: number) => (single[Math.floor(single.length * share)]! * 1000).toFixed(0).padStart(6);
      const rate = ((pieces.length * bytes) / 1048.576 / best).toFixed(1).padStart(6);
      console.log(
        `${String(bytes).padStart(7)} B ${rate} MB/s ${((best * 1000) / pieces.length).toFixed(1).padStart(8)} µs a call, p50 ${at(0.5)} µs, p99 ${at(0.99)} µs, ${found} found`,
      );
    }
  }
  await detector.close();
}
