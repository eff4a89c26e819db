import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createParser } from 'eventsource-parser';
import fc from 'fast-check';
import { SseFramer } from '../../proxy/wire/index.js';
import { chunks, Random } from './random.js';

interface Read {
  event: string;
  data: string;
}

/** Reads with our framer: what the events say, and the raw bytes of all frames put together. */
function ours(list: Buffer[]): { events: Read[]; raw: Buffer; rest: Buffer } {
  const framer = new SseFramer();
  const events: Read[] = [];
  const raw: Buffer[] = [];
  for (const chunk of list) {
    for (const frame of framer.push(chunk)) {
      raw.push(frame.raw);
      if (frame.hasData) events.push({ event: frame.event, data: frame.source.toString('utf8', frame.dataStart, frame.dataEnd) });
    }
  }
  return { events, raw: Buffer.concat(raw), rest: framer.rest()?.raw ?? Buffer.alloc(0) };
}

function theirs(text: string): Read[] {
  const events: Read[] = [];
  const parser = createParser({ onEvent: ({ event, data }) => events.push({ event: event ?? '', data: data.replaceAll('\n', ' ') }) });
  parser.feed(text);
  return events;
}

/** Lines of all kinds, good and bad. */
const line = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 12 }).map((text) => `data: ${text.replace(/[\r\n]/g, '')}`),
  fc.constantFrom(
    'data:x',
    'data:  two',
    'data',
    'event: ping',
    'event:x',
    'event',
    ': comment',
    ':',
    'id: 7',
    'retry: 10',
    'unknown: field',
    'dat: no',
    'datax: no',
    ' data: no',
    'data: {"a":1}',
    '',
  ),
);
const stream = fc
  .tuple(fc.boolean(), fc.constantFrom('\n', '\r\n', '\r'), fc.array(line, { maxLength: 14 }))
  .map(
    ([bom, end, lines]) =>
      `${bom ? '\ufeff' : ''}${lines.map((one) => one + end).join('')}: a comment at the end, for a CR there says nothing yet${end}`,
  );

describe('cutting a stream into events', () => {
  it('agrees with eventsource-parser, whatever the line ends and wherever the cuts', () => {
    fc.assert(
      fc.property(stream, fc.nat(), (text, seed) => {
        const bytes = Buffer.from(text);
        const cut = ours(chunks(bytes, new Random(seed)));
        // A client decodes first, which takes the byte order mark away.
        assert.deepEqual(cut.events, theirs(new TextDecoder().decode(bytes)));
        assert.deepEqual(Buffer.concat([cut.raw, cut.rest]), bytes);
      }),
      { numRuns: 3000 },
    );
  });

  it('a cut at every byte changes nothing', () => {
    const text = '\ufeff: hi\r\nevent: é\r\ndata: {"a":\r\ndata: "日🙂"}\r\n\r\ndata: [DONE]\r\n\r\n';
    const bytes = Buffer.from(text);
    const once = ours([bytes]);
    assert.deepEqual(once.events, [
      { event: 'é', data: '{"a": "日🙂"}' },
      { event: '', data: '[DONE]' },
    ]);
    for (let at = 0; at <= bytes.length; at++) assert.deepEqual(ours([bytes.subarray(0, at), bytes.subarray(at)]), once, `cut at ${at}`);
  });

  it('gives what is left at the end, as some clients read it', () => {
    const framer = new SseFramer();
    assert.deepEqual(framer.push(Buffer.from('data: {"a":1}\n')), []);
    const rest = framer.rest()!;
    assert.equal(rest.source.toString('utf8', rest.dataStart, rest.dataEnd), '{"a":1}');
    assert.equal(framer.rest(), undefined);
  });

  it('refuses an event that never ends', () => {
    const framer = new SseFramer();
    const chunk = Buffer.alloc(8 * 1024 * 1024, 97);
    framer.push(Buffer.from('data: '));
    assert.throws(() => {
      for (let i = 0; i < 6; i++) framer.push(chunk);
    }, /longer than 32 MiB/);
  });
});
