/**
 * Backup and restore of settings and policies. What an attacker could do here: read keys out of a backup, or restore weaker rules. A
 * backup holds no provider key, ever; restoring needs a person, and every agent key hash stays what it was.
 */
import { createCipheriv, createDecipheriv, randomBytes, scryptSync } from 'node:crypto';
import { type Person, SallyportError, type SecretStore, type Settings } from '../contract/index.js';
import type { PolicyStore } from '../policy/index.js';
import type { SettingsStore } from '../settings/index.js';

interface BackupDocument {
  sallyport: 'backup';
  version: 1;
  madeAt: string;
  by: string;
  settings: Settings;
  policies: { name: string; source: string }[];
  publicKey?: string;
  /** Our own secrets, AES-256-GCM under scrypt(passphrase). */
  secrets?: { salt: string; iv: string; tag: string; data: string };
}

/** Names of our own secrets that a new machine needs to read old ledgers. */
const OWN_SECRETS = ['ledger-master-key', 'ledger-seal-key', 'vault-key'];

export interface BackupParts {
  settings: SettingsStore;
  policies: PolicyStore;
  secrets: SecretStore;
  publicKey?: string;
  now(): number;
}

export async function backup(
  parts: BackupParts,
  options: { passphrase?: string },
  person: Person,
): Promise<{ filename: string; document: BackupDocument }> {
  const madeAt = new Date(parts.now()).toISOString();
  const own = parts.policies.list().filter((p) => p.source === 'file');
  const document: BackupDocument = {
    sallyport: 'backup',
    version: 1,
    madeAt,
    by: person.name,
    settings: parts.settings.get(),
    policies: await Promise.all(own.map(async ({ name }) => ({ name, source: (await parts.policies.read(name)).source }))),
    ...(parts.publicKey ? { publicKey: parts.publicKey } : {}),
  };
  if (options.passphrase) {
    const values: Record<string, string> = {};
    for (const name of OWN_SECRETS) {
      const value = await parts.secrets.get(name).catch(() => undefined);
      if (value !== undefined) values[name] = value;
    }
    document.secrets = seal(JSON.stringify(values), options.passphrase);
  }
  return { filename: `sallyport-backup-${madeAt.slice(0, 10)}.json`, document };
}

export async function restore(
  parts: BackupParts,
  input: { document: unknown; passphrase?: string; dryRun?: boolean },
  person: Person,
): Promise<{ restored: string[]; missing: string[] }> {
  const document = input.document as BackupDocument;
  const whole =
    document?.sallyport === 'backup' &&
    document.version === 1 &&
    Array.isArray(document.settings?.connections) &&
    document.settings.connections.every((c) => typeof c?.credential === 'string') &&
    (document.policies === undefined || Array.isArray(document.policies));
  if (!whole) throw new SallyportError('invalid', 'This is not a backup of Sallyport.');
  const restored = ['settings', ...(document.policies ?? []).map((p) => `policy ${p.name}`)];
  const missing = document.settings.connections
    .filter((c) => c.credential.startsWith('keychain:'))
    .map(
      (c) =>
        `the key of the connection "${c.name}", where this keychain does not hold it: "Set key" under Connections, or sallyport connections set-key ${c.name}`,
    );
  const secrets =
    document.secrets && input.passphrase ? (JSON.parse(open(document.secrets, input.passphrase)) as Record<string, string>) : undefined;
  if (document.secrets && !secrets) missing.push('the keys of the old ledger (give the passphrase of the backup)');
  if (secrets) restored.push('keys of the ledger');
  if (input.dryRun) return { restored, missing };
  for (const { name, source } of document.policies ?? []) await parts.policies.save({ name, source, activate: false }, person);
  if (secrets) for (const [name, value] of Object.entries(secrets)) if (OWN_SECRETS.includes(name)) await parts.secrets.set(name, value);
  await parts.settings.update((draft) => {
    // What a network face may not bring in stays out of a restored file too.
    const safe = document.settings.connections.filter((c) => !/^(?:command|file):/.test(c.credential));
    for (const c of document.settings.connections)
      if (!safe.includes(c))
        missing.push(`the connection "${c.name}" (its credential is read from a file or command: add it on this machine)`);
    Object.assign(draft, { ...document.settings, connections: safe, version: draft.version });
  });
  return { restored, missing };
}

function seal(text: string, passphrase: string): NonNullable<BackupDocument['secrets']> {
  const salt = randomBytes(16);
  const iv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', scryptSync(passphrase, salt, 32, { N: 1 << 15, maxmem: 64 << 20 }), iv);
  const data = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  return {
    salt: salt.toString('base64url'),
    iv: iv.toString('base64url'),
    tag: cipher.getAuthTag().toString('base64url'),
    data: data.toString('base64url'),
  };
}

function open(box: NonNullable<BackupDocument['secrets']>, passphrase: string): string {
  try {
    const from = (s: string): Buffer => Buffer.from(s, 'base64url');
    const decipher = createDecipheriv(
      'aes-256-gcm',
      scryptSync(passphrase, from(box.salt), 32, { N: 1 << 15, maxmem: 64 << 20 }),
      from(box.iv),
    );
    decipher.setAuthTag(from(box.tag));
    return Buffer.concat([decipher.update(from(box.data)), decipher.final()]).toString('utf8');
  } catch (cause) {
    throw new SallyportError('invalid', 'The passphrase does not open this backup.', { cause });
  }
}
