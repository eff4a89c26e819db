/**
 * Personal data, span by span. A span is found when a finding of the same type (after the entity map) overlaps it by at least the
 * IoU; one finding counts for one span. Types that the file never labels are not counted as false alarms.
 *
 * With `--entities presidio` the comparison is that of Presidio's SpanEvaluator: adjacent spans of one type that only skip words or
 * punctuation part are one span, and skip words do not count in the overlap. Its published F2 also ignores the type; that figure is
 * `untyped`, ours (`overall`) asks for the type as well.
 */
import { canonicalEntity } from '../../proxy/detect/aliases.js';
import { createDetector } from '../../proxy/detect/index.js';
import type { EvalOptions, EvalResult, Row } from './frame.js';
import { round, score } from './frame.js';
import { mergeAdjacent, normalisedIou } from './presidio.js';

export interface Span {
  type: string;
  start: number;
  end: number;
}

/** Where a file does not tell kinds apart that we do, ours count as the file's: a birthday is a date, a street is an address. */
const KIN: [RegExp, ...string[]][] = [
  [/^DATE_OF_BIRTH$/, 'DATE_TIME'],
  [/^STREET_ADDRESS$/, 'ADDRESS', 'LOCATION'],
  [/^ZIP_CODE$/, 'STREET_ADDRESS', 'LOCATION'],
  [/PASSPORT$/, 'US_PASSPORT', 'PASSPORT', 'NATIONAL_ID'],
  [/DRIVER_LICENSE$|^BR_CNH$/, 'US_DRIVER_LICENSE', 'NATIONAL_ID'],
  [/^(?:US_BANK_NUMBER|MX_CLABE|AR_CBU|NO_BANK_ACCOUNT)$/, 'US_BANK_NUMBER'],
  [/^(?:US_MBI|CA_HEALTH_NUMBER|BR_CNS|DE_KVNR|AU_MEDICARE)$/, 'HEALTH_INSURANCE_ID', 'US_MBI', 'NATIONAL_ID'],
  [/^UK_NHS$/, 'NATIONAL_ID', 'HEALTH_INSURANCE_ID'],
  [/^LICENSE_PLATE$/, 'VEHICLE_IDENTIFICATION_NUMBER'],
  [/^(?:US_NPI|MEDICAL_LICENSE)$/, 'MEDICAL_LICENSE'],
  [/^(?:US_ITIN|US_EIN|[A-Z]{2}_(?:TAX|VAT|NIF|CUIT|NIT|INN|NIP|UTR|RFC|CNPJ)\w*)$/, 'US_ITIN', 'NATIONAL_ID'],
  [/^[A-Z]{2}_[A-Z_]+$/, 'NATIONAL_ID'],
];

function iouOf(a: Span, b: Span): number {
  const shared = Math.min(a.end, b.end) - Math.max(a.start, b.start);
  return shared <= 0 ? 0 : shared / (Math.max(a.end, b.end) - Math.min(a.start, b.start));
}

/** Best pairs first, each span and each finding once. */
function pairs(gold: Span[], said: Span[], least: number, like: (a: Span, b: Span) => number, typed: boolean): [Span, Span][] {
  const all: [number, Span, Span][] = [];
  for (const g of gold) {
    for (const s of said) {
      if (typed && g.type !== s.type) continue;
      const v = like(g, s);
      if (v >= least) all.push([v, g, s]);
    }
  }
  all.sort((a, b) => b[0] - a[0]);
  const used = new Set<Span>();
  const out: [Span, Span][] = [];
  for (const [, g, s] of all) {
    if (used.has(g) || used.has(s)) continue;
    used.add(g);
    used.add(s);
    out.push([g, s]);
  }
  return out;
}

export async function evaluate(rows: Row[], options: EvalOptions): Promise<Omit<EvalResult, 'kind' | 'file' | 'options'>> {
  const detector = createDetector({ names: true, workers: 0 });
  const presidio = options.entitiesName === 'presidio';
  const map = (type: string) => options.entities?.[type] ?? (presidio || options.entitiesName === 'none' ? type : canonicalEntity(type));
  const usable = rows.filter((r) => typeof r.text === 'string' && Array.isArray(r.spans));
  const goldTypes = new Set(usable.flatMap((r) => r.spans!.map((s) => map(s.type))));
  goldTypes.delete('O');
  const asked = (type: string) =>
    goldTypes.has(type)
      ? type
      : ((KIN.find(([family, ...others]) => family.test(type) && others.some((o) => goldTypes.has(o as string)))
          ?.slice(1)
          .find((o) => goldTypes.has(o as string)) as string | undefined) ?? type);
  // Where codes are not asked for, the code behind a street is a part of the address.
  const partOf = (f: { entity: string; category: string }) =>
    f.entity === 'ZIP_CODE' && f.category === 'contact' && !goldTypes.has(map('ZIP_CODE')) ? 'STREET_ADDRESS' : f.entity;
  const per = new Map<string, { hit: number; gold: number; predicted: number }>();
  const at = (type: string) => per.get(type) ?? per.set(type, { hit: 0, gold: 0, predicted: 0 }).get(type)!;
  const chars = { both: 0, gold: 0, said: 0 };
  const free = { hit: 0, gold: 0, predicted: 0 };
  let clean = 0;
  let alarms = 0;
  let bytes = 0;
  let milliseconds = 0;
  for (const row of usable) {
    const text = row.text!;
    bytes += Buffer.byteLength(text);
    const begun = performance.now();
    const result = await detector.scan(text, { direction: 'request', role: 'user', kind: 'text', provenance: 'person' });
    milliseconds += performance.now() - begun;
    let gold: Span[] = row.spans!.map((s) => ({ type: map(s.type), start: s.start, end: s.end })).filter((s) => s.type !== 'O');
    const raw: Span[] = result.findings.map((f) => ({ type: asked(map(partOf(f))), start: f.start, end: f.end }));
    let said = raw.filter((s) => goldTypes.has(s.type));
    if (gold.length === 0) {
      clean += Buffer.byteLength(text);
      alarms += said.length;
    }
    const inGold = new Uint8Array(text.length);
    const inSaid = new Uint8Array(text.length);
    for (const s of gold) inGold.fill(1, s.start, s.end);
    for (const s of said) inSaid.fill(1, s.start, s.end);
    for (let i = 0; i < text.length; i++) {
      chars.gold += inGold[i]!;
      chars.said += inSaid[i]!;
      chars.both += inGold[i]! & inSaid[i]!;
    }
    if (presidio) {
      gold = mergeAdjacent(text, gold);
      said = mergeAdjacent(text, said);
    }
    const like = presidio ? (a: Span, b: Span) => normalisedIou(text, a, b) : iouOf;
    for (const g of gold) at(g.type).gold++;
    for (const s of said) at(s.type).predicted++;
    const found = pairs(gold, said, options.iou, like, true);
    for (const [g] of found) at(g.type).hit++;
    free.gold += gold.length;
    free.predicted += said.length;
    free.hit += pairs(gold, said, options.iou, like, false).length;
    if (process.env.EVAL_MISSES) {
      const ok = new Set(found.flat());
      for (const g of gold)
        if (!ok.has(g))
          console.error(
            `MISS ${g.type} ${JSON.stringify(text.slice(g.start, g.end))} in ${JSON.stringify(text.slice(Math.max(0, g.start - 40), g.end + 30))}`,
          );
      for (const s of said)
        if (!ok.has(s))
          console.error(
            `FALSE ${s.type} ${JSON.stringify(text.slice(s.start, s.end))} in ${JSON.stringify(text.slice(Math.max(0, s.start - 40), s.end + 30))}`,
          );
    }
  }
  await detector.close();
  const sum = { hit: 0, gold: 0, predicted: 0 };
  for (const c of per.values()) {
    sum.hit += c.hit;
    sum.gold += c.gold;
    sum.predicted += c.predicted;
  }
  const c = score(chars.both, chars.said, chars.gold);
  return {
    rows: usable.length,
    skipped: rows.length - usable.length,
    overall: score(sum.hit, sum.predicted, sum.gold),
    untyped: score(free.hit, free.predicted, free.gold),
    perEntity: Object.fromEntries(
      [...per].map(([type, n]) => [type, { ...score(n.hit, n.predicted, n.gold), gold: n.gold, predicted: n.predicted }]),
    ),
    characters: { precision: c.precision, recall: c.recall, f2: c.f2 },
    ...(clean > 0 ? { falseAlarmsPerMegabyte: round(alarms / (clean / 1e6), 2), cleanMegabytes: round(clean / 1e6, 3) } : {}),
    megabytesPerSecond: round(bytes / 1e6 / (milliseconds / 1000), 2),
  };
}
