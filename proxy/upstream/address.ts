/**
 * Which addresses a connection may reach. A hostile or poisoned DNS answer could point a provider's name at this computer's metadata
 * service or another local one; so the answer is checked, and pinned for the life of the connection's pool.
 */
import { lookup as dnsLookup, type LookupAddress } from 'node:dns';
import { BlockList, isIP } from 'node:net';
import { type Connection, SallyportError } from '../contract/index.js';

const REFUSED = new BlockList();
for (const [net, bits] of [
  ['169.254.0.0', 16],
  ['0.0.0.0', 8],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
  // Cloud metadata outside of link-local: Alibaba, Azure wire server, Oracle.
  ['100.100.100.200', 32],
  ['168.63.129.16', 32],
  ['192.0.0.192', 32],
] as const)
  REFUSED.addSubnet(net, bits, 'ipv4');
for (const [net, bits] of [
  ['fe80::', 10],
  ['ff00::', 8],
  ['::', 128],
  // Cloud metadata: AWS (also its name server and the one of container roles), Google, Scaleway.
  ['fd00:ec2::', 32],
  ['fd20:ce::254', 128],
  ['fd00:42::42', 128],
] as const)
  REFUSED.addSubnet(net, bits, 'ipv6');
const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4');
LOOPBACK.addAddress('::1', 'ipv6');

/** Is this address allowed for a host of that name? `allowPrivate` is the connection's own setting. */
export function addressAllowed(hostname: string, address: string, allowPrivate: boolean): boolean {
  if (allowPrivate) return true;
  // A name other than localhost that resolves to this computer is a rebinding; a literal was named by the person.
  const ownAllowed = isIP(hostname) !== 0 || hostname === 'localhost' || hostname.endsWith('.localhost');
  return [address, ...embeddedIn(address)].every((one) => {
    const family = isIP(one) === 6 ? 'ipv6' : 'ipv4';
    return !REFUSED.check(one, family) && (ownAllowed || !LOOPBACK.check(one, family));
  });
}

/**
 * IPv6 prefixes, and at which of the address's eight groups the two stand that hold an IPv4 address. A BlockList sees through mapped
 * ones (RFC 4291 §2.5.5.2) itself.
 */
const EMBEDDING: [prefix: string, bits: number, high: number, low: number][] = [
  ['::', 96, 6, 7], // compatible: RFC 4291 §2.5.5.1
  ['::ffff:0:0:0', 96, 6, 7], // translated: RFC 2765 §2.1
  ['64:ff9b::', 96, 6, 7], // NAT64: RFC 6052 §2.1
  ['64:ff9b:1::', 48, 6, 7], // NAT64 of the network's own: RFC 8215
  ['2002::', 16, 1, 2], // 6to4: RFC 3056 §2
];

/** What a translator or tunnel on the way would make of this IPv6 address. */
function embeddedIn(address: string): string[] {
  if (isIP(address) !== 6 || address === '::1') return [];
  const [groups, found] = [groupsOf(address), [] as string[]];
  for (const [prefix, bits, high, low] of EMBEDDING) {
    const begin = groupsOf(prefix);
    if (!begin.slice(0, bits / 16).every((group, i) => group === groups[i])) continue;
    const [a, b] = [groups[high] as number, groups[low] as number];
    found.push(`${a >> 8}.${a & 255}.${b >> 8}.${b & 255}`);
  }
  return found;
}

/** The eight numbers of an IPv6 address; the URL parser knows every spelling (RFC 5952 is what it writes). */
function groupsOf(address: string): number[] {
  const [left = '', right] = new URL(`http://[${address.replace(/%.*/, '')}]`).hostname.slice(1, -1).split('::');
  const numbers = (side: string | undefined): number[] => (side ? side.split(':').map((group) => Number.parseInt(group, 16)) : []);
  const [before, after] = [numbers(left), numbers(right)];
  return [...before, ...new Array<number>(8 - before.length - after.length).fill(0), ...after];
}

/** node asks no `lookup` for an origin that is written as an address. @throws SallyportError upstream_address_refused */
export function checkOrigin({ name, origin, allowPrivateAddress }: Connection): void {
  const literal = new URL(origin).hostname.replace(/^\[|\]$/g, '');
  if (isIP(literal) !== 0 && !addressAllowed(literal, literal, allowPrivateAddress === true))
    throw new SallyportError(
      'upstream_address_refused',
      `${origin} is a link-local or metadata address. Set allowPrivateAddress on the connection "${name}" if that is intended.`,
    );
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
