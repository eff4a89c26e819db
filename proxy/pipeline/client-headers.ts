import type { Exchange } from './exchange.js';
import type { Services } from './services.js';

/** Headers of the known SDKs: their values are names and versions of programs, not content. */
const KNOWN =
  /^(?:accept|content-type|content-length|user-agent|connection|host|authorization|x-api-key|api-key|accept-encoding|accept-language|sec-fetch-mode|anthropic-.*|openai-.*|x-stainless-.*|x-sallyport-.*|x-app|x-goog-api-client|transfer-encoding)$/;

/**
 * What a client puts into headers of its own leaves this machine too. A header in which a value is found is not forwarded; headers
 * cannot be masked without changing what they mean to the provider.
 */
export function checkClientHeaders(x: Exchange, s: Services): void {
  const raw = x.request.rawHeaders;
  let out: string[] | undefined;
  for (let i = 0; i < raw.length; i += 2) {
    const name = (raw[i] as string).toLowerCase();
    const value = raw[i + 1] as string;
    if (!KNOWN.test(name)) {
      const found = s
        .detector()
        .scanInline(value, { direction: 'request', role: 'other', kind: 'text', provenance: 'unknown', key: name })
        .filter((f) => f.category !== 'prompt' && !f.testValue);
      if (found.length > 0) {
        out ??= raw.slice(0, i);
        x.verdicts.push({
          action: 'mask',
          rule: 'builtin/header',
          sentence: `The header ${name.slice(0, 60)} held a value and was not sent.`,
          entities: found.map((f) => f.entity),
        });
        continue;
      }
    }
    out?.push(raw[i] as string, value);
  }
  x.rawHeaders = out ?? raw;
}
