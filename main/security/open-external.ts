/**
 * [15] The one guarded door to the system's browser. A hostile issuer or page could name a file, a program or a custom scheme; only
 * https addresses, and http on this computer for an identity provider that runs here, are ever opened.
 */
import { shell } from 'electron';

/** @throws Error when the address is not of a kind that may be opened */
export async function openExternal(address: string): Promise<void> {
  await shell.openExternal(checkExternal(address));
}

/** The normalised address. Exported for its test. */
export function checkExternal(address: string): string {
  const url = new URL(address);
  const local = ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname);
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && local)) throw new Error('Only https addresses are opened.');
  if (url.username !== '' || url.password !== '') throw new Error('Addresses with credentials are not opened.');
  return url.href;
}
