import type { ControlServices, FirstRunState } from './types.js';

/** What the first-run way of the console shows; `firstRequestSeen` counts recorded sessions of other than the demo's making. */
export async function firstRunState(services: ControlServices): Promise<FirstRunState> {
  const settings = services.settings.get();
  const [keychain, sessions] = await Promise.all([services.credentials.keychainState(), services.ledger.sessions({ limit: 1 })]);
  const person = services.persons.current() !== undefined;
  const connections = settings.connections.filter((c) => c.demo !== true).length;
  const agents = services.agents.list().filter((a) => a.demo !== true && a.revokedAt === undefined).length;
  const firstRequestSeen = sessions.total > 0;
  return {
    person,
    passphraseSet: services.persons.hasPassphrase(),
    issuers: settings.issuers.length,
    connections,
    agents,
    firstRequestSeen,
    demo: services.demo.state().open,
    keychain,
    done: connections > 0 && agents > 0 && firstRequestSeen,
  };
}
