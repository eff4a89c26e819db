import type { Findings } from './findings.js';
import { isMetadata, isPaste, isRawAddress } from './hosts.js';

const PRIVATE_NETWORK = /^(?:10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.)/;

/** Judges whom a tool or a program talks to by the host alone. `drops`: anybody can drop data there. False when the host says nothing. */
export function talksTo(host: string, f: Findings, drops = isPaste(host)): boolean {
  f.fact('network', host);
  if (isMetadata(host))
    f.risk('secret-read', 'network/metadata', 'risky', `Asks the cloud's metadata service, which hands out credentials: ${host}`, host);
  else if (drops) f.risk('network-send', 'network/drop', 'risky', `Talks to ${host}, a place to drop data`, host);
  else if (isRawAddress(host) && !PRIVATE_NETWORK.test(host))
    f.risk('network-send', 'network/raw-address', 'risky', `Talks to the bare address ${host}`, host);
  else return false;
  return true;
}
