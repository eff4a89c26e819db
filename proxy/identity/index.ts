/** Who makes a request, and which person stands behind a decision. */
export { type AuthenticatorOptions, createAuthenticator } from './authenticator.js';
export { CREDENTIAL_HEADERS, extractCredential } from './extract.js';
export type { SavedKeys } from './issuer-keys.js';
export { credentialHash, isAgentKey, newAgentKey, newId } from './keys.js';
export { type Identity, openIdentity } from './open.js';
export { type OwnerRecord, type Owners, openOwners, ownerStanding, type Standing } from './owners.js';
export { createPersons, type PersonRoom, type PersonsOptions } from './persons.js';
export { createAgentRegistry } from './registry.js';
export { authorizeScope, matchesGlob } from './scope.js';
export { type State, sealedFile } from './sealed-state.js';
export { sessionFaults } from './session-faults.js';
export { createSignIn, type SignIn, type SignInAttempt, type SignInOptions } from './sign-in.js';
export type { AgentRegistry, Authenticator, Persons } from './types.js';
