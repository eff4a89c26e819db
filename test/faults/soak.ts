import { setTimeout as sleep } from 'node:timers/promises';
import type { Person } from '../../proxy/contract/index.js';
import { verifyLedger } from '../../proxy/ledger/index.js';
import { openBench } from '../pipeline/support.js';
import { FAULTS, FORBIDDEN, startHostile } from './hostile.js';

export interface SoakReport {
  seconds: number;
  requests: number;
  aborted: number;
  /** Exchanges that never ended. */
  open: number;
  /** Times that a client read what a rule blocks. */
  leaked: number;
  /** Requests without any fault that were not served at the end. */
  unserved: number;
  chainVerified: boolean;
  residentMegabytes: { early: number; end: number };
}

const LOCAL: Person = { id: 'local', name: 'Local', groups: [], via: 'os' };
const POLICY = `version: 1
name: answers
rules:
  - id: no-midnight
    match: { direction: response, finding: DENY_WORD }
    then: block
    sentence: Nobody may read of it.
`;

/** Provider faults at random, eight clients, of which every fifth request goes away at a random moment. */
export async function soak(seconds: number): Promise<SoakReport> {
  const hostile = await startHostile();
  const b = await openBench({}, (draft) => {
    draft.policy.preset = 'observe';
    draft.detection.denyWords = [FORBIDDEN];
    draft.connections.push({
      name: 'hostile',
      dialect: 'openai',
      origin: hostile.origin,
      pathPrefix: '',
      credential: 'env:PIPELINE_TEST_KEY',
      credentialOrigin: hostile.origin,
    });
  });
  await b.gateway.services.policies.save({ name: 'answers.yaml', source: POLICY, activate: true }, LOCAL);
  const open = new Set<string>();
  b.gateway.subscribe((event) => {
    if (event.type === 'exchange-started') open.add(event.exchange);
    if (event.type === 'exchange-ended') open.delete(event.exchange);
  });
  // The bombs are tried by themselves; here they would be all that is done.
  const names = Object.keys(FAULTS).filter((name) => !name.includes('bomb') && name !== 'event-without-end');
  const began = performance.now();
  const over = (): boolean => performance.now() - began > seconds * 1000;
  const resident = (): number => Math.round(process.memoryUsage().rss / 1e6);
  let requests = 0;
  let aborted = 0;
  let leaked = 0;
  let early = resident();
  const ask = async (name: string, stream: boolean, abortAfter: number | undefined): Promise<number> => {
    const gone = AbortSignal.timeout(abortAfter ?? 30_000);
    try {
      const response = await fetch(b.url('/hostile/v1/chat/completions'), {
        method: 'POST',
        signal: gone,
        headers: { 'content-type': 'application/json', authorization: `Bearer ${b.key}` },
        body: JSON.stringify({ model: 'sim', stream, messages: [{ role: 'user', content: `[[fault ${name}]] ${requests}` }] }),
      });
      let text = '';
      try {
        for await (const piece of response.body as unknown as AsyncIterable<Uint8Array>) text += Buffer.from(piece).toString('utf8');
      } finally {
        if (text.includes(FORBIDDEN)) leaked += 1;
      }
      return response.status;
    } catch {
      if (gone.aborted) aborted += 1;
      return 0;
    }
  };
  try {
    await Promise.all(
      Array.from({ length: 8 }, async () => {
        while (!over()) {
          const name = names[Math.floor(Math.random() * names.length)]!;
          const gone = name.startsWith('never') || Math.random() < 0.2 ? Math.ceil(Math.random() * 300) : undefined;
          await ask(name, /stream|event|chunk|terminator|ends/.test(name), gone);
          requests += 1;
          if (requests === 200) early = resident();
        }
      }),
    );
    let unserved = 0;
    for (let i = 0; i < 20; i++) if ((await ask('fine', false, undefined)) !== 200) unserved += 1;
    for (let i = 0; i < 500 && open.size > 0; i++) await sleep(20);
    await b.gateway.stop(1000);
    const { ok } = await verifyLedger(b.directory);
    return {
      seconds,
      requests,
      aborted,
      open: open.size,
      leaked,
      unserved,
      chainVerified: ok,
      residentMegabytes: { early, end: resident() },
    };
  } finally {
    await b.close();
    await hostile.close();
  }
}
