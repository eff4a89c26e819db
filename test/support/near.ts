import fc from 'fast-check';

/** How often each fuzz property runs; `npm run fuzz -- --times 100` makes it a hundred times as often. */
export const TIMES = Number(process.env['SALLYPORT_FUZZ'] ?? 1);
export const runs = (n: number) => ({ numRuns: n * TIMES, includeErrorInReport: true });

/** Texts a few edits away from one of the seeds. */
export const near = (...seeds: string[]) =>
  fc
    .tuple(
      fc.constantFrom(...seeds),
      fc.array(fc.tuple(fc.nat(), fc.string({ maxLength: 6, unit: 'binary' }), fc.nat(8)), { maxLength: 5 }),
    )
    .map(([seed, edits]) => {
      let text = seed;
      for (const [at, insert, cut] of edits) {
        const i = at % (text.length + 1);
        text = text.slice(0, i) + insert + text.slice(i + cut);
      }
      return text;
    });
