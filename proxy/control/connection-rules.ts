import { type Connection, SallyportError } from '../contract/index.js';
import { isLocalOnlyReference, parseCredentialReference } from '../settings/index.js';
import type { Face } from './route.js';
import type { ControlServices } from './types.js';

/**
 * A connection as the API shows it. The values of headers that are set may be credentials of their own, and arguments of a command may
 * hold some; both are shown by name only.
 */
export function connectionView(connection: Connection): Connection & { needsKey: boolean } {
  const { headers, ...rest } = connection;
  return {
    ...rest,
    credential: shownReference(connection.credential),
    ...(headers === undefined
      ? {}
      : {
          headers: {
            ...headers,
            ...(headers.set === undefined ? {} : { set: Object.fromEntries(Object.keys(headers.set).map((name) => [name, '(set)'])) }),
          },
        }),
    needsKey: connection.credential !== 'none' && connection.credentialOrigin !== connection.origin,
  };
}

/** `command:["op","read",…]` → `command:op …`; the rest as it is. */
export function shownReference(reference: string): string {
  if (!reference.startsWith('command:')) return reference;
  try {
    const argv = JSON.parse(reference.slice('command:'.length)) as unknown;
    return Array.isArray(argv) && typeof argv[0] === 'string' ? `command:${argv[0]} …` : 'command:…';
  } catch {
    return 'command:…';
  }
}

/** @throws SallyportError not_found */
export function findConnection(services: ControlServices, name: string): Connection {
  const connection = services.settings.get().connections.find((c) => c.name === name);
  if (connection === undefined) throw new SallyportError('not_found', `No connection "${name}".`);
  return connection;
}

/**
 * Which references may be made through which face: `file:` and `command:` name things of this machine and are made only by the CLI on
 * it; a `keychain:` reference is made only by giving the key, so that no connection can be pointed at another's key.
 * @throws SallyportError forbidden, invalid
 */
export function credentialAllowed(reference: string, face: Face, stored: boolean): void {
  const parsed = parseCredentialReference(reference);
  if (typeof parsed === 'string') throw new SallyportError('invalid', `The credential ${parsed}.`);
  if (parsed.kind === 'keychain' && !stored) {
    throw new SallyportError(
      'forbidden',
      'A keychain reference is made by giving the key itself, so that no connection can use the key of another.',
    );
  }
  if (isLocalOnlyReference(reference) && face !== 'socket') {
    throw new SallyportError(
      'forbidden',
      `A ${parsed.kind}: reference is made only by \`sallyport connections add\` on this machine, or in settings.json.`,
    );
  }
}
