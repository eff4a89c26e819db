/** docs/performance.md and its charts, from one run. What stands between the marks `text` is written by hand and kept. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { aboutTheRun, type Result } from './result.js';

const BEGIN = '<!-- text -->';
const END = '<!-- /text -->';

export function writeReport(result: Result, directory: string): void {
  const file = join(directory, 'performance.md');
  const old = existsSync(file) ? readFileSync(file, 'utf8') : '';
  const kept = old.includes(BEGIN) ? old.slice(old.indexOf(BEGIN) + BEGIN.length, old.indexOf(END)).trim() : 'No remarks yet.';
  const chart = (name: string, title: string, unit: string, bars: { label: string; value: number }[]): string => {
    if (bars.length === 0) return '';
    writeFileSync(join(directory, `performance-${name}.svg`), svg(title, unit, bars));
    return `![${title}](performance-${name}.svg)\n\n`;
  };
  const ratios = (load: string) =>
    result.rows.filter((r) => r.load === load && Number.isFinite(r.ratioToPipe)).map((r) => ({ label: r.candidate, value: r.ratioToPipe }));
  const text = [
    '# Performance',
    '',
    'Written by `npm run bench`; the figures of this run are in `performance.json`. Ratios compare CPU time per request with a bare',
    '`node:http` pipe of the same run; absolute figures depend on the machine and on what else runs on it.',
    '',
    BEGIN,
    kept,
    END,
    '',
    '## The run',
    '',
    ...aboutTheRun(result).flatMap((line) => [line, '']),
    '## Budget',
    '',
    table(['what', 'limit', 'measured', ''], budget(result)),
    '',
    '## CPU per request',
    '',
    chart('1k', 'CPU per request, 1 KB, 64 connections, × node:http pipe', '×', ratios('1k-independent/c64')) +
      chart('48k', 'CPU per request, 48 KB conversation, later turns, × node:http pipe', '×', ratios('48k-later-turns/c64')),
    table(
      ['load', 'candidate', 'CPU µs', '× pipe', 'p50 µs', 'p95 µs', 'p99 µs', 'requests/s', 'errors', 'foreign cores'],
      result.rows.map((r) => [
        r.load,
        r.candidate,
        n(r.cpuMicrosPerRequest),
        n(r.ratioToPipe),
        n(r.p50Micros),
        n(r.p95Micros),
        n(r.p99Micros),
        n(r.requestsPerSecond),
        n(r.errors),
        n(r.foreignCores),
      ]),
    ),
    '',
    '## Streams',
    '',
    chart(
      'sse',
      'CPU per streamed chunk, 64 streams at 10 ms, × node:http pipe',
      '×',
      result.streams
        .filter((s) => s.load === 'sse-10ms/c64' && Number.isFinite(s.ratioToPipe))
        .map((s) => ({ label: s.candidate, value: s.ratioToPipe })),
    ) +
      table(
        [
          'load',
          'candidate',
          'CPU µs/chunk',
          '× pipe',
          'first p50 µs',
          'first p99 µs',
          'transit p50 µs',
          'transit p99 µs',
          'errors',
          'foreign cores',
        ],
        result.streams.map((s) => [
          s.load,
          s.candidate,
          n(s.cpuMicrosPerChunk),
          n(s.ratioToPipe),
          n(s.timeToFirstMicros),
          n(s.timeToFirstP99Micros),
          n(s.transitP50Micros),
          n(s.transitP99Micros),
          n(s.errors),
          n(s.foreignCores),
        ]),
      ),
    '',
    '## Memory',
    '',
    table(
      ['candidate', 'idle MB', 'after MB', 'peak MB', 'requests of 50 KB'],
      result.memory.map((r) => [r.candidate, n(r.idleMegabytes), n(r.afterMegabytes), n(r.peakMegabytes), n(r.requests)]),
    ),
    '',
    'A slow reader of a 100 MB stream:',
    '',
    table(
      ['candidate', 'idle MB', 'peak MB', 'arrived whole', 'seconds'],
      result.slow.map((r) => [r.candidate, n(r.idleMegabytes), n(r.peakMegabytes), r.whole ? 'yes' : 'no', n(r.seconds)]),
    ),
    '',
    '## Leaving clients, and the start',
    '',
    table(
      ['candidate', 'abort mid-stream, ms', 'abort before headers, ms'],
      result.aborts.map((a) => [
        a.candidate,
        a.midStreamMs === null ? 'never' : n(a.midStreamMs),
        a.beforeHeadersMs === null ? 'never' : n(a.beforeHeadersMs),
      ]),
    ),
    '',
    table(
      ['candidate', 'start to listening, ms', 'start to first answer, ms'],
      result.start.map((s) => [s.candidate, n(s.listeningMilliseconds), n(s.milliseconds)]),
    ),
    '',
    ...stages(result),
    ...soak(result),
  ].join('\n');
  writeFileSync(file, text);
}

const n = (value: number): string => (Number.isFinite(value) ? String(value) : '–');

function table(head: string[], rows: string[][]): string {
  if (rows.length === 0) return 'Not measured in this run.';
  const line = (cells: string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map((_, i) => (i < 2 ? '---' : '---:'))), ...rows.map(line)].join('\n');
}

/** What each room costs, where `--stages` was measured. */
function stages({ stages: run }: Result): string[] {
  if (!run) return [];
  const rows = run.rows.flatMap((r) => [
    ...Object.entries(r.threads).map(([name, micros]) => [r.load, `thread ${name}`, n(micros), r.unit]),
    ...Object.entries(r.micros).map(([name, micros]) => [r.load, name, n(micros), r.unit]),
  ]);
  return [
    '## Stages',
    '',
    `\`--stages\`, ${run.at}. Rooms share the time of the thread \`node\`.`,
    '',
    table(['load', 'where', 'µs', 'for each'], rows),
    '',
  ];
}

/** Memory over time, where `--soak` was measured. */
function soak({ soak: run }: Result): string[] {
  if (!run) return [];
  const names = Object.keys(run.rows[0]?.megabytes ?? {});
  const rows = run.rows.map((r) => [String(r.seconds), ...names.map((name) => n(r.megabytes[name] ?? Number.NaN)), n(r.errors)]);
  return [
    '## Soak',
    '',
    `\`--soak\`, ${run.at}. Resident memory under mixed load.`,
    '',
    table(['seconds', ...names.map((x) => `${x} MB`), 'errors'], rows),
    '',
  ];
}

/** The promises, and how this run stands to them. */
function budget({ rows, streams, memory, aborts, slow, start }: Result): string[][] {
  const out: string[][] = [];
  const add = (what: string, limit: number, value: number | null | undefined, unit: string): void => {
    if (value === undefined) return;
    const told = value === null ? 'never' : `${value} ${unit}`;
    // A figure that did not come about is said, not left out.
    if (Number.isNaN(value)) out.push([what, `≤ ${limit} ${unit}`, '–', 'not measured']);
    else out.push([what, `≤ ${limit} ${unit}`, told, value !== null && value <= limit ? 'met' : '**missed**']);
  };
  const row = (load: string, candidate: string) => rows.find((r) => r.load === load && r.candidate === candidate);
  const stream = (load: string, candidate: string) => streams.find((s) => s.load === load && s.candidate === candidate);
  const pipe = 'node-http-pipe';
  const ratio = (what: string, limit: number, load: string, candidate = 'sallyport') =>
    add(what, limit, row(load, candidate)?.ratioToPipe, '×');
  ratio('CPU per request, 1 KB, every request a session of its own, 64 connections', 1.5, '1k-independent/c64');
  ratio('the same within a session per connection', 1.5, '1k-session/c64');
  ratio('with hits, masked both ways', 2, '1k-hits/c64');
  ratio('with the tagger of names', 5, '1k-session/c64', 'sallyport-names');
  ratio('with a JWT instead of an agent key', 1.6, '1k-session/c64', 'sallyport-jwt');
  ratio('48 KB conversation, later turns', 2.5, '48k-later-turns/c64');
  ratio('50 KB, first sight, one long message', 4, '50k-first-sight/c64');
  ratio('the same as a conversation of 64 messages and 12 tools', 4, '50k-conversation-first-sight/c64');
  add('CPU per streamed chunk, 64 streams at 10 ms', 1.3, stream('sse-10ms/c64', 'sallyport')?.ratioToPipe, '×');
  const first = (load: string, of: 'timeToFirstMicros' | 'timeToFirstP99Micros'): number | undefined => {
    const ours = stream(load, 'sallyport');
    const theirs = stream(load, pipe);
    return ours && theirs ? Math.round(ours[of] - theirs[of]) / 1000 : undefined;
  };
  add('added time to first token, one stream, p50', 1, first('sse-10ms/c1', 'timeToFirstMicros'), 'ms');
  add('added time to first token, one stream, p99', 5, first('sse-10ms/c1', 'timeToFirstP99Micros'), 'ms');
  const NEW_VALUES = 'sse-10ms-new-values/c1';
  add('the same in a new session with new values that are masked, p50', 1, first(NEW_VALUES, 'timeToFirstMicros'), 'ms');
  add('the same in a new session with new values that are masked, p99', 5, first(NEW_VALUES, 'timeToFirstP99Micros'), 'ms');
  const alone = row('1k-session/c1', 'sallyport');
  const bare = row('1k-session/c1', 'direct') ?? row('1k-session/c1', pipe);
  if (alone && bare)
    add(
      'added latency, one client, 1 KB, p50, durable before it is forwarded',
      1,
      Math.round(alone.p50Micros - bare.p50Micros) / 1000,
      'ms',
    );
  const tokens = stream('sse-20ms/c256', 'sallyport');
  const bareTokens = stream('sse-20ms/c256', pipe);
  if (tokens && bareTokens)
    add(
      '256 streams at 50 tokens/s, per token p99 over the pipe',
      5,
      Math.round(tokens.transitP99Micros - bareTokens.transitP99Micros) / 1000,
      'ms',
    );
  const abort = aborts.find((a) => a.candidate === 'sallyport');
  if (abort) {
    add('client abort → upstream abort, in mid-stream', 50, abort.midStreamMs, 'ms');
    add('client abort → upstream abort, before headers', 50, abort.beforeHeadersMs, 'ms');
  }
  const ours = memory.find((r) => r.candidate === 'sallyport');
  const theirs = memory.find((r) => r.candidate === pipe);
  if (ours && theirs)
    add(
      `memory after ${ours.requests} requests of 50 KB, against the pipe`,
      1.9,
      Math.round((ours.afterMegabytes / theirs.afterMegabytes) * 100) / 100,
      '×',
    );
  const reader = slow.find((r) => r.candidate === 'sallyport');
  if (reader) add('slow reader of a 100 MB stream, recorded', 64, reader.peakMegabytes - reader.idleMegabytes, 'MB');
  add('start of the headless gateway to listening', 500, start.find((s) => s.candidate === 'sallyport')?.listeningMilliseconds, 'ms');
  return out;
}

/** A bar chart that reads in light and in dark. */
function svg(title: string, unit: string, bars: { label: string; value: number }[]): string {
  const most = Math.max(...bars.map((b) => b.value));
  const height = 44 + bars.length * 26;
  const lines = bars.map(({ label, value }, i) => {
    const y = 40 + i * 26;
    const width = Math.max(2, (value / most) * 420);
    const ours = label.startsWith('sallyport');
    return `<text x="150" y="${y + 13}" text-anchor="end">${label}</text><rect x="158" y="${y}" width="${width.toFixed(1)}" height="18" rx="3" fill="${ours ? '#0f766e' : '#94a3b8'}"/><text x="${(164 + width).toFixed(1)}" y="${y + 13}">${value} ${unit}</text>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 680 ${height}" font-family="system-ui, sans-serif" font-size="13" fill="#64748b" role="img" aria-label="${title}"><text x="12" y="22" font-size="14" font-weight="600">${title}</text>${lines.join('')}</svg>\n`;
}
