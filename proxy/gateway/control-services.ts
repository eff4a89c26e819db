/**
 * What the control API may do, made of the rooms. What an attacker could do here: nothing by itself; the control room asks for a person
 * before it calls what decides, reveals or changes, and each such act is a record.
 */
import type { ApprovalBroker } from '../approvals/index.js';
import { type Clock, type GatewayStatus, type RecordInput, SallyportError, type SecretStore } from '../contract/index.js';
import type { ControlServices } from '../control/types.js';
import type { Credentials } from '../credentials/index.js';
import type { Identity } from '../identity/index.js';
import { type createOriginals, exportSessions, forgetSession, type LedgerReader, type openLedger } from '../ledger/index.js';
import type { FreezeGate } from '../pipeline/index.js';
import type { PolicyStore } from '../policy/index.js';
import type { SettingsStore } from '../settings/index.js';
import type { Upstream } from '../upstream/index.js';
import { backup, restore } from './backup.js';
import type { Demo } from './demo.js';
import { diagnostics } from './diagnostics.js';
import type { Events } from './events.js';
import { ledgerActs } from './ledger-acts.js';
import { verifyActs } from './ledger-jobs.js';
import { reveal } from './reveal.js';
import { testConnection } from './test-connection.js';

export interface BehindControl {
  directory: string;
  clock: Clock;
  secrets: SecretStore;
  settings: SettingsStore;
  identity: Identity;
  credentials: Credentials;
  policies: PolicyStore;
  approvals: ApprovalBroker;
  ledger: Awaited<ReturnType<typeof openLedger>>;
  originals: Awaited<ReturnType<typeof createOriginals>>;
  reader: LedgerReader;
  /** Copies of the signed heads that can be read here. */
  headFiles: string[];
  upstream: Upstream;
  gate: FreezeGate;
  demo: Demo;
  events: Events;
  record(input: RecordInput): Promise<void>;
  /** Removes what the settings say is too old or too much. */
  retain(person: string, dryRun: boolean): ReturnType<ControlServices['acts']['retention']>;
  status(): GatewayStatus;
  shutdown(reason: string): void;
}

export function controlServices(b: BehindControl): ControlServices {
  const { directory, clock, secrets, settings, identity, credentials, policies, ledger, originals, reader, gate, demo, events, record } = b;
  return {
    settings,
    agents: identity.agents,
    persons: identity.persons,
    signIn: identity.signIn,
    credentials,
    policies,
    approvals: b.approvals,
    ledger: reader,
    acts: ledgerActs({
      record,
      verify: (input, o) => verifyActs(directory, secrets, input, o, b.headFiles),
      export: ({ originals: withOriginals, ...input }, person) =>
        exportSessions({
          ...input,
          directory,
          reader,
          secrets,
          clock,
          writer: ledger,
          ...(withOriginals ? { originals } : {}),
          ...(person ? { person: person.id } : {}),
        }),
      forget: (session, person) => forgetSession({ directory, writer: ledger, reader, session, person: person.id, originals }),
      retention: ({ dryRun }, person) => b.retain(person.id, dryRun),
      rebuildIndex: ({ onProgress }) => reader.rebuild!((p) => onProgress({ done: p.indexed, total: p.total })),
      labelsOf: async (session) => (await reader.session(session))?.labels,
      changed: (session) => events.emit({ type: 'session', session }),
    }),
    status: b.status,
    subscribe: (l) => events.subscribe(l),
    async freeze(person) {
      gate.freeze();
      await record({ kind: 'settings', meta: { what: 'frozen', person: person?.id ?? 'unknown' } });
    },
    async resume(person) {
      await record({ kind: 'settings', meta: { what: 'resumed', person: person.id } });
      gate.resume();
    },
    async drop(person) {
      await record({ kind: 'settings', meta: { what: 'dropped', person: person.id } });
      return gate.drop();
    },
    async setDoNotDisturb(on, person) {
      await settings.update((draft) => {
        draft.approvals.doNotDisturb = on;
      });
      await record({ kind: 'settings', meta: { what: 'do-not-disturb', on, person: person.id } });
    },
    async testConnection(name, signal) {
      const connection = settings.get().connections.find((c) => c.name === name);
      if (!connection) throw new SallyportError('not_found', `There is no connection "${name}".`);
      return testConnection(connection, credentials, b.upstream, signal);
    },
    demo: {
      state: () => ({ open: demo.workspace !== undefined, available: true }),
      open: () => demo.open(),
      close: () => demo.remove(),
    },
    reveal: (what, person) => reveal({ reader, originals: originals.enabled ? originals : undefined, record }, what, person),
    backup: (o, person) => backup({ settings, policies, secrets, publicKey: ledger.publicKey, now: clock.now }, o, person),
    restore: (input, person) => restore({ settings, policies, secrets, now: clock.now }, input, person),
    diagnostics: async () => diagnostics(b.status(), settings.get(), await credentials.keychainState()),
    shutdown: b.shutdown,
  };
}
