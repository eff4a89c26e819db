/**
 * Which addresses a connection may reach. A hostile or poisoned DNS answer could point a provider's name at this computer's metadata
 * service or another local one; so the answer is checked, and pinned for the life of the connection's pool.
 */
import { lookup as dnsLookup, type LookupAddress } from 'node:dns';
import { BlockList, isIP } from 'node:net';
import { SallyportError } from '../contract/index.js';

const REFUSED = new BlockList();
for (const [net, bits] of [
  ['169.254.0.0', 16],
  ['0.0.0.0', 8],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
] as const)
  REFUSED.addSubnet(net, bits, 'ipv4');
for (const [net, bits] of [
  ['fe80::', 10],
  ['ff00::', 8],
  ['::', 128],
] as const)
  REFUSED.addSubnet(net, bits, 'ipv6');
// Cloud metadata outside of link-local: Alibaba, Azure wire server, AWS on IPv6, Oracle.
REFUSED.addAddress('100.100.100.200', 'ipv4');
REFUSED.addAddress('168.63.129.16', 'ipv4');
REFUSED.addAddress('192.0.0.192', 'ipv4');
REFUSED.addAddress('fd00:ec2::254', 'ipv6');
const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4');
LOOPBACK.addAddress('::1', 'ipv6');

/** Is this address allowed for a host of that name? `allowPrivate` is the connection's own setting. */
export function addressAllowed(hostname: string, address: string, allowPrivate: boolean): boolean {
  if (allowPrivate) return true;
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1] ?? address;
  const family = isIP(mapped) === 6 ? 'ipv6' : 'ipv4';
  if (REFUSED.check(mapped, family)) return false;
  // A name other than localhost that resolves to this computer is a rebinding; a literal was named by the person.
  return !LOOPBACK.check(mapped, family) || isIP(hostname) !== 0 || hostname === 'localhost' || hostname.endsWith('.localhost');
}

type LookupCallback = (error: Error | null, address: string | LookupAddress[], family?: number) => void;

/** A `lookup` for net.connect that checks every answer and keeps the first good one. */
export function pinnedLookup(allowPrivate: boolean): {
  lookup(hostname: string, options: { all?: boolean }, callback: LookupCallback): void;
  forget(): void;
} {
  const pinned = new Map<string, LookupAddress[]>();
  const answer = (found: LookupAddress[], all: boolean | undefined, callback: LookupCallback): void => {
    if (all) callback(null, found);
    else callback(null, (found[0] as LookupAddress).address, (found[0] as LookupAddress).family);
  };
  return {
    lookup(hostname, options, callback) {
      const known = pinned.get(hostname);
      if (known) return answer(known, options.all, callback);
      dnsLookup(hostname, { all: true }, (error, addresses) => {
        if (error) return callback(error, '');
        const good = addresses.filter((a) => addressAllowed(hostname, a.address, allowPrivate));
        if (good.length === 0)
          return callback(
            new SallyportError(
              'upstream_address_refused',
              `${hostname} resolves to an address that connections may not reach. Set allowPrivateAddress on the connection if that is intended.`,
            ),
            '',
          );
        pinned.set(hostname, good);
        answer(good, options.all, callback);
      });
    },
    /** After a failed connection the next one may look the name up again. */
    forget() {
      pinned.clear();
    },
  };
}
