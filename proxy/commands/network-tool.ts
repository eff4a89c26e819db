import type { ReadCall } from './classify.js';
import { talksTo } from './destination.js';
import type { Findings } from './findings.js';
import { hostOf } from './hosts.js';
import { isSecretFile, type Place } from './paths.js';

/** A Sallyport placeholder: TYPE_code (8 or more base32 characters). */
export const PLACEHOLDER = /\b[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*_[a-z2-7]{8,}\b/;

/** Judges a network tool by whom it talks to and what it carries. */
export function readNetworkTool(call: ReadCall, f: Findings, place: Place): void {
  for (const url of call.urls) {
    const host = hostOf(url);
    if (/^file:\/\//i.test(url) && isSecretFile(url.slice(7), place))
      f.risk('secret-read', 'network/secret-file', 'risky', `Reads ${url}`, url);
    if (host === undefined) continue;
    talksTo(host, f);
    if (/[?&][^=]*=(?:[A-Za-z0-9+/]{120,}|[0-9a-f]{120,})/.test(url))
      f.risk('network-send', 'network/long-query', 'risky', `Carries much data in the address of ${host}`, host);
  }
  const carried = [...call.bodies, ...call.urls];
  if (carried.some((t) => PLACEHOLDER.test(t)))
    f.risk('network-send', 'network/placeholder', 'risky', 'Would carry a masked value out of this machine');
  if (
    call.toolClass === 'network' &&
    call.bodies.some((b) => isSecretFile(b.trim().slice(0, 200), place) || /-----BEGIN [A-Z ]*PRIVATE KEY/.test(b))
  )
    f.risk('network-send', 'network/secret-send', 'catastrophic', 'Sends credentials');
  if (call.toolClass === 'network' && call.allStrings.some((s) => /^[~/][\w./-]+$/.test(s) && isSecretFile(s, place)))
    f.risk('network-send', 'network/secret-send', 'catastrophic', 'Sends a file that holds credentials');
}
