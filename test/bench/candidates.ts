/** Who is compared: floors that look at nothing, peers, and the gateway as it is shipped. */
import { type ChildProcess, execFile, spawnSync } from 'node:child_process';
import { createPrivateKey, generateKeyPairSync, sign } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Settings } from '../../proxy/contract/index.js';
import { credentialHash, newAgentKey } from '../../proxy/identity/keys.js';
import { defaultSettings } from '../../proxy/settings/index.js';
import type { Target } from './load.js';
import { start } from './machine.js';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));
export const PEERS = join(ROOT, '.cache/bench-peers');
const program = (name: string): string => fileURLToPath(new URL(`./programs/${name}`, import.meta.url));

export interface Running {
  name: string;
  target: Target;
  /** 0: not a process of ours (direct, or a peer by URL). */
  pid: number;
  /** Milliseconds from its start until it takes connections, at a look every 2 ms, and to its first answer. */
  listenMs: number;
  startMs: number;
  /** Some peers want models by another name. */
  model?(model: string): string;
  /** Data directory of a gateway of ours. */
  home?: string;
  stop(): Promise<void>;
}

export interface Upstream {
  origin: string;
  port: number;
  child: ChildProcess & { pid: number };
  /** A token of the bench's issuer for the agent `bench`. */
  token: string;
  stats(): Promise<{ requests: number; open: number; lastClosedNs: number; sentBytes: number }>;
}

export const MODELS = ['json-1024', 'json-51200', 'echo', 'sse-100-10', 'sse-200-0', 'sse-3-10', 'tool-100-10', 'hang-3000', 'blob-100'];

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

export const work = mkdtempSync(join(tmpdir(), 'sallyport-bench-'));
process.on('exit', () => rmSync(work, { recursive: true, force: true }));

/** The simulated provider, which is also the tokens' issuer. */
export async function startUpstream(): Promise<Upstream> {
  const port = await freePort();
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const jwk = { ...publicKey.export({ format: 'jwk' }), kid: 'bench', alg: 'RS256', use: 'sig' };
  writeFileSync(join(work, 'jwks.json'), JSON.stringify({ keys: [jwk] }));
  const origin = `http://127.0.0.1:${port}`;
  const child = start([process.execPath, program('upstream.mjs')], { PORT: String(port), JWKS: join(work, 'jwks.json') }, 'load');
  const now = Math.floor(Date.now() / 1000);
  const base64 = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const signed = `${base64({ alg: 'RS256', typ: 'at+jwt', kid: 'bench' })}.${base64({
    iss: origin,
    aud: 'sallyport-bench',
    sub: 'bench',
    client_id: 'bench',
    groups: ['bench'],
    iat: now,
    exp: now + 24 * 3600,
    jti: 'bench-1',
  })}`;
  const signature = sign('sha256', Buffer.from(signed), createPrivateKey(privateKey.export({ format: 'pem', type: 'pkcs8' })));
  const stats: Upstream['stats'] = async () => (await fetch(`${origin}/stats`)).json() as ReturnType<Upstream['stats']>;
  for (let i = 0; ; i++) {
    const up = await stats().catch(() => undefined);
    if (up) break;
    if (i > 200) throw new Error(`the simulated provider did not start: ${child.said()}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  return { origin, port, child, token: `${signed}.${signature.toString('base64url')}`, stats };
}

interface Recipe {
  argv: string[];
  env?: Record<string, string>;
  path?: string;
  headers?: Record<string, string>;
  model?(model: string): string;
}

/** Starts one and waits for its first answer. */
async function run(name: string, port: number, recipe: Recipe): Promise<Running> {
  const began = performance.now();
  const child = start(recipe.argv, { PORT: String(port), ...recipe.env }, 'server');
  const target = { url: `http://127.0.0.1:${port}${recipe.path ?? '/v1/chat/completions'}`, headers: recipe.headers ?? {} };
  const model = recipe.model ?? ((m: string) => m);
  const ended = (): string | undefined => (child.exitCode === null ? undefined : child.said());
  await listening(port, ended);
  const listenMs = performance.now() - began;
  await answering(name, target, model('json-1024'), ended);
  return {
    name,
    target,
    pid: child.pid,
    listenMs,
    startMs: performance.now() - began,
    model,
    stop: () =>
      new Promise((resolve) => {
        if (child.exitCode !== null) return resolve();
        child.once('exit', () => resolve());
        child.kill('SIGTERM');
        setTimeout(() => child.kill('SIGKILL'), 8000).unref();
      }),
  };
}

/** Resolves when the port takes a connection, when the program has ended, or after a while. */
async function listening(port: number, ended: () => string | undefined): Promise<void> {
  for (const until = performance.now() + 20_000; performance.now() < until && ended() === undefined; ) {
    const taken = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => resolve(true)).on('error', () => resolve(false));
      socket.on('connect', () => socket.destroy());
    });
    if (taken) return;
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

async function answering(name: string, target: Target, model: string, ended: () => string | undefined): Promise<void> {
  const body = JSON.stringify({ model, messages: [{ role: 'user', content: 'Are you there?' }] });
  let last = '';
  for (const until = performance.now() + 20_000; performance.now() < until; ) {
    const said = ended();
    if (said !== undefined) throw new Error(`${name} ended: ${said}`);
    const answer = await fetch(target.url, {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json', authorization: 'Bearer none', ...target.headers },
    }).catch(() => undefined);
    if (answer) {
      const text = await answer.text().catch(() => '');
      if (answer.status === 200) return;
      last = `${answer.status} ${text.slice(0, 300)}`;
    }
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  throw new Error(`${name} did not answer: ${last}`);
}

/** A gateway as shipped: `sallyport serve`, our own secrets under a key file, one connection, one agent. */
export async function gateway(
  name: string,
  upstream: Upstream,
  change: (settings: Settings) => void,
  credential?: string,
  argv: string[] = [],
): Promise<Running> {
  const port = await freePort();
  const directory = mkdtempSync(join(work, 'data-'));
  const key = newAgentKey();
  const settings = defaultSettings();
  settings.listen.port = port;
  // 256 connections of one agent are measured; the shipped limit is 64.
  settings.limits.perAgentConcurrent = 1000;
  settings.connections.push({
    name: 'openai',
    dialect: 'openai',
    origin: upstream.origin,
    pathPrefix: '',
    credential: 'env:BENCH_KEY',
    credentialOrigin: upstream.origin,
  });
  const scope = { connections: ['*'], models: ['*'], operations: ['*' as const] };
  settings.agents.push({
    id: 'ag_benchbenchbe',
    name: 'bench',
    owner: 'local',
    groups: [],
    scope,
    keyHash: credentialHash(key),
    keyHint: key.slice(0, 7),
    createdAt: new Date().toISOString(),
  });
  settings.issuers.push({
    url: upstream.origin,
    name: 'bench',
    audience: 'sallyport-bench',
    algorithms: ['RS256'],
    typ: 'at+jwt',
    clockSkewSeconds: 5,
    claims: { agent: 'client_id', groups: 'groups' },
    requiredGroups: [],
    defaultScope: scope,
  });
  change(settings);
  writeFileSync(join(directory, 'settings.json'), JSON.stringify(settings), { mode: 0o600 });
  const running = await run(name, port, {
    argv: [process.execPath, ...argv, join(ROOT, 'out/proxy/cli.js'), 'serve', '--no-console', '--key-file', join(directory, 'key-file')],
    env: { HOME: directory, SALLYPORT_HOME: directory, BENCH_KEY: 'sk-bench' },
    path: '/openai/v1/chat/completions',
    headers: { authorization: `Bearer ${credential ?? key}` },
  });
  return { ...running, home: directory };
}

const nginxPath = (): string | undefined =>
  ['/usr/sbin/nginx', '/usr/bin/nginx', '/usr/local/bin/nginx', '/opt/homebrew/bin/nginx'].find((p) => existsSync(p));

async function nginx(upstream: Upstream): Promise<Running> {
  const port = await freePort();
  const at = mkdtempSync(join(work, 'nginx-'));
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((kind) => `${kind}_temp_path ${at}/${kind};`).join(' ');
  writeFileSync(
    join(at, 'nginx.conf'),
    `worker_processes 1; daemon off; pid ${at}/pid; error_log ${at}/error.log crit; events { worker_connections 8192; }
http { access_log off; ${temporary} client_max_body_size 64m; client_body_buffer_size 128k; keepalive_requests 1000000; keepalive_timeout 120s; tcp_nodelay on;
 upstream up { server ${upstream.origin.slice(7)}; keepalive 512; keepalive_requests 1000000; }
 server { listen 127.0.0.1:${port} backlog=4096; location / { proxy_pass http://up; proxy_http_version 1.1; proxy_set_header Connection ""; proxy_buffering off; proxy_request_buffering on; } } }`,
  );
  return run('nginx', port, { argv: [nginxPath() as string, '-c', join(at, 'nginx.conf'), '-e', join(at, 'error.log')] });
}

async function floor(name: string, upstream: Upstream, file: string): Promise<Running> {
  return run(name, await freePort(), { argv: [process.execPath, program(file)], env: { UP: upstream.origin, NODE_ENV: 'production' } });
}

const peerThere = (name: string): boolean => existsSync(join(PEERS, 'node_modules', name));

/** Every candidate that can run here, by name; `undefined` where it is not installed. */
export const CANDIDATES: Record<string, (upstream: Upstream) => Promise<Running> | undefined> = {
  direct: async (upstream) => ({
    name: 'direct',
    target: { url: `${upstream.origin}/v1/chat/completions`, headers: {} },
    pid: 0,
    listenMs: 0,
    startMs: 0,
    stop: async () => {},
  }),
  nginx: (upstream) => (nginxPath() ? nginx(upstream) : undefined),
  'node-http-pipe': (upstream) => floor('node-http-pipe', upstream, 'node-http-pipe.mjs'),
  'undici-dispatch': (upstream) => floor('undici-dispatch', upstream, 'undici-dispatch.mjs'),
  'express-hpm': (upstream) => floor('express-hpm', upstream, 'express-hpm.mjs'),
  portkey: (upstream) =>
    peerThere('@portkey-ai/gateway')
      ? freePort().then((port) =>
          run('portkey', port, {
            argv: [process.execPath, join(PEERS, 'node_modules/@portkey-ai/gateway/build/start-server.js'), '--headless', `--port=${port}`],
            env: { NODE_ENV: 'production' },
            headers: { 'x-portkey-provider': 'openai', 'x-portkey-custom-host': `${upstream.origin}/v1`, authorization: 'Bearer none' },
          }),
        )
      : undefined,
  llms: (upstream) =>
    peerThere('@musistudio/llms')
      ? freePort().then((port) =>
          run('llms', port, {
            argv: [process.execPath, program('llms.cjs')],
            env: { UP: upstream.origin, PEERS, MODELS: MODELS.join(), NODE_ENV: 'production' },
            headers: { authorization: 'Bearer none' },
            model: (m) => `bench,${m}`,
          }),
        )
      : undefined,
  sallyport: (upstream) => gateway('sallyport', upstream, (s) => void (s.detection.names = false)),
  'sallyport-jwt': (upstream) => gateway('sallyport-jwt', upstream, (s) => void (s.detection.names = false), upstream.token),
  'sallyport-names': (upstream) => gateway('sallyport-names', upstream, () => {}),
};

/** The gateway with its inspector on a port, for a profile of it. */
export function inspected(upstream: Upstream, port: number): Promise<Running> {
  return gateway('sallyport', upstream, (s) => void (s.detection.names = false), undefined, [`--inspect=127.0.0.1:${port}`]);
}

/**
 * A peer from outside: `name=http://…` (it runs already) or `name=command …` (started with PORT and UP in its environment).
 * BENCH_PEER_KEY is the bearer it asks for; BENCH_PEER_MODEL how it calls our models, `*` standing for the name: `openai/*`.
 */
export async function givenPeer(spec: string, upstream: Upstream): Promise<Running> {
  const mark = spec.indexOf('=');
  const name = spec.slice(0, mark);
  const what = spec.slice(mark + 1);
  if (mark < 1 || what === '') throw new Error('--peer is given as name=URL or name=command');
  const headers = { authorization: `Bearer ${process.env.BENCH_PEER_KEY ?? 'none'}` };
  const model = (m: string): string => (process.env.BENCH_PEER_MODEL ?? '*').replace('*', m);
  if (/^https?:\/\//.test(what)) {
    const target = { url: what, headers };
    await answering(name, target, model('json-1024'), () => undefined);
    return { name, target, pid: 0, listenMs: 0, startMs: 0, model, stop: async () => {} };
  }
  return run(name, await freePort(), {
    argv: ['/bin/sh', '-c', `exec ${what}`],
    env: { UP: upstream.origin },
    headers,
    model,
  });
}

/** Installs the npm peers below `.cache/bench-peers`; Portkey needs older hono packages than a fresh install gives it (its issue 1389). */
export async function installPeers(): Promise<void> {
  mkdirSync(PEERS, { recursive: true });
  writeFileSync(
    join(PEERS, 'package.json'),
    JSON.stringify({
      name: 'bench-peers',
      private: true,
      dependencies: { '@portkey-ai/gateway': '1.15.2', '@musistudio/llms': '1.0.53' },
      overrides: { '@portkey-ai/gateway': { '@hono/node-server': '1.13.8', hono: '4.9.7' } },
    }),
  );
  await promisify(execFile)('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--legacy-peer-deps'], {
    cwd: PEERS,
    timeout: 300_000,
  });
}

/** Versions of everything that is measured. */
export function versions(): Record<string, string> {
  const of = (path: string): string | undefined => {
    try {
      return (JSON.parse(readFileSync(path, 'utf8')) as { version: string }).version;
    } catch {
      return undefined;
    }
  };
  const out: Record<string, string> = {
    node: process.versions.node,
    v8: process.versions.v8,
    sallyport: of(join(ROOT, 'package.json')) ?? '',
  };
  for (const name of ['undici', 'express', 'http-proxy-middleware']) out[name] = of(join(ROOT, 'node_modules', name, 'package.json')) ?? '';
  for (const name of ['@portkey-ai/gateway', '@musistudio/llms']) {
    const version = of(join(PEERS, 'node_modules', name, 'package.json'));
    if (version) out[name] = version;
  }
  const nginx = nginxPath();
  // It says so on standard error: "nginx version: nginx/1.22.1".
  const said = nginx === undefined ? undefined : /nginx\/([\d.]+)/.exec(spawnSync(nginx, ['-v'], { encoding: 'utf8' }).stderr)?.[1];
  if (said) out.nginx = said;
  return out;
}
