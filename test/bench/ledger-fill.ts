/** Fills a ledger with generated exchanges through the real writer. The same seed makes the same texts. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock, RecordInput, SecretStore } from '../../proxy/contract/index.js';
import { openLedger } from '../../proxy/ledger/index.js';
import { exchangeRecords } from '../ledger/support.js';

/** Exchanges of one session. */
export const SESSION = 10;
export const AGENTS = Array.from({ length: 40 }, (_, i) => `agent-${i}`);
export const MODELS = ['gpt-5', 'gpt-5-mini', 'claude-sonnet', 'claude-haiku', 'local-llama'];
export const ENTITIES = ['EMAIL_ADDRESS', 'PHONE_NUMBER', 'CREDIT_CARD', 'PERSON', 'US_SSN'];
/** Twenty thousand words; the first are common, the last rare. */
export const VOCABULARY = Array.from({ length: 20_000 }, (_, i) => {
  let word = '';
  for (let n = i * 7919 + 13; n > 0; n = Math.floor(n / 20)) word += 'bcdfghklmnprstvwzaeio'[n % 20] + 'aeiou'[n % 5]!;
  return word;
});
/** A word that every thousandth exchange has. */
export const RARE = 'hapaxlegomenon';
/** The generated history begins here and has an exchange every 30 seconds: a million are about a year. */
export const BEGIN = Date.parse('2025-11-01T00:00:00Z');
export const STEP_MS = 30_000;

/** Random numbers below a bound, the same for the same exchange: a fill that was broken off goes on where it was. */
function randomOf(exchange: number): (below: number) => number {
  let seed = Math.imul(exchange + 1, 0x9e3779b1);
  return (below) => {
    // mulberry32, public domain.
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), seed | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

/** How many exchanges a ledger of this generator holds: one more than the highest number that its last segments name. */
export function filledSoFar(directory: string): number {
  const segments = join(directory, 'ledger');
  if (!existsSync(segments)) return 0;
  const names = readdirSync(segments).filter((name) => name.endsWith('.jsonl'));
  for (const name of names.sort().reverse()) {
    let most = -1;
    for (const [, n] of readFileSync(join(segments, name), 'latin1').matchAll(/"exchange":"ex_(\d+)"/g)) most = Math.max(most, Number(n));
    if (most >= 0) return most + 1;
  }
  return 0;
}

/** Writes the exchanges `from` to `count` (not included) of five or six records each: about 1 KB of request and answer. Calls `say` now and then. */
export async function fillLedger(
  directory: string,
  secrets: SecretStore,
  from: number,
  count: number,
  say: (done: number) => void,
): Promise<void> {
  let now = BEGIN + from * STEP_MS;
  const clock: Clock = { now: () => now, monotonic: () => performance.now() };
  const ledger = await openLedger({ directory, secrets, clock, segmentBytes: 64 << 20 });
  let waiting = 0;
  const drained = async (limit: number): Promise<void> => {
    while (waiting > limit) await new Promise((resolve) => setImmediate(resolve));
  };
  for (let i = from; i < count; i++) {
    now = BEGIN + i * STEP_MS;
    const random = randomOf(i);
    const words = (n: number): string => Array.from({ length: n }, () => VOCABULARY[Math.min(random(20_000), random(20_000))]).join(' ');
    const answer = words(60);
    const groups = exchangeRecords({
      session: `se_${Math.floor(i / SESSION)}`,
      exchange: `ex_${i}`,
      agent: AGENTS[random(AGENTS.length)]!,
      model: MODELS[random(MODELS.length)]!,
      text: `${words(80)}${i % 1000 === 0 ? ` ${RARE}` : ''}`,
      findings: random(10) === 0 ? [ENTITIES[random(ENTITIES.length)]!] : [],
      action: random(50) === 0 ? 'mask' : 'allow',
      deltas: [0, 1, 2].map(
        (n) => `data: ${JSON.stringify({ choices: [{ delta: { content: answer.slice(n * 200, n * 200 + 200) } }] })}\n\n`,
      ),
      ...(random(20) === 0 ? { tool: 'shell' } : {}),
    });
    waiting++;
    ledger.append(groups.flat() as RecordInput[], 'written', (error) => {
      if (error) throw error;
      waiting--;
    });
    if (waiting > 400) await drained(100);
    if (i % 10_000 === 0) say(i);
  }
  await drained(0);
  await ledger.close();
}
