/**
 * Telling a webhook that something waits. Off unless a URL is configured. What an attacker could do here: forge a call (it is signed),
 * replay one (the time is in the signature), make a link preview decide (opening a link only shows; a POST with the same token and a
 * person's capability decides), or learn content (what is sent is the masked summary, without texts).
 */
import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { type Approval, type Clock, SallyportError } from '../contract/index.js';

export interface WebhookOptions {
  /** https, or http on loopback. */
  url: string;
  /** Shared secret of at least 16 bytes. */
  secret: Uint8Array;
  clock: Clock;
  fetch?: typeof fetch;
  /** Only on a team listener with TLS: the base of one-time links. */
  links?(): { base: string; issue(approvalId: string): string } | undefined;
  timeoutMs?: number;
  onError?(error: unknown): void;
}

const loopback = (host: string) => host === 'localhost' || host === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(host);

/** `t=<unix seconds>,v1=<hex HMAC-SHA256 of "t.body">`: the form that receivers know from other webhooks. */
export function signWebhook(secret: Uint8Array, seconds: number, body: string): string {
  return `t=${seconds},v1=${createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex')}`;
}

/** Checks a signature that is at most `toleranceSeconds` old. For receivers and tests. */
export function verifyWebhook(secret: Uint8Array, header: string, body: string, nowSeconds: number, toleranceSeconds = 300): boolean {
  const m = /^t=(\d{1,12}),v1=([0-9a-f]{64})$/.exec(header);
  if (!m || Math.abs(nowSeconds - Number(m[1])) > toleranceSeconds) return false;
  const expected = createHmac('sha256', secret).update(`${m[1]}.${body}`).digest();
  return timingSafeEqual(expected, Buffer.from(m[2]!, 'hex'));
}

/** What a webhook is told: who, what kind, which rules, until when. No text of the content. */
export function webhookBody(approval: Approval, link?: string): string {
  const { id, state, kind, agent, connection, destination, model, operation, code, createdAt, expiresAt } = approval;
  return JSON.stringify({
    type: 'approval',
    approval: {
      id,
      state,
      kind,
      agent: { name: agent.name },
      connection,
      destination,
      ...(model === undefined ? {} : { model }),
      operation,
      ...(approval.tool ? { tool: approval.tool.name, risks: approval.tool.risks.map((r) => r.id) } : {}),
      rules: [...new Set(approval.verdicts.map((v) => v.rule))],
      code,
      createdAt,
      expiresAt,
    },
    ...(link === undefined ? {} : { link }),
  });
}

/** @throws SallyportError invalid: the URL or the secret is not acceptable */
export function createWebhook(options: WebhookOptions): { notify(approval: Approval): Promise<boolean> } {
  const url = URL.canParse(options.url) ? new URL(options.url) : undefined;
  if (!url || (url.protocol !== 'https:' && !(url.protocol === 'http:' && loopback(url.hostname))) || url.username !== '')
    throw new SallyportError('invalid', 'A webhook is an https address without user name (http only on this computer)');
  if (options.secret.byteLength < 16) throw new SallyportError('invalid', 'The secret of a webhook has at least 16 bytes');
  const send = options.fetch ?? fetch;
  return {
    async notify(approval) {
      const links = approval.state === 'pending' ? options.links?.() : undefined;
      const link = links && `${links.base}/a/${links.issue(approval.id)}`;
      const body = webhookBody(approval, link);
      const signature = signWebhook(options.secret, Math.floor(options.clock.now() / 1000), body);
      try {
        const answer = await send(url, {
          method: 'POST',
          redirect: 'manual',
          headers: { 'content-type': 'application/json', 'x-sallyport-signature': signature },
          body,
          signal: AbortSignal.timeout(options.timeoutMs ?? 5000),
        });
        await answer.body?.cancel();
        return answer.ok;
      } catch (e) {
        options.onError?.(e);
        return false;
      }
    },
  };
}

/** One-time links: only hashes are kept; `show` may be called any number of times, `take` (for a POST) once. */
export function createLinks(clock: Clock, ttlMs = 30 * 60_000) {
  const links = new Map<string, { approval: string; until: number }>();
  const hash = (token: string) => createHash('sha256').update(token).digest('base64url');
  const live = (token: string) => {
    const link = links.get(hash(token));
    return link && clock.monotonic() < link.until ? link : undefined;
  };
  return {
    issue(approval: string): string {
      for (const [key, link] of links) if (clock.monotonic() >= link.until) links.delete(key);
      const token = randomBytes(24).toString('base64url');
      links.set(hash(token), { approval, until: clock.monotonic() + ttlMs });
      return token;
    },
    show: (token: string): string | undefined => live(token)?.approval,
    take(token: string): string | undefined {
      const link = live(token);
      links.delete(hash(token));
      return link?.approval;
    },
  };
}
