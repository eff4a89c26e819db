/**
 * [15] The one guarded door to the system's browser. A hostile issuer or page could name a file, a program or a custom scheme; only
 * https addresses, and http on this computer for an identity provider that runs here, are ever opened.
 */
import { shell } from 'electron';
import { checkExternal } from './external-link.js';

/** @throws Error when the address is not of a kind that may be opened */
export async function openExternal(address: string): Promise<void> {
  await shell.openExternal(checkExternal(address));
}
