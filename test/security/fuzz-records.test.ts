import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { after, before, describe, it } from 'node:test';
import fc from 'fast-check';
import { SallyportError } from '../../proxy/contract/index.js';
import {
  exportSessions,
  openLedger,
  openReader,
  openScanReader,
  readBundle,
  verifyBundleText,
  verifyLedger,
} from '../../proxy/ledger/index.js';
import { exchangeRecords, memorySecrets, options, systemClock } from '../ledger/support.js';
import { near, runs, TIMES } from '../support/near.js';
import { watched } from '../support/watched.js';

/** A reader says what is wrong; one that trips over its own feet throws one of these. */
const noStumble = (error: unknown): void =>
  assert.ok(
    !(error instanceof TypeError || error instanceof RangeError || error instanceof ReferenceError),
    String((error as Error).stack),
  );

describe(`fuzz of what is read back: ${1_000 * TIMES} executions, no crash, and no change goes unseen`, {
  timeout: 180_000 * Math.max(1, TIMES),
}, () => {
  let place: string;
  let template: string;
  let work: string;
  let segment: Buffer;
  let heads: string;
  let body: string;
  const secrets = memorySecrets();
  before(async () => {
    place = mkdtempSync(join(tmpdir(), 'sallyport-fuzz-'));
    template = join(place, 'template');
    work = join(place, 'work');
    const writer = await openLedger(options(template, { secrets }));
    for (let i = 0; i < 3; i++)
      for (const records of exchangeRecords({ session: `se_${i % 2}`, exchange: `ex_${i}`, text: `Words ${i}`, tool: 'shell' }))
        await writer.record(records, 'synced');
    const reader = await openReader({ directory: template, secrets });
    const made = await exportSessions({
      directory: template,
      secrets,
      clock: systemClock,
      reader,
      writer,
      format: 'sally',
      sessions: ['se_0'],
      person: 'local',
    });
    body = await text(made.stream);
    await reader.close();
    await writer.close();
    cpSync(template, work, { recursive: true });
    segment = readFileSync(join(template, 'ledger/000001.jsonl'));
    heads = readFileSync(join(template, 'heads.jsonl'), 'utf8');
  });
  after(() => rmSync(place, { recursive: true, force: true }));

  /** Bytes changed, lines doubled, left out and exchanged. */
  const damage = fc.oneof(
    fc.array(fc.tuple(fc.nat(), fc.uint8Array({ maxLength: 5 }), fc.nat(6)), { minLength: 1, maxLength: 4 }).map((edits) => {
      let bytes = segment;
      for (const [at, insert, cut] of edits) {
        const i = at % (bytes.length + 1);
        bytes = Buffer.concat([bytes.subarray(0, i), insert, bytes.subarray(i + cut)]);
      }
      return bytes;
    }),
    fc.array(fc.tuple(fc.nat(), fc.nat(), fc.constantFrom('swap', 'double', 'drop', 'cut')), { minLength: 1, maxLength: 3 }).map((acts) => {
      let lines = segment.toString('latin1').split(/(?<=\n)/);
      for (const [a, b, act] of acts) {
        const [i, k] = [a % lines.length, b % lines.length];
        const [one, other] = [lines[i]!, lines[k]!];
        if (act === 'swap') [lines[i], lines[k]] = [other, one];
        else if (act === 'double') lines.splice(k, 0, one);
        else if (act === 'drop') lines.splice(i, 1);
        else lines = lines.slice(0, i + 1);
        if (lines.length === 0) break;
      }
      return Buffer.from(lines.join(''), 'latin1');
    }),
  );

  it(`ledger segments, ${150 * TIMES}: verify names every change, the readers read on, and a start repairs or refuses`, async () => {
    await fc.assert(
      fc.asyncProperty(
        damage,
        fc.nat(9),
        watched(async (bytes, dice) => {
          writeFileSync(join(work, 'ledger/000001.jsonl'), bytes);
          const report = await verifyLedger(work, { secrets });
          assert.equal(report.ok, bytes.equals(segment), JSON.stringify(report.notes));
          if (!report.ok) assert.ok(report.problemCount > 0 && report.problems[0]!.sentence.length > 10);
          const reader = await openScanReader({ directory: work, secrets });
          const { sessions } = await reader.sessions({ limit: 100 }).catch((error) => (noStumble(error), { sessions: [] }));
          for (const { id } of sessions.slice(0, 2)) await reader.session(id).catch(noStumble);
          for (const id of ['ex_0', 'ex_2']) await reader.exchange(id).catch(noStumble);
          await reader.close();
          if (dice > 0) return;
          // A tenth of them is started on.
          const again = join(place, 'again');
          rmSync(again, { recursive: true, force: true });
          cpSync(work, again, { recursive: true });
          try {
            const writer = await openLedger(options(again, { secrets }));
            for (const records of exchangeRecords({ session: 'se_9', exchange: 'ex_9' })) await writer.record(records, 'synced');
            await writer.close();
            const found = await (await openScanReader({ directory: again, secrets })).exchange('ex_9');
            assert.equal(found?.id, 'ex_9', 'what is recorded after the repair is read');
          } catch (error) {
            assert.ok(error instanceof SallyportError, String((error as Error).stack));
          }
        }),
      ),
      runs(150),
    );
  });

  it(`signed heads, ${50 * TIMES}: a head that was changed vouches for nothing, and nothing else breaks`, async () => {
    writeFileSync(join(work, 'ledger/000001.jsonl'), segment);
    await fc.assert(
      fc.asyncProperty(
        near(heads),
        watched(async (changed) => {
          writeFileSync(join(work, 'heads.jsonl'), changed);
          const report = await verifyLedger(work, { secrets });
          if (report.ok && report.head)
            assert.ok(heads.includes(`"seq":${report.head.sequence}`), 'a head that was never signed is believed');
          if (changed.trim() === '') assert.ok(report.uncovered.since === undefined || report.notes.length > 0 || !report.ok);
        }),
      ),
      runs(50),
    );
    writeFileSync(join(work, 'heads.jsonl'), heads);
  });

  it(`bundles, ${800 * TIMES}: what is damaged is never called whole, and is refused with a sentence`, async () => {
    const whole = readBundle(body);
    assert.equal((await verifyBundleText(body)).ok, true, 'the undamaged one verifies');
    const paths: (string | number)[][] = [];
    const walk = (value: unknown, path: (string | number)[]): void => {
      if (path.length > 0) paths.push(path);
      if (typeof value === 'object' && value !== null)
        for (const [key, inner] of Object.entries(value)) walk(inner, [...path, Array.isArray(value) ? Number(key) : key]);
    };
    walk(whole, []);
    const wrap = (json: string) => `<script type="application/json" id="bundle">${json.replaceAll('<', '\\u003c')}</script>`;
    const exchanged = fc.tuple(fc.constantFrom(...paths), fc.jsonValue({ maxDepth: 2 }), fc.boolean()).map(([path, value, remove]) => {
      const copy = structuredClone(whole) as unknown as Record<string | number, unknown>;
      let at = copy;
      for (const step of path.slice(0, -1)) at = at[step] as typeof at;
      if (remove) delete at[path.at(-1)!];
      else at[path.at(-1)!] = value;
      return wrap(JSON.stringify(copy));
    });
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(exchanged, near(wrap(JSON.stringify(whole))), near('PK\u0003\u0004', '<html>', body.slice(0, 400))),
        watched(async (given) => {
          const report = await Promise.resolve()
            .then(() => verifyBundleText(given))
            .catch((error: unknown) => {
              noStumble(error);
              return { ok: false };
            });
          if (!report.ok) return;
          const read = readBundle(given);
          for (const field of ['records', 'sessions', 'ledger', 'made', 'originals'] as const) {
            const said = (b: typeof whole) =>
              field === 'records' ? JSON.stringify(b.records.map((r) => r.line)) : JSON.stringify(b[field as 'ledger']);
            assert.equal(said(read), said(whole), `${field} was changed and it verifies`);
          }
        }),
      ),
      runs(800),
    );
  });
});
