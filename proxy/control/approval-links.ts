/**
 * One-time links to approvals, for a team whose chat or mail is told by a webhook. A port of its own, TLS only, off by default.
 *
 * What an attacker could do here: guess a link (192 random bits, only hashes are kept, gone with the approval), let a preview or a
 * scanner decide (opening only shows; a decision is a POST), make a person's browser post from another page (the form carries a proof
 * that is bound to the link, the version that was shown and a SameSite=Strict cookie of this origin, and a foreign Origin is refused),
 * use a link twice (taken before it decides), or read content (what is shown is masked; nothing may be cached, framed or run). Whoever
 * holds a link decides as the person that the settings name: hand the webhook to a channel that only this person reads.
 */
import { createHash, createHmac, randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { ApprovalBroker } from '../approvals/index.js';
import { type Person, SallyportError } from '../contract/index.js';
import { approvalPage, LINK_HEADERS, STYLE, sayPage } from './link-page.js';
import { sameText } from './proof.js';

export interface LinkOptions {
  host: string;
  /** 0 = any free port. */
  port: number;
  /** PEM texts. */
  tls: { cert: string; key: string };
  /** How the listener is reached, such as `https://approve.example:8443`; absent: host and port. */
  base?: string;
  /** Who the links are for: decisions are this person's. */
  person: Person;
  approvals: Pick<ApprovalBroker, 'get' | 'decide'>;
  links: { show(token: string): string | undefined; take(token: string): string | undefined };
  /** A POST without its proof: recorded and shown. */
  onAttempt(what: string): void;
  now?(): number;
}

export interface LinkServer {
  /** Before `/a/<token>`. */
  readonly base: string;
  close(): Promise<void>;
}

const COOKIE = '__Host-sallyport-link';
const MAX_BODY = 4096;
const NO_LINK = 'This link was used already, or it is too old. Open the console or ask for a new one.';

/** @throws SallyportError invalid (no TLS, or it cannot be read), conflict (port taken) */
export async function serveApprovalLinks(options: LinkOptions): Promise<LinkServer> {
  if (!options.tls?.cert || !options.tls.key)
    throw new SallyportError('invalid', 'One-time links are only served with TLS (approvals.links.tls).');
  const now = options.now ?? Date.now;
  const secret = randomBytes(32);
  const headers = {
    ...LINK_HEADERS,
    'content-security-policy': LINK_HEADERS['content-security-policy']!.replace(
      'STYLE',
      createHash('sha256').update(STYLE).digest('base64'),
    ),
  };
  let base = options.base ?? '';
  const proof = (link: string, nonce: string, version: number): string =>
    createHmac('sha256', secret).update(`${link}\n${nonce}\n${version}`).digest('base64url');

  const answer = (res: ServerResponse, status: number, body: string): void => {
    res.writeHead(status, { ...headers, 'content-type': 'text/html; charset=utf-8', 'content-length': Buffer.byteLength(body) });
    res.end(body);
  };

  const show = (link: string, res: ServerResponse): void => {
    const id = options.links.show(link);
    const approval = id === undefined ? undefined : options.approvals.get(id);
    if (!approval) return answer(res, 404, sayPage('Nothing to decide', NO_LINK));
    const open = approval.state === 'pending';
    const nonce = randomBytes(18).toString('base64url');
    if (open) res.setHeader('set-cookie', `${COOKIE}=${nonce}; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=1800`);
    const form = open ? { token: proof(link, nonce, approval.version), version: approval.version } : undefined;
    answer(res, 200, approvalPage(approval, options.person.name, form, now()));
  };

  const decide = async (link: string, req: IncomingMessage, res: ServerResponse): Promise<void> => {
    const fields = new URLSearchParams(await bodyOf(req));
    const origin = req.headers.origin;
    const version = Number(fields.get('version'));
    const nonce = new RegExp(`(?:^|;\\s*)${COOKIE}=([\\w-]{24})`).exec(req.headers.cookie ?? '')?.[1];
    const decision = fields.get('decision');
    const own = origin === undefined || origin === new URL(base).origin;
    if (options.links.show(link) === undefined) return answer(res, 404, sayPage('Nothing to decide', NO_LINK));
    if (!own || nonce === undefined || !sameText(fields.get('form') ?? '', proof(link, nonce, version))) {
      options.onAttempt('A decision by a one-time link without the form that was shown');
      return answer(res, 403, sayPage('Refused', 'Open the link in this browser and use the buttons on its page.'));
    }
    if (decision !== 'approve' && decision !== 'deny') return answer(res, 400, sayPage('Refused', 'Approve or deny.'));
    const id = options.links.take(link);
    if (id === undefined) return answer(res, 404, sayPage('Nothing to decide', NO_LINK));
    const reason = (fields.get('reason') ?? '').trim();
    try {
      const decided = await options.approvals.decide(id, { version, decision, ...(reason === '' ? {} : { reason }) }, options.person);
      const words = decided.state === 'pending' ? 'Your approval counts; another person is needed.' : `It is ${decided.state}.`;
      answer(res, 200, sayPage('Decided', words));
    } catch (error) {
      if (!(error instanceof SallyportError)) throw error;
      answer(res, error.status, sayPage('Not decided', `${error.message}. Nothing was decided by this link.`));
    }
  };

  const server = createServer({ ...options.tls, minVersion: 'TLSv1.2' }, (req, res) => {
    const link = /^\/a\/([\w-]{32})$/.exec(req.url ?? '')?.[1];
    if ((req.headers.host ?? '').toLowerCase() !== new URL(base).host) return answer(res, 421, sayPage('Refused', 'Another host name.'));
    if (link === undefined) return answer(res, 404, sayPage('Nothing here', NO_LINK));
    if (req.method === 'GET' || req.method === 'HEAD') return show(link, res);
    if (req.method !== 'POST') return answer(res, 405, sayPage('Refused', 'Only looking and deciding.'));
    decide(link, req, res).catch(() =>
      res.headersSent ? res.destroy() : answer(res, 500, sayPage('Not decided', 'Something failed; nothing was decided.')),
    );
  });
  server.headersTimeout = 10_000;
  server.requestTimeout = 15_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        new SallyportError('conflict', `The listener of one-time links cannot listen on ${options.host}:${options.port} (${error.code}).`),
      ),
    );
    server.listen(options.port, options.host, resolve);
  });
  const { port } = server.address() as AddressInfo;
  base = (options.base ?? `https://${options.host.includes(':') ? `[${options.host}]` : options.host}:${port}`).replace(/\/$/, '');
  return {
    base,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function bodyOf(req: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of req as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BODY) throw new SallyportError('body_too_large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
