import type { Settings } from '../contract/index.js';

/** A connection that names no origin for its credential was written by hand or is new: bound to where it points now. */
export function fillCredentialOrigins(settings: Settings): void {
  for (const connection of settings.connections) {
    if (connection.credential !== 'none') connection.credentialOrigin ??= connection.origin;
  }
}

/**
 * A key is bound to the origin that it was given for. When a change moves a connection elsewhere and does not itself say that
 * the credential was given again (a new reference, or `credentialOrigin` set to the new origin by whoever took the key), the
 * old binding stays, so that `credentials` refuses it with `credential_origin_changed`.
 */
export function keepCredentialOrigins(draft: Settings, previous: Settings): void {
  const before = new Map(previous.connections.map((connection) => [connection.name, connection]));
  for (const connection of draft.connections) {
    const old = before.get(connection.name);
    if (connection.credential === 'none') delete connection.credentialOrigin;
    else if (old === undefined || old.credential !== connection.credential) {
      if (connection.credentialOrigin === undefined || old?.credentialOrigin === connection.credentialOrigin) {
        connection.credentialOrigin = connection.origin;
      }
    } else if (connection.credentialOrigin === undefined && old.credentialOrigin !== undefined) {
      connection.credentialOrigin = old.credentialOrigin;
    }
  }
}
