/** Where a key comes from, read from its spelling in the settings. */
export type CredentialReference =
  | { kind: 'keychain'; name: string }
  | { kind: 'env'; name: string }
  | { kind: 'file'; path: string }
  | { kind: 'command'; argv: string[] }
  | { kind: 'none' };

/**
 * Reads `keychain:NAME`, `env:NAME`, `file:/PATH`, `command:["argv",…]` or `none`.
 * Returns a string that says what is wrong when the spelling is none of these.
 */
export function parseCredentialReference(reference: string): CredentialReference | string {
  if (reference === 'none') return { kind: 'none' };
  const colon = reference.indexOf(':');
  const kind = colon < 0 ? reference : reference.slice(0, colon);
  const rest = colon < 0 ? '' : reference.slice(colon + 1);
  switch (kind) {
    case 'keychain':
      return /^[A-Za-z0-9._/-]{1,120}$/.test(rest) ? { kind, name: rest } : 'keychain: needs a name of letters, digits and . _ / -';
    case 'env':
      return /^[A-Za-z_][A-Za-z0-9_]{0,120}$/.test(rest) ? { kind, name: rest } : 'env: needs the name of an environment variable';
    case 'file':
      return /^(\/|[A-Za-z]:[\\/])/.test(rest) && !rest.includes('\0') ? { kind, path: rest } : 'file: needs an absolute path';
    case 'command':
      return commandOf(rest);
    default:
      return 'must be keychain:NAME, env:NAME, file:/PATH, command:["program","argument",…] or none';
  }
}

/**
 * True for references that make this machine run a program or read a file (`command:`, `file:`). They may be written only in
 * local settings or by the CLI on this machine, never through the network.
 */
export function isLocalOnlyReference(reference: string): boolean {
  const parsed = parseCredentialReference(reference.trim());
  // What cannot be read is treated as the dangerous kind.
  return typeof parsed === 'string' || parsed.kind === 'command' || parsed.kind === 'file';
}

function commandOf(text: string): CredentialReference | string {
  const wrong = 'command: needs a JSON list of strings, program first: command:["pass","show","openai"]';
  let argv: unknown;
  try {
    argv = JSON.parse(text);
  } catch {
    return wrong;
  }
  if (!Array.isArray(argv) || argv.length === 0 || argv.length > 64) return wrong;
  if (!argv.every((word): word is string => typeof word === 'string' && !word.includes('\0')) || argv[0] === '') return wrong;
  return { kind: 'command', argv };
}
