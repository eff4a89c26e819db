import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Agent, getGlobalDispatcher, setGlobalDispatcher } from 'undici';
import type { Approval, Person } from '../../proxy/contract/index.js';
import { createMemorySecretStore } from '../../proxy/credentials/index.js';
import { startSimulatedProvider } from '../../proxy/demo/index.js';
import { createGateway } from '../../proxy/index.js';
import { CLIENTS, type Client } from './clients.js';

/** One client, held once. */
export interface Held {
  name: string;
  mode: 'json' | 'stream';
  decision: 'approve' | 'deny';
  /** Real seconds between the client's first request and the decision. */
  seconds: number;
  /** Requests that the client put on the wire until it had its answer. */
  requests: number;
  upstreamCalls: number;
  outcome: 'answered' | 'error with the reason' | 'text with the reason' | 'failed';
  /** What was wrong, where `ok` is false. */
  why?: string;
  ok: boolean;
}

export interface HoldOptions {
  /** How long each request waits for its decision, before scaling. */
  seconds: number;
  /** All times, ours and the clients' own, are divided by it. */
  scale?: number;
  /** Only clients whose name contains this. */
  client?: string;
  decisions?: ('approve' | 'deny')[];
  /** Denials may be decided earlier, so that they come before the commit. */
  denyAfter?: number;
  /** Called with each line of progress. */
  say?(line: string): void;
}

const POLICY = `version: 1
name: hold
rules:
  - id: ask-launch
    match: { what: part, direction: request, role: user, words: [launch code] }
    then: approve
    sentence: The prompt speaks of a launch code.
`;
const PERSON: Person = { id: 'local', name: 'Local', groups: [], via: 'os' };
const REASON = 'The moon is closed.';
/** What global `fetch` waits by default for headers, and between two pieces of a body. */
const UNDICI_TIMEOUT_MS = 300_000;

/** Holds every client at the same time, decides, and says what each of them saw. */
export async function holdAll(options: HoldOptions): Promise<Held[]> {
  const scale = options.scale ?? 1;
  const directory = mkdtempSync(join(tmpdir(), 'sallyport-hold-'));
  const provider = await startSimulatedProvider({ keep: 5000 });
  const variable = `HOLD_KEY_${process.pid}`;
  process.env[variable] = provider.apiKey;
  const gateway = await createGateway(
    { directory, version: '0', port: 0, console: false, demo: false, holdScale: 1 / scale, workers: 0 },
    { secrets: createMemorySecretStore() },
  );
  const { services } = gateway;
  await services.settings.update((draft) => {
    // The approval itself must outlive the hold.
    draft.approvals.expiresInSeconds = 3600;
    for (const dialect of ['openai', 'anthropic'] as const)
      draft.connections.push({
        name: dialect,
        dialect,
        origin: provider.origin,
        pathPrefix: '',
        credential: `env:${variable}`,
        credentialOrigin: provider.origin,
      });
  });
  await services.policies.save({ name: 'hold.yaml', source: POLICY, activate: true }, PERSON);
  await gateway.start();
  const dispatcher = getGlobalDispatcher();
  if (scale !== 1) setGlobalDispatcher(new Agent({ headersTimeout: UNDICI_TIMEOUT_MS / scale, bodyTimeout: UNDICI_TIMEOUT_MS / scale }));
  const retries = console.warn;
  console.warn = () => undefined;

  const approvalOf = (mark: string): Approval | undefined =>
    services.approvals.list().find((a) => a.shown.some((s) => s.text.includes(`${mark}.`)));
  const timesAsked = (mark: string): number =>
    services.approvals.list().filter((a) => a.shown.some((s) => s.text.includes(`${mark}.`))).length;

  async function one(client: Client, decision: 'approve' | 'deny', number: number): Promise<Held> {
    const { key } = await services.agents.create({
      name: `hold-${number}`,
      owner: 'local',
      scope: { connections: ['*'], models: ['*'], operations: ['*'] },
    });
    let requests = 0;
    let first = 0;
    const counted: typeof fetch = (...args) => {
      requests += 1;
      first ||= performance.now();
      return fetch(...args);
    };
    const { baseUrl } = gateway.address;
    const ask = client.make({ openai: `${baseUrl}/openai/v1`, anthropic: `${baseUrl}/anthropic`, apiKey: key, fetch: counted, scale });
    const mark = `rocket number ${number}`;
    const prompt = `[[echo]] The launch code of ${mark}. Go.`;
    const wanted = prompt.replace('[[echo]] ', '');
    const finished = settled(ask(prompt));
    let ended: Awaited<ReturnType<typeof settled>> | undefined;
    void finished.then((e) => {
      ended = e;
    });
    const waitMs = ((decision === 'deny' ? options.denyAfter : undefined) ?? options.seconds) * (1000 / scale);
    while (first === 0 || performance.now() - first < waitMs) await sleep(Math.min(100, waitMs / 20));
    const problems: string[] = [];
    if (ended) problems.push(`it did not wait: ${ended.text.slice(0, 200)}`);
    if (provider.log.entries.some((e) => e.text.includes(`${mark}.`))) problems.push('sent before it was decided');
    const seconds = (performance.now() - first) / 1000;
    for (let tries = 0; ; tries += 1) {
      const approval = approvalOf(mark);
      if (!approval) {
        problems.push('no approval was opened');
        break;
      }
      const answer = { version: approval.version, decision, ...(decision === 'deny' ? { reason: REASON } : {}) };
      const done = await services.approvals.decide(approval.id, answer, PERSON).then(
        () => true,
        (error: Error) => {
          if (tries >= 20) problems.push(`not decided: ${error.message}`);
          return tries >= 20;
        },
      );
      if (done) break;
      await sleep(50);
    }
    const late = sleep(120_000, { failed: true, text: 'no answer two minutes after the decision' }, { ref: false });
    const end = await Promise.race([finished, late]);
    const requestsOfHold = requests;
    let outcome: Held['outcome'] = 'failed';
    if (!end.failed && end.text === wanted) outcome = 'answered';
    else if (end.text.includes(REASON)) outcome = end.failed ? 'error with the reason' : 'text with the reason';
    const calls = () => provider.log.entries.filter((e) => e.text.includes(`${mark}.`)).length;
    if (decision === 'approve') {
      if (outcome !== 'answered') problems.push(`wanted the answer, got: ${end.text.slice(0, 300)}`);
      if (calls() !== 1) problems.push(`${calls()} upstream calls`);
    } else {
      if (!outcome.endsWith('reason')) problems.push(`wanted the reason, got: ${end.text.slice(0, 300)}`);
      // A denial stays a denial: the same again is answered at once, without asking anybody.
      const again = await settled(ask(prompt));
      if (!again.text.includes(REASON)) problems.push(`asked again: ${again.text.slice(0, 200)}`);
      if (calls() !== 0) problems.push(`${calls()} upstream calls after a denial`);
    }
    if (timesAsked(mark) > 1) problems.push(`a person was asked ${timesAsked(mark)} times`);
    const held: Held = {
      name: client.name,
      mode: client.mode,
      decision,
      seconds: Math.round(seconds * 10) / 10,
      requests: requestsOfHold,
      upstreamCalls: calls(),
      outcome,
      ...(problems.length > 0 ? { why: problems.join('; ') } : {}),
      ok: problems.length === 0,
    };
    options.say?.(
      `${held.ok ? 'ok  ' : 'FAIL'} ${client.name} (${client.mode}), ${decision}: ${outcome} after ${held.seconds} s, ${held.requests} requests, ${held.upstreamCalls} upstream${held.why ? `: ${held.why}` : ''}`,
    );
    return held;
  }

  try {
    const chosen = CLIENTS.filter((c) => !options.client || c.name.includes(options.client));
    const cases = chosen.flatMap((c) => (options.decisions ?? (['approve', 'deny'] as const)).map((d) => [c, d] as const));
    return await Promise.all(cases.map(([client, decision], i) => one(client, decision, 1000 + i)));
  } finally {
    console.warn = retries;
    setGlobalDispatcher(dispatcher);
    delete process.env[variable];
    await gateway.stop(500);
    await provider.close();
    rmSync(directory, { recursive: true, force: true });
  }
}

function settled(asked: Promise<string>): Promise<{ failed: boolean; text: string }> {
  return asked.then(
    (text) => ({ failed: false, text }),
    (error: Error & { responseBody?: string }) => ({ failed: true, text: `${error.message} ${error.responseBody ?? ''}`.trim() }),
  );
}
