import { SallyportError } from '../contract/index.js';
import type { ControlServices } from './types.js';

export interface Check {
  id: string;
  ok: boolean;
  message: string;
  advice?: string;
}

/** What the gateway knows about its own health. The CLI's doctor adds what it finds in projects and shells. */
export async function doctorChecks(services: ControlServices): Promise<Check[]> {
  const status = services.status();
  const settings = services.settings.get();
  const checks: Check[] = [];
  checks.push(
    status.recording.ok
      ? { id: 'recording', ok: true, message: 'Every exchange is recorded.' }
      : {
          id: 'recording',
          ok: false,
          message: `Nothing can be recorded: ${status.recording.reason ?? 'unknown reason'}. Requests are refused.`,
          advice: 'Free space on the disk of the data directory or make it writable; recording resumes by itself.',
        },
  );
  checks.push(
    status.recording.protectedKeys
      ? { id: 'seal-key', ok: true, message: 'The seal key is protected.' }
      : {
          id: 'seal-key',
          ok: false,
          message: 'The seal key lies in a file without protection: who can read it can forge seals.',
          advice: 'Use the OS keychain, a systemd credential, or start `sallyport serve` with --passphrase.',
        },
  );
  const keychain = await services.credentials.keychainState();
  checks.push({
    id: 'keychain',
    ok: keychain.state === 'unlocked',
    message: `The OS keychain is ${keychain.state}.`,
    ...(keychain.advice === undefined ? {} : { advice: keychain.advice }),
  });
  if (services.settings.problem !== undefined) {
    checks.push({
      id: 'settings',
      ok: false,
      message: services.settings.problem,
      advice: 'The last good copy is in use; correct settings.json.',
    });
  }
  for (const connection of settings.connections) {
    checks.push(await connectionCheck(services, connection.name));
  }
  for (const fault of status.faults) checks.push({ id: fault.code, ok: false, message: fault.message });
  return checks;
}

async function connectionCheck(services: ControlServices, name: string): Promise<Check> {
  const connection = services.settings.get().connections.find((c) => c.name === name)!;
  const id = `connection:${name}`;
  if (connection.credential === 'none') return { id, ok: true, message: `${name} needs no key.` };
  try {
    await services.credentials.resolve(connection);
    return { id, ok: true, message: `The key of ${name} can be read.` };
  } catch (error) {
    const message = error instanceof SallyportError ? error.message : `The key of ${name} cannot be read.`;
    return { id, ok: false, message, advice: `sallyport connections set-key ${name}` };
  }
}
