/** The comparison of Presidio's SpanEvaluator (presidio-research), in TypeScript: skip words, adjacent spans, overlap without them. */

interface Span {
  type: string;
  start: number;
  end: number;
}

/** Its skip words: address and title words, and the English stop words of spaCy (the common part of that list). */
const SKIP = new Set(
  `'s street st. st de rue via and a the or do as of day address country state city zip po apt unit corner p.o. box suite mr. mrs. miss year years y/o month months old morning noon afternoon night evening this first last week weeks weekend days age ago inc inc. ltd
about above across after afterwards again against all almost alone along already also although always am among amongst amount an another any anyhow anyone anything anyway anywhere are around at back be became because become becomes becoming been before beforehand behind being below beside besides between beyond both bottom but by call can cannot could did does doing done down due during each eight either eleven else elsewhere empty enough even ever every everyone everything everywhere except few fifteen fifty five for former formerly forty four from front full further get give go had has have he hence her here hereafter hereby herein hereupon hers herself him himself his how however hundred i if in indeed into is it its itself just keep latter latterly least less made make many may me meanwhile might mine more moreover most mostly move much must my myself name namely neither never nevertheless next nine no nobody none noone nor not nothing now nowhere off often on once one only onto other others otherwise our ours ourselves out over own part per perhaps please put quite rather re really regarding same say see seem seemed seeming seems serious several she should show side since six sixty so some somehow someone something sometime sometimes somewhere still such take ten than that their them themselves then thence there thereafter thereby therefore therein thereupon these they third those though three through throughout thru thus to together too top toward towards twelve twenty two under unless until up upon us used using various very was we well were what whatever when whence whenever where whereafter whereas whereby wherein whereupon wherever whether which while whither who whoever whole whom whose why will with within without would yet you your yours yourself yourselves`.split(
    /\s+/,
  ),
);
const TOKEN = /[\p{L}\p{N}_]+(?:['’][\p{L}]+)?|[^\s\p{L}\p{N}_]/gu;
const PUNCTUATION = /^[!-/:-@[-`{-~]$/;

interface Token {
  start: number;
  end: number;
}

const kept = (text: string, from: number, to: number): Token[] => {
  const out: Token[] = [];
  for (const m of text.slice(from, to).matchAll(TOKEN)) {
    const t = m[0].toLowerCase();
    if (!PUNCTUATION.test(t) && !SKIP.has(t)) out.push({ start: from + m.index, end: from + m.index + m[0].length });
  }
  return out;
};

/** Spans of one type with nothing but skip words between them become one. */
export function mergeAdjacent(text: string, spans: Span[]): Span[] {
  const sorted = [...spans].sort((a, b) => a.start - b.start);
  const out: Span[] = [];
  for (const s of sorted) {
    const last = out.at(-1);
    if (last && last.type === s.type && kept(text, last.end, s.start).length === 0) last.end = Math.max(last.end, s.end);
    else out.push({ ...s });
  }
  return out;
}

/** Overlap in characters of the words that are no skip words; by all characters where nothing else is left. */
export function normalisedIou(text: string, a: Span, b: Span): number {
  const bounds = (s: Span) => {
    const words = kept(text, s.start, s.end);
    return words.length === 0 ? s : { start: words[0]!.start, end: words.at(-1)!.end };
  };
  const x = bounds(a);
  const y = bounds(b);
  const shared = Math.min(x.end, y.end) - Math.max(x.start, y.start);
  return shared <= 0 ? 0 : shared / (Math.max(x.end, y.end) - Math.min(x.start, y.start));
}
