/**
 * The administrator's policy. What an attacker could do here: put a file of his own at the path, weaken it, or take it away.
 * The default paths can only be written by an administrator; a configured public key makes any other content refused; a file that
 * is configured and missing, unreadable or wrongly signed means that everything is blocked, never that the user's rules hold.
 */
import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';

export interface ManagedSource {
  path: string;
  source: string;
  signed: boolean;
}

/** Where an administrator puts the file when nothing is configured. */
export function managedPathOf(platform: NodeJS.Platform, env: Record<string, string | undefined>): string {
  if (platform === 'win32') return `${env['ProgramData'] ?? 'C:\\ProgramData'}\\Sallyport\\policy.yaml`;
  if (platform === 'darwin') return '/Library/Application Support/Sallyport/policy.yaml';
  return '/etc/sallyport/policy.yaml';
}

const SPKI_ED25519 = Buffer.from('302a300506032b6570032100', 'hex');

function publicKeyOf(text: string): KeyObject {
  if (text.includes('BEGIN')) return createPublicKey(text);
  const raw = Buffer.from(text.trim(), 'base64');
  return createPublicKey({ key: raw.length === 32 ? Buffer.concat([SPKI_ED25519, raw]) : raw, format: 'der', type: 'spki' });
}

/**
 * Reads the managed policy, and checks its Ed25519 signature (`<path>.sig`, base64, over the exact bytes) where a public key
 * (base64 of the 32 bytes, SPKI base64, or PEM) is configured.
 * @returns undefined when nothing is configured and no file stands at the default path
 * @throws Error with a sentence for people
 */
export function readManaged(
  configured: { path: string; publicKey?: string } | undefined,
  defaultPath: string | null,
): ManagedSource | undefined {
  const path = configured?.path ?? defaultPath;
  if (path === null || (!configured && !existsSync(path))) return undefined;
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (e) {
    throw new Error(`The managed policy ${path} cannot be read (${(e as NodeJS.ErrnoException).code ?? 'error'})`);
  }
  if (configured?.publicKey === undefined) return { path, source: bytes.toString('utf8'), signed: false };
  let good = false;
  try {
    const signature = Buffer.from(readFileSync(`${path}.sig`, 'utf8').trim(), 'base64');
    good = signature.length === 64 && verify(null, bytes, publicKeyOf(configured.publicKey), signature);
  } catch (e) {
    throw new Error(
      `The signature of the managed policy (${path}.sig) cannot be checked (${(e as NodeJS.ErrnoException).code ?? 'bad key or signature'})`,
    );
  }
  if (!good) throw new Error(`The signature of the managed policy ${path} is not valid`);
  return { path, source: bytes.toString('utf8'), signed: true };
}
