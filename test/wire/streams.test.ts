import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { createChannelTransform, type Vault } from '../../proxy/mask/index.js';
import { type AnswerStream, dialects, type ToolCallDecision } from '../../proxy/wire/index.js';
import { chatJson, chatStream, messagesJson, messagesStream, responsesJson, responsesStream, type Said, say } from './generate.js';
import { detector, gather, hooks, makeVault, still } from './hooks.js';
import { chunks, Random } from './random.js';
import { type Heard, hearChat, hearMessages, hearResponses, readItems } from './read-stream.js';

/** Comments and pings overtake a held call. */
const NOISE = /(: a comment|event: ping(\r\n|\r|\n)data: \{"type": "ping"\}|retry: 10)(\r\n|\r|\n){2}|:(\r\n|\r|\n)/g;

interface Format {
  name: string;
  make(said: Said, random: Random): string;
  open(h: ReturnType<typeof hooks>): AnswerStream;
  hear(stream: string): Heard;
  json(said: Said): string;
  readJson(json: string): { text: string; calls: Heard['calls'] };
  answer(body: string, h: ReturnType<typeof hooks>): Promise<{ clear: Buffer; masked: Buffer }>;
  toolFinish: string;
  noToolFinish: string | undefined;
}

const FORMATS: Format[] = [
  {
    name: 'chat',
    make: chatStream,
    open: (h) => dialects.openai.streamAnswer('chat', h),
    hear: hearChat,
    json: chatJson,
    readJson(json) {
      const { message } = JSON.parse(json).choices[0];
      return {
        text: message.content ?? '',
        calls: (message.tool_calls ?? []).map((c: { id: string; function: object }) => ({ id: c.id, ...c.function })),
      };
    },
    answer: (body, h) => dialects.openai.readAnswer('chat', Buffer.from(body), h),
    toolFinish: 'tool_calls',
    noToolFinish: 'stop',
  },
  {
    name: 'messages',
    make: messagesStream,
    open: (h) => dialects.anthropic.streamAnswer('messages', h),
    hear: hearMessages,
    json: messagesJson,
    readJson(json) {
      const { content } = JSON.parse(json);
      return {
        text: content.map((b: { text?: string }) => b.text ?? '').join(''),
        calls: content
          .filter((b: { type: string }) => b.type === 'tool_use')
          .map((b: { id: string; name: string; input: unknown }) => ({ id: b.id, name: b.name, arguments: JSON.stringify(b.input) })),
      };
    },
    answer: (body, h) => dialects.anthropic.readAnswer('messages', Buffer.from(body), h),
    toolFinish: 'tool_use',
    noToolFinish: 'end_turn',
  },
  {
    name: 'responses',
    make: responsesStream,
    open: (h) => dialects.openai.streamAnswer('responses', h),
    hear: hearResponses,
    json: responsesJson,
    readJson: (json) => readItems(JSON.parse(json).output),
    answer: (body, h) => dialects.openai.readAnswer('responses', Buffer.from(body), h),
    toolFinish: '',
    noToolFinish: undefined,
  },
];

function seededVault(): Vault {
  const vault = makeVault();
  vault.placeholderFor('EMAIL_ADDRESS', 'ann@known.example', 'session', true);
  vault.placeholderFor('PERSON', 'Ann O\'Neil "Q"', 'session', true);
  vault.placeholderFor('PHONE_NUMBER', '+44 20 7946 0000', 'session', true);
  return vault;
}

async function run(
  format: Format,
  bytes: Buffer[],
  h = hooks({ vault: seededVault() }),
): Promise<{ clear: string; masked: string; complete: boolean }> {
  const stream = format.open(h);
  const out = bytes.flatMap((chunk) => stream.write(chunk));
  out.push(...(await stream.end()));
  return { ...gather(out), complete: stream.complete };
}

/** The text that the transforms give for a text taken whole: the measure for every chunking. */
function whole(text: string, form: 'text' | 'json', vault: Vault): { clear: string; masked: string } {
  const transform = createChannelTransform(
    {
      scanner: detector,
      vault,
      context: { direction: 'response', role: 'assistant', kind: 'text', provenance: 'model' },
      mayRestore: () => true,
      decide: () => 'record',
    },
    form,
  );
  const pushed = transform.push(text);
  const rest = transform.flush();
  return { clear: pushed.clear + rest.clear, masked: pushed.masked + rest.masked };
}

for (const format of FORMATS) {
  describe(`streamed answers: ${format.name}`, () => {
    it('any chunking gives the same bytes, and the same as the whole text', async () => {
      await fc.assert(
        fc.asyncProperty(fc.nat(), async (seed) => {
          const random = new Random(seed);
          const said = say(random, seededVault());
          const bytes = Buffer.from(format.make(said, random));
          const once = await run(format, [bytes]);
          const cut = await run(format, chunks(bytes, random));
          assert.equal(cut.clear, once.clear);
          assert.equal(cut.masked, once.masked);
          assert.equal(once.complete, true);
          for (const which of ['clear', 'masked'] as const) {
            const vault = seededVault();
            const heard = format.hear(once[which]);
            assert.equal(heard.text, whole(said.text, 'text', vault)[which]);
            assert.deepEqual(
              heard.calls.map((call) => call.arguments),
              said.calls.map((call) => whole(call.arguments, 'json', vault)[which]),
            );
            if (format.name === 'responses')
              assert.deepEqual(
                heard.sequence,
                heard.sequence.map((_, i) => i),
              );
          }
        }),
        { numRuns: 70 },
      );
    });

    it('gives what the JSON answer gives', async () => {
      await fc.assert(
        fc.asyncProperty(fc.nat(), async (seed) => {
          const random = new Random(seed);
          const said = say(random, seededVault());
          const streamed = format.hear((await run(format, [Buffer.from(format.make(said, random))])).clear);
          const json = format.readJson((await format.answer(format.json(said), hooks({ vault: seededVault() }))).clear.toString());
          assert.equal(json.text, streamed.text);
          assert.deepEqual(
            json.calls.map((call) => JSON.parse(call.arguments)),
            streamed.calls.map((call) => JSON.parse(call.arguments)),
          );
        }),
        { numRuns: 50 },
      );
    });

    it('passes every byte through when nothing is changed', async () => {
      await fc.assert(
        fc.asyncProperty(fc.nat(), async (seed) => {
          const random = new Random(seed);
          const said = say(random, seededVault());
          const source = format.make(said, random);
          const out = await run(format, chunks(Buffer.from(source), random), still());
          // Calls that arrived mixed are put in order; everything else is where it was.
          const calm = (stream: string): string => (said.calls.length === 0 ? stream : stream.replace(NOISE, ''));
          if (said.calls.length < 2) assert.equal(calm(out.clear), calm(source));
          assert.equal(out.masked, out.clear);
          const body = format.json(said);
          const answer = await format.answer(body, still());
          assert.equal(answer.clear.toString(), body);
          assert.equal(answer.masked, answer.clear);
        }),
        { numRuns: 50 },
      );
    });

    it('takes calls out: indexes have no gap, the refusal is read, the finish reason changes', async () => {
      await fc.assert(
        fc.asyncProperty(fc.nat(), async (seed) => {
          const random = new Random(seed);
          const vault = seededVault();
          const said = say(random, vault);
          const decide = (call: { name: string }): ToolCallDecision =>
            call.name === 'forbidden' ? { action: 'remove', text: 'Not allowed here.' } : { action: 'release' };
          const later = random.chance(0.5);
          const make = () =>
            hooks({
              vault: seededVault(),
              decide: (call) => (later ? new Promise((resolve) => setImmediate(resolve, decide(call))) : decide(call)),
            });
          const h = make();
          const out = await run(format, chunks(Buffer.from(format.make(said, random)), random), h);
          assert.equal(h.calls.length, said.calls.length);
          const left = said.calls.filter((call) => call.name !== 'forbidden');
          const heard = format.hear(out.clear);
          assert.deepEqual(heard.calls.map((call) => call.name).sort(), left.map((call) => call.name).sort());
          for (const call of heard.calls)
            assert.equal(call.arguments, whole(said.calls.find((one) => one.id === call.id)!.arguments, 'json', seededVault()).clear);
          assert.equal(heard.complete, true);
          assert.deepEqual(
            heard.indexes,
            heard.indexes.map((_, i) => i),
          );
          const refused = said.calls.length - left.length;
          assert.equal(heard.text.split('Not allowed here.').length - 1, refused);
          if (heard.copy) assert.deepEqual({ text: heard.text, calls: heard.calls }, heard.copy);
          if (said.calls.length > 0 && format.noToolFinish)
            assert.equal(heard.finish, left.length > 0 ? format.toolFinish : format.noToolFinish);
          const json = format.readJson((await format.answer(format.json(said), make())).clear.toString());
          assert.deepEqual(
            json.calls.map((call) => call.name),
            left.map((call) => call.name),
          );
          assert.equal(json.text.split('Not allowed here.').length - 1, refused);
        }),
        { numRuns: 50 },
      );
    });

    it('puts replaced arguments in, in stream and JSON', async () => {
      const said: Said = { text: 'Hello there', calls: [{ id: 'call_1', name: 'shell', arguments: '{"command":"rm -rf /"}' }] };
      const make = () =>
        hooks({
          decide: () => ({ action: 'replace', arguments: '{"command":"ls \\"é\\""}', maskedArguments: '{"command":"ls PERSON_aaaaaaaa"}' }),
        });
      const out = await run(format, [Buffer.from(format.make(said, new Random(5)))], make());
      assert.deepEqual(format.hear(out.clear).calls, [{ id: 'call_1', name: 'shell', arguments: '{"command":"ls \\"é\\""}' }]);
      assert.equal(format.hear(out.masked).calls[0]!.arguments, '{"command":"ls PERSON_aaaaaaaa"}');
      const json = await format.answer(format.json(said), make());
      assert.equal(format.readJson(json.clear.toString()).calls[0]!.arguments, '{"command":"ls \\"é\\""}');
      assert.equal(format.readJson(json.masked.toString()).calls[0]!.arguments, '{"command":"ls PERSON_aaaaaaaa"}');
    });

    it('a refusal from any state ends well-formed, and nothing held goes out', async () => {
      await fc.assert(
        fc.asyncProperty(fc.nat(), async (seed) => {
          const random = new Random(seed);
          const said = say(random, seededVault());
          const bytes = Buffer.from(format.make(said, random));
          const never = hooks({ vault: seededVault(), decide: () => new Promise<ToolCallDecision>(() => {}) });
          const stream = format.open(random.chance(0.5) ? never : hooks({ vault: seededVault() }));
          const cut = random.below(bytes.length + 1);
          const out = chunks(bytes.subarray(0, cut), random).flatMap((chunk) => stream.write(chunk));
          const already = stream.complete;
          out.push(...stream.refuse('Stopped by policy.'));
          assert.deepEqual(stream.write(bytes.subarray(cut)), []);
          assert.equal(stream.complete, true);
          for (const which of ['clear', 'masked'] as const) {
            const heard = format.hear(gather(out)[which]);
            assert.equal(heard.complete, true);
            if (!already && heard.finish !== format.toolFinish && heard.finish !== 'end_turn')
              assert.ok(heard.text.endsWith('Stopped by policy.') || heard.finish === 'stop', heard.text);
            if (heard.copy) assert.deepEqual({ text: heard.text, calls: heard.calls }, heard.copy);
          }
        }),
        { numRuns: 70 },
      );
    });

    it('a stream cut before its end is not called complete', async () => {
      const said: Said = {
        text: 'Mail to jane.roe@example.org now',
        calls: [{ id: 'call_1', name: 'shell', arguments: '{"command":"ls"}' }],
      };
      const source = format.make(said, new Random(9));
      const h = hooks();
      const out = await run(format, [Buffer.from(source.slice(0, source.lastIndexOf('\n\n', source.indexOf('call_1')) + 2))], h);
      assert.equal(out.complete, false);
      assert.equal(format.hear(out.clear).calls.length, 0);
      assert.equal(h.calls.length, 0);
      assert.ok(!out.masked.includes('jane.roe'));
    });
  });
}
