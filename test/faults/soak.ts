import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Approval } from '../../proxy/contract/index.js';
import { startSimulatedProvider } from '../../proxy/demo/index.js';
import { startIdp } from '../../scripts/demo/idp.js';
import { freePort, type Gateway, launchGateway } from '../../scripts/demo/launch.js';
import { type OwnBuild, ownBuild } from '../support/own-build.js';
import { ASK_LAUNCH, NO_DENY_WORD, NO_RECIPE, policyOf, RECIPE } from '../support/policies.js';
import { residentBytes } from '../support/process.js';
import { agentKey, connectionTo, trusted } from '../support/settings.js';
import { smallDisk } from '../support/small-disk.js';
import { FAULTS, FORBIDDEN, startHostile } from './hostile.js';
import { ledgerLines } from './kill.js';
import { troubles } from './soak-troubles.js';

export interface SoakReport {
  seconds: number;
  requests: number;
  aborted: number;
  /** How often each thing was done to the gateway. */
  chaos: Record<string, number>;
  /** Exchanges with an arrival and neither end nor interruption. */
  open: number;
  /** Times that somebody read what a rule blocks: a client of an answer, the provider of a prompt. */
  leaked: number;
  /** Bodies at the provider, and exchange ids at clients, without an arrival. */
  unrecorded: number;
  /** Requests without any fault that were not served at the end. */
  unserved: number;
  chainVerified: boolean;
  residentMegabytes: { first: number; most: number };
}

const POLICY = policyOf(NO_DENY_WORD, NO_RECIPE, ASK_LAUNCH);
const random = (below: number): number => Math.floor(Math.random() * below);
const pick = <T>(list: readonly T[]): T => list[random(list.length)] as T;
const sha = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

/**
 * The built gateway under everything at once: provider faults, clients that leave, stall, half-close and pipeline, a person who decides
 * or does not; and every few seconds one of the troubles of soak-troubles.ts. Whatever it is, nobody but the loop below helps it: it
 * starts it again, as the desktop's supervisor or systemd does.
 */
export async function soak(seconds: number, say: (line: string) => void = () => {}): Promise<SoakReport> {
  const disk = smallDisk(96 + Math.ceil(seconds / 60) * 24);
  const directory = disk ? join(disk.path, 'data') : mkdtempSync(join(tmpdir(), 'sallyport-soak-'));
  const [hostile, provider, idp, build, other] = [
    await startHostile(),
    await startSimulatedProvider({ keep: 4_000 }),
    await startIdp(),
    ownBuild(),
    ownBuild('99.0.0'),
  ];
  const port = await freePort();
  const env = { LAB_PROVIDER_KEY: provider.apiKey };
  let gateway: Gateway = await launchGateway({
    directory,
    env,
    cli: build.cli,
    settings: (draft) => {
      draft.listen.port = port;
      draft.policy.preset = 'observe';
      draft.detection.denyWords = [FORBIDDEN];
      draft.ledger.segmentBytes = 1 << 20;
      for (const [name, origin] of [
        ['hostile', hostile.origin],
        ['openai', provider.origin],
      ] as const)
        draft.connections.push(connectionTo(origin, { name }));
      draft.issuers = [trusted(idp)];
    },
  });
  const args = ['--no-console'];
  await gateway.call('PUT', '/api/policies/soak.yaml', { source: POLICY });
  const key = await agentKey(gateway, 'soak');
  const token = await idp.agentToken();
  const base = `http://127.0.0.1:${port}`;
  const began = performance.now();
  const over = (): boolean => performance.now() - began > seconds * 1000;
  const first = Math.round(residentBytes(gateway.pid) / 1e6);
  let most = first;
  let requests = 0;
  let aborted = 0;
  let leaked = 0;
  const ids = new Set<string>();
  const bodies = new Set<string>();
  const chaos: Record<string, number> = {};
  let looked = 0;
  const lookAtProvider = (): void => {
    for (const entry of provider.log.entries) {
      if (entry.id <= looked || entry.method !== 'POST') continue;
      looked = entry.id;
      bodies.add(sha(entry.body));
      if (entry.text.includes(RECIPE)) leaked += 1;
    }
  };

  async function ask(connection: string, content: string, stream: boolean, credential = key, abortAfter?: number): Promise<number> {
    requests += 1;
    const gone = AbortSignal.timeout(abortAfter ?? 30_000);
    try {
      const response = await fetch(`${base}/${connection}/v1/chat/completions`, {
        method: 'POST',
        signal: gone,
        headers: { 'content-type': 'application/json', authorization: `Bearer ${credential}` },
        body: JSON.stringify({ model: 'sim', stream, messages: [{ role: 'user', content: `${content} ${requests}` }] }),
      });
      const id = response.headers.get('x-sallyport-exchange');
      if (id) ids.add(id);
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
  }
  /** On a raw socket: two requests at once, half-closed, read slowly, or left in the middle. */
  function raw(): Promise<void> {
    const body = JSON.stringify({
      model: 'sim',
      stream: true,
      messages: [{ role: 'user', content: `[[slow 1]] [[tokens 60]] raw ${requests}` }],
    });
    const one = `POST /openai/v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nAuthorization: Bearer ${key}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
    const how = pick(['pipeline', 'half', 'slow', 'leave', 'part']);
    return new Promise((resolve) => {
      const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
      const done = setTimeout(() => socket.destroy(), how === 'leave' ? random(200) : 3_000);
      socket.on('error', () => {});
      socket.on('close', () => {
        clearTimeout(done);
        resolve();
      });
      socket.on('end', () => socket.destroy());
      if (how === 'slow') {
        socket.pause();
        setTimeout(() => socket.resume(), random(1_500));
      } else socket.resume();
      requests += how === 'pipeline' ? 2 : 1;
      if (how === 'half') socket.end(one);
      else socket.write(how === 'pipeline' ? one + one : how === 'part' ? one.slice(0, random(one.length)) : one);
    });
  }

  // Those that take seconds to make or to send are tried by themselves; here they would be all that is done.
  const heavy = /bomb|event-without-end|gzip-stream/;
  const faults = Object.keys(FAULTS).filter((name) => !heavy.test(name));
  const bombs = ['br-bomb-json', 'br-bomb-stream'];
  const lane = async (): Promise<void> => {
    while (!over()) {
      const dice = random(10);
      const gone = Math.random() < 0.2 ? 1 + random(300) : undefined;
      if (dice < 4) {
        const name = random(40) === 0 ? pick(bombs) : pick(faults);
        const leave = name.startsWith('never') ? 1 + random(300) : gone;
        await ask('hostile', `[[fault ${name}]]`, /stream|event|chunk|terminator|ends/.test(name), key, leave);
      } else if (dice < 6) await ask('openai', '[[slow 1]] [[echo]] some words for the record', Math.random() < 0.5, key, gone);
      else if (dice === 6) await ask('openai', `The ${RECIPE}, please.`, false);
      else if (dice === 7) await ask('openai', 'The launch code, please. [[say launched]]', false, key, 200 + random(2_000));
      else if (dice === 8) await ask('openai', '[[say by token]]', false, token, gone);
      else await raw();
      await sleep(random(150));
    }
  };
  const person = async (): Promise<void> => {
    while (!over()) {
      await sleep(300);
      lookAtProvider();
      const { approvals } = await gateway
        .call<{ approvals: Approval[] }>('GET', '/api/approvals?state=open')
        .catch(() => ({ approvals: [] as Approval[] }));
      for (const { id, version } of approvals.slice(0, 3))
        await gateway.call('POST', `/api/approvals/${id}/decision`, { version, decision: pick(['approve', 'deny']) }).catch(() => {});
    }
  };
  let running = build;
  const launch = (from: OwnBuild): Promise<Gateway> => launchGateway({ directory, env, cli: from.cli, args });
  const acts = troubles({
    directory,
    disk,
    idp,
    hostile,
    builds: [build, other],
    gateway: () => gateway,
    async start(from = running) {
      running = from;
      for (let tries = 0; ; tries++) {
        try {
          gateway = await launch(running);
          return;
        } catch (error) {
          if (tries >= 20) throw error;
          await sleep(500);
        }
      }
    },
    async startRefused(from = running) {
      const started = await launch(from).catch(() => undefined);
      await started?.stop();
      if (started) throw new Error(`a second gateway started:\n${started.output()}`);
    },
  });
  const trouble = async (): Promise<void> => {
    // All of them in a new order each time, so that a short run has seen each.
    let deck: string[] = [];
    while (!over()) {
      await sleep(1_000 + random(4_000));
      if (over()) return;
      if (deck.length === 0) deck = Object.keys(acts).sort(() => Math.random() - 0.5);
      const name = deck.pop()!;
      await acts[name]!();
      chaos[name] = (chaos[name] ?? 0) + 1;
      most = Math.max(most, Math.round(residentBytes(gateway.pid) / 1e6));
      const done = Object.values(chaos).reduce((a, b) => a + b, 0);
      if (done % 20 === 0)
        say(`${Math.round((performance.now() - began) / 1000)} s: ${done} troubles, ${requests} requests, ${leaked} leaked`);
    }
  };
  try {
    await Promise.all([...Array.from({ length: 6 }, lane), person(), trouble()]);
    let unserved = 0;
    for (let i = 0; i < 20; i++) if ((await ask('hostile', '[[fault fine]]', false)) !== 200) unserved += 1;
    lookAtProvider();
    await gateway.stop();
    const lines = ledgerLines(directory);
    const arrivals = lines.filter((l) => l.kind === 'arrival');
    const known = new Set(arrivals.map((l) => l.exchange!));
    const digests = new Set(arrivals.map((l) => l.meta['digest']));
    const ends = new Set(lines.filter((l) => l.kind === 'end' || l.kind === 'interrupted').map((l) => l.exchange!));
    const verified = await gateway.cli(['verify'], { timeoutMs: 600_000 });
    if (verified.code !== 0) say(verified.stdout + verified.stderr);
    return {
      seconds,
      requests,
      aborted,
      chaos,
      open: [...known].filter((id) => !ends.has(id)).length,
      leaked,
      unrecorded: [...ids].filter((id) => !known.has(id)).length + [...bodies].filter((digest) => !digests.has(digest)).length,
      unserved,
      chainVerified: verified.code === 0,
      residentMegabytes: { first, most },
    };
  } finally {
    await gateway.stop().catch(() => {});
    await Promise.allSettled([hostile.close(), provider.close(), idp.close()]);
    build.remove();
    other.remove();
    if (disk) disk.remove();
    else rmSync(directory, { recursive: true, force: true });
  }
}
