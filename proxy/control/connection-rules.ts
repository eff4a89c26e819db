import { type Connection, SallyportError } from '../contract/index.js';
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
  const scheme = reference.split(':', 1)[0];
  if (scheme === 'keychain' && !stored) {
    throw new SallyportError(
      'forbidden',
      'A keychain reference is made by giving the key itself, so that no connection can use the key of another.',
    );
  }
  if ((scheme === 'file' || scheme === 'command') && face !== 'socket') {
    throw new SallyportError(
      'forbidden',
      `A ${scheme}: reference is made only by \`sallyport connections add\` on this machine, or in settings.json.`,
    );
  }
  if (!['keychain', 'env', 'file', 'command', 'none'].includes(scheme ?? '')) {
    throw new SallyportError(
      'invalid',
      'A credential is `env:NAME`, `file:PATH`, `command:["argv",…]` or `none`; give `key` for the keychain.',
    );
  }
  if (scheme === 'command') {
    let argv: unknown;
    try {
      argv = JSON.parse(reference.slice('command:'.length));
    } catch {
      argv = undefined;
    }
    if (!Array.isArray(argv) || argv.length === 0 || argv.some((a) => typeof a !== 'string')) {
      throw new SallyportError('invalid', 'A command: reference is a JSON list of arguments, e.g. command:["pass","show","openai"].');
    }
  }
}
