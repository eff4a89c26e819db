import type { DialectName, Operation } from '../contract/index.js';
import type { HoldPlan } from './types.js';

const S = 1000;
const HEARTBEAT = 15 * S;
const NEVER = Number.POSITIVE_INFINITY;

interface Kind {
  client: string;
  informational: boolean;
  /** Milliseconds; `never`: not even a time-out that the client announces changes it. */
  commit: number | 'never';
  ownStart?: number;
  denyStatus?: number;
  comments?: boolean;
}

export interface HoldOptions {
  /** Tests hold in scaled time: all of our own times are multiplied by it. What a client announces is not. */
  scale?: number;
  /** Shortest abort, in milliseconds, seen from this principal and user agent. */
  shortestAbortMs?: number;
  /** `1.0` clients get no 1xx. */
  httpVersion?: string;
}

type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;

const header = (headers: Headers, name: string): string => {
  const v = headers[name];
  return v === undefined ? '' : typeof v === 'string' ? v : (v[0] ?? '');
};

const major = (version: string): number => Number(/^(\d+)/.exec(version)?.[1] ?? Number.NaN);

/** openai 7 clears its timer only after the whole JSON body, so that committing early gains nothing and loses a real 403. */
function openai(version: number, stream: boolean, client: string): Kind {
  const seven = !(version <= 6);
  return {
    client: `${client}${Number.isNaN(version) ? '' : ` ${version}`}`,
    informational: true,
    commit: seven && !stream ? 'never' : 540 * S,
    // `responses.stream()` throws on any event before `response.created`; LangChain reads the events itself and bears them.
    comments: client !== 'langchain-js openai',
  };
}

/** Which client this is, and what it bears. Measured; the order matters: Bun programs name `ai-sdk` as well. */
function kindOf(ua: string, headers: Headers, stream: boolean): Kind {
  const stainless = major(header(headers, 'x-stainless-package-version'));
  const plain = (client: string, commit: number): Kind => ({ client, informational: true, commit });
  if (ua.startsWith('claude-cli/')) return { client: 'claude-code', informational: true, commit: 200 * S, ownStart: 250 * S };
  if (ua.startsWith('codex_')) return { client: 'codex', informational: true, commit: 540 * S, denyStatus: 400 };
  if (ua.startsWith('GeminiCLI')) return plain('gemini-cli', 540 * S);
  if (ua.startsWith('opencode/')) return plain('opencode', 200 * S);
  if (ua.startsWith('Bun/') || ua.includes('runtime/bun')) return plain('bun', 200 * S);
  if (ua.startsWith('OpenAI/JS')) return openai(major(ua.slice('OpenAI/JS '.length)), stream, 'openai-js');
  if (ua.startsWith('Agents/JavaScript')) return { ...openai(7, stream, 'openai-js'), client: 'openai-agents-js' };
  if (ua.startsWith('langchainjs-openai/')) return openai(stainless, stream, 'langchain-js openai');
  if (ua.startsWith('Anthropic/JS') || ua.startsWith('langchainjs-anthropic')) {
    return plain(ua.startsWith('lang') ? 'langchain-js anthropic' : 'anthropic-js', 360 * S);
  }
  if (ua.startsWith('langchainjs-')) return plain('langchain-js', 360 * S);
  if (ua.startsWith('google-genai-sdk')) return plain('google-genai', 540 * S);
  if (ua.startsWith('ollama-js')) return plain('ollama-js', 540 * S);
  if (ua.startsWith('ai/') || ua.includes('ai-sdk')) return plain('ai-sdk', 540 * S);
  if (ua === 'node' && header(headers, 'x-goog-api-client').includes('genai-js/')) return plain('langchain-js gemini', 540 * S);
  if (ua === 'node') return plain('node fetch', NEVER);
  if (/^(?:Async)?OpenAI\/Python/.test(ua)) return plain('openai-python', NEVER);
  if (/^(?:Async)?Anthropic\/Python/.test(ua)) return plain('anthropic-python', NEVER);
  if (ua.startsWith('python-httpx')) return plain('python-httpx', NEVER);
  if (/(?:^|\s)aiohttp\//.test(ua) || ua.startsWith('aiohttp')) return plain('python-aiohttp', NEVER);
  if (ua.startsWith('curl/')) return plain('curl', NEVER);
  const silent = (client: string): Kind => ({ client, informational: false, commit: 20 * S });
  if (ua.startsWith('python-requests')) return silent('python-requests');
  if (ua.startsWith('Go-http-client')) return silent('go');
  return silent('unknown');
}

/**
 * What to send to a client that waits for a person: `102` before the commit point where the client bears it, then 200 with
 * heartbeats native to the dialect. The commit point is the least of the measured one, 0.6 of a time-out that the client
 * announces (`x-stainless-timeout`, seconds), and 0.6 of the shortest abort seen. MCP `tools/call` is not held this way.
 */
export function holdPlan(
  userAgent: string | undefined,
  headers: Headers,
  _dialect: DialectName,
  operation: Operation,
  stream: boolean,
  options: HoldOptions = {},
): HoldPlan {
  const { scale = 1, shortestAbortMs, httpVersion } = options;
  const old = httpVersion === '1.0';
  const ua = userAgent ?? '';
  const kind = kindOf(ua, headers, stream);
  let commit = kind.commit === 'never' ? NEVER : kind.commit * scale;
  let client = kind.client;
  if (old) {
    client = `${kind.client} (HTTP/1.0)`;
    commit = Math.min(commit, 20 * S * scale);
  } else if (kind.commit !== 'never') {
    const announced = Number(header(headers, 'x-stainless-timeout'));
    if (announced > 0) commit = Math.min(commit, Math.round(0.6 * announced * S));
    if (shortestAbortMs !== undefined) commit = Math.min(commit, Math.round(0.6 * shortestAbortMs));
  }
  const plan: HoldPlan = {
    client,
    informational: kind.informational && !old,
    commitAfterMs: commit,
    heartbeatEveryMs: HEARTBEAT * scale,
    denyStatus: kind.denyStatus ?? 403,
  };
  if (kind.comments && stream && operation === 'responses') plan.commentHeartbeats = true;
  if (kind.ownStart !== undefined && stream) plan.ownStartAfterCommitMs = kind.ownStart * scale;
  return plan;
}
