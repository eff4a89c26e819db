/**
 * Chunk invariance at full size: `npm run fuzz:chunks [-- RUNS [SEED]]` (1,000,000 by default). Every answer in every wire format,
 * cut anywhere down to single bytes, must give the bytes that the uncut answer gives, clear and masked; and its text what the
 * whole text gives. Prints one line at the end, exits 1 at the first difference and names its seed.
 */
import { createChannelTransform, createVault, type Vault } from '../../proxy/mask/index.js';
import { type AnswerHooks, dialects } from '../../proxy/wire/index.js';
import { chatStream, messagesStream, responsesStream, say } from './generate.js';
import { detector, gather } from './hooks.js';
import { chunks, pieces, Random } from './random.js';

const runs = Number(process.argv[2] ?? 1_000_000);
const firstSeed = Number(process.argv[3] ?? 1);
const CHUNKINGS = 64;
const context = { direction: 'response', role: 'assistant', kind: 'text', provenance: 'model' } as const;

const vault: Vault = createVault({ sessionKey: Buffer.alloc(32, 7), agentKey: Buffer.alloc(32, 8) });
vault.placeholderFor('EMAIL_ADDRESS', 'ann@known.example', 'session', true);
vault.placeholderFor('PERSON', 'Ann O\'Neil "Q"', 'session', true);
vault.placeholderFor('PHONE_NUMBER', '+44 20 7946 0000', 'session', true);
const known = [...vault.entries()];

/** A vault with the known entries only: what earlier answers brought must not change later ones. */
const fresh = (): Vault => createVault({ sessionKey: Buffer.alloc(32, 7), agentKey: Buffer.alloc(32, 8), known });

function hooks(own: Vault): AnswerHooks {
  return {
    channel: (info) =>
      createChannelTransform(
        { scanner: detector, vault: own, context, mayRestore: () => true, decide: () => 'record' },
        info.kind === 'tool-arguments' ? 'json' : 'text',
      ),
    toolCall: (call) => (call.name === 'forbidden' ? { action: 'remove', text: 'Not allowed.' } : { action: 'release' }),
    idGiven() {},
    usage() {},
    notScanned() {},
  };
}

const FORMATS = [
  { name: 'chat', make: chatStream, open: (own: Vault) => dialects.openai.streamAnswer('chat', hooks(own)) },
  { name: 'messages', make: messagesStream, open: (own: Vault) => dialects.anthropic.streamAnswer('messages', hooks(own)) },
  { name: 'responses', make: responsesStream, open: (own: Vault) => dialects.openai.streamAnswer('responses', hooks(own)) },
];

async function pass(
  open: (own: Vault) => ReturnType<(typeof FORMATS)[number]['open']>,
  list: Buffer[],
): Promise<{ clear: string; masked: string }> {
  const stream = open(fresh());
  const out = list.flatMap((chunk) => stream.write(chunk));
  out.push(...(await stream.end()));
  return gather(out);
}

function text(said: string, list: string[], form: 'text' | 'json'): { clear: string; masked: string } {
  const transform = createChannelTransform(
    { scanner: detector, vault: fresh(), context, mayRestore: () => true, decide: () => 'record' },
    form,
  );
  let clear = '';
  let masked = '';
  for (const piece of list.length > 0 ? list : [said]) {
    const out = transform.push(piece);
    clear += out.clear;
    masked += out.masked;
  }
  const rest = transform.flush();
  return { clear: clear + rest.clear, masked: masked + rest.masked };
}

function differs(where: string, seed: number, a: { clear: string; masked: string }, b: { clear: string; masked: string }): void {
  if (a.clear === b.clear && a.masked === b.masked) return;
  console.error(`difference: ${where}, seed ${seed}`);
  process.exit(1);
}

const started = Date.now();
let done = 0;
let bytes = 0;
for (let seed = firstSeed; done < runs; seed++) {
  const random = new Random(seed);
  const said = say(random, vault);
  const format = FORMATS[seed % FORMATS.length]!;
  const source = Buffer.from(format.make(said, random));
  const once = await pass(format.open, [source]);
  const wholeText = text(said.text, [], 'text');
  const json = said.calls[0]?.arguments ?? '{}';
  const wholeJson = text(json, [], 'json');
  for (let i = 0; i < CHUNKINGS && done < runs; i++, done++) {
    bytes += source.length;
    differs(format.name, seed, once, await pass(format.open, chunks(source, random)));
    if (i % 4 === 0) {
      differs('text', seed, wholeText, text(said.text, pieces(said.text, random, 5), 'text'));
      differs('json', seed, wholeJson, text(json, pieces(json, random, 5), 'json'));
    }
    if (done % 10_000 === 9_999) console.error(`${done + 1} chunkings, ${Math.round((Date.now() - started) / 1000)} s`);
  }
}
console.log(
  JSON.stringify({
    chunkings: done,
    differences: 0,
    megabytes: Math.round(bytes / 1e6),
    seconds: Math.round((Date.now() - started) / 1000),
  }),
);
