/**
 * The composition: which room gets what. Nothing is decided here; reading it top to bottom says what the gateway is made of.
 */
import { userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createBroker, createBudgets } from '../approvals/index.js';
import { createCommandReader } from '../commands/index.js';
import { type Clock, type RecordInput, SallyportError } from '../contract/index.js';
import { createControl, listenControl, serveConsole } from '../control/index.js';
import type { ConsoleServer, ControlServer, ControlServices } from '../control/types.js';
import { createCredentials, createSecretStore } from '../credentials/index.js';
import { type DemoWorkspace, openDemoWorkspace, removeDemoWorkspace } from '../demo/index.js';
import { createDetector, warmNames, warmPrompts } from '../detect/index.js';
import type { Detector } from '../detect/types.js';
import { openIdentity, sessionFaults } from '../identity/index.js';
import {
  applyRetention,
  createOriginals,
  exportSessions,
  forgetSession,
  headCopies,
  openLedger,
  openReader,
  readExchanges,
} from '../ledger/index.js';
import { createListener, type Listener } from '../listener/index.js';
import { append, createFreezeGate, createGrowing, createSessionBook, pass, refuseEarly, type Services } from '../pipeline/index.js';
import { openPolicies } from '../policy/index.js';
import { openSettings } from '../settings/index.js';
import { createUpstream } from '../upstream/index.js';
import { ApprovalLinks } from './approval-links.js';
import { backtestAside } from './backtest-aside.js';
import { backup, restore } from './backup.js';
import { diagnostics } from './diagnostics.js';
import { Events } from './events.js';
import { agentShapes, personOf, protectedTargets } from './facts.js';
import { ledgerActs } from './ledger-acts.js';
import { verifyActs } from './ledger-jobs.js';
import { openApprovals } from './open-approvals.js';
import type { Gateway, GatewayOptions, GatewayPorts } from './options.js';
import { followOtlp } from './otlp.js';
import { personSession } from './person-session.js';
import { recordedSource } from './recorded.js';
import { reveal } from './reveal.js';
import { Faults, statusOf } from './status.js';
import { testConnection } from './test-connection.js';
import { followWebhook } from './webhook.js';

export type { Gateway, GatewayOptions, GatewayPorts } from './options.js';

const systemClock: Clock = { now: () => Date.now(), monotonic: () => performance.now() };

/** Builds everything and opens the ledger; nothing listens before `start`. @throws SallyportError invalid, conflict, keychain_unavailable */
export async function createGateway(options: GatewayOptions, ports: GatewayPorts = {}): Promise<Gateway> {
  const { directory, version } = options;
  const clock = ports.clock ?? systemClock;
  const log = options.log ?? (() => {});
  const events = new Events();
  const settings = await openSettings(directory);
  const secrets = ports.secrets ?? (await createSecretStore({ directory, env: process.env, consent: consentOf(process.env) }));
  /** A fault may be found while the rooms are still being built: there is nobody to tell then, and no status yet. */
  let built = false;
  const faults = new Faults(clock.now, () => {
    if (built) events.emit({ type: 'status', status: status() });
  });
  const noteSettings = (): void => (settings.problem ? faults.set('settings', settings.problem) : faults.clear('settings'));
  noteSettings();

  // Who may pass, and who may decide.
  const identity = await openIdentity({
    settings,
    secrets,
    clock,
    localName: userInfo().username,
    ...(options.personByHost ? { firstNeedsPerson: true } : {}),
  });
  const { authenticator, agents, persons } = identity;
  // Signed in, signed out, or ended by the identity provider: whoever shows it asks again.
  identity.owners.onChange(() => events.emit({ type: 'status', status: status() }));
  const credentials = createCredentials({
    settings,
    secrets,
    clock,
    ...(ports.keychainState ? { keychainState: () => Promise.resolve(ports.keychainState!.state) } : {}),
  });

  // What is recorded.
  const { segmentBytes, heads } = settings.get().ledger;
  const onHeadProblem = (problem: string | undefined): void =>
    problem === undefined ? faults.clear('heads') : faults.set('heads', `Recording goes on, but ${problem} (settings: ledger.heads).`);
  const ledger = await openLedger({ directory, secrets, clock, segmentBytes, heads, onHeadProblem });
  const originals = await createOriginals({ directory, secrets, clock });
  const reader = await openReader({ directory, secrets });
  const otlp = followOtlp({ reader, clock, settings, events, faults });
  const record = (input: RecordInput): Promise<void> => append({ ledger }, [input]);
  ledger.onHealth((health) => {
    if (health.ok) faults.clear('not_recording');
    else
      faults.set(
        'not_recording',
        `The ledger cannot be written${health.reason ? ` (${health.reason})` : ''}; every request is refused until it can.`,
      );
  });

  // What is found, and what is said about it.
  const commands = createCommandReader();
  let detector: Detector = makeDetector();
  function makeDetector(): Detector {
    const { detection, limits } = settings.get();
    return createDetector({ ...detection, maxScan: limits.scanBytes, workers: options.workers ?? 1 });
  }
  let detection = JSON.stringify([settings.get().detection, settings.get().limits.scanBytes]);
  settings.onChange((now) => {
    const next = JSON.stringify([now.detection, now.limits.scanBytes]);
    if (next !== detection) {
      detection = next;
      const old = detector;
      detector = makeDetector();
      setTimeout(() => void old.close(), 60_000).unref();
    }
    noteSettings();
    events.emit({ type: 'settings' });
    events.emit({ type: 'status', status: status() });
  });
  const policies = await openPolicies({
    directory,
    settings,
    readers: {
      scan: (text, context) => detector.scanInline(text, context),
      readTool: (name, args) => commands.read(name, args, { protectedTargets: [] }),
    },
    recorded: recordedSource(reader, (o) => readExchanges({ directory, secrets, ...o })),
    backtest: (draft, input, o) => backtestAside({ directory, secrets }, draft, input, o),
    onRecord: (meta) => record({ kind: 'policy', meta }),
  });
  const before = await openApprovals(directory, secrets, clock.now);
  const approvals = createBroker({
    clock,
    onRecord: (records) => append({ ledger }, records),
    leftOver: before.leftOver,
    grants: before.grants,
  });
  before.follow(approvals);
  approvals.onChange((approval) => events.emit({ type: 'approval', approval }));
  const links = new ApprovalLinks({
    approvals,
    clock,
    faults,
    onAttempt(what) {
      events.emit({ type: 'attempt', what, at: new Date(clock.now()).toISOString() });
      void record({ kind: 'attempt', meta: { what, face: 'link' } }).catch(() => {});
    },
  });
  followWebhook(
    approvals,
    () => settings.get().approvals.webhook,
    clock,
    faults,
    () => links.links,
  );
  policies.onChange((policy) => approvals.invalidate({ policyRevision: policy.revision }));
  // An approval was given for an agent as it was: a changed scope, group or key makes what is pending void.
  let known = agentShapes(settings.get());
  settings.onChange((now) => {
    const next = agentShapes(now);
    for (const [agentId, shape] of known) if (next.get(agentId) !== shape) approvals.invalidate({ agentId });
    known = next;
  });
  const budgets = createBudgets({ clock, budgets: () => settings.get().budgets });

  // How it passes.
  const gate = createFreezeGate();
  const sessions = createSessionBook();
  const upstream = createUpstream();
  const services: Services = {
    settings: () => settings.get(),
    authenticator,
    policy: () => policies.current(),
    detector: () => detector,
    commands,
    ledger,
    ...(originals.enabled ? { originals } : {}),
    approvals,
    budgets: {
      reached: (agentId) => budgets.reached(agentId),
      lift: (agentId, budgetId) => budgets.extend(budgetId, agentId),
      count(agentId, { model, requests: _, ...usage }) {
        budgets.begin(agentId);
        budgets.spend(agentId, model, usage);
      },
    },
    credentials,
    upstream,
    sessions,
    growing: createGrowing(),
    gate,
    clock,
    emit: (event) => events.emit(event),
    fault(error) {
      const name = error instanceof Error ? (error.stack ?? error.message) : String(error);
      log(`internal: ${name}`);
      faults.set('internal', 'Something in the gateway failed; the request was refused. See the log.');
    },
    protectedTargets: protectedTargets(directory, settings.get()),
    holdScale: options.holdScale ?? 1,
  };

  let state: 'starting' | 'listening' | 'stopping' | 'stopped' = 'starting';
  let address = { host: settings.get().listen.host, port: 0, baseUrl: '' };
  const withPort = () =>
    options.port === undefined ? settings.get() : { ...settings.get(), listen: { ...settings.get().listen, port: options.port } };
  const listener: Listener = createListener(
    withPort,
    (arrival) => {
      if (state !== 'listening') refuseEarly(services, new SallyportError('shutting_down'), arrival.request, arrival.response);
      else void pass(arrival, services);
    },
    (error, request, response) => refuseEarly(services, error, request, response),
  );
  let demo: DemoWorkspace | undefined;
  function status() {
    return statusOf({
      state,
      version,
      baseUrl: address.baseUrl,
      active: sessions.openExchanges,
      pending: approvals.list({ state: 'pending' }).length,
      frozen: gate.frozen,
      settings: settings.get(),
      recording: ledger.health,
      secrets: { kind: secrets.kind, protected: secrets.protected },
      policy: (({ preset, revision, managed }) => ({ preset, revision, managed }))(policies.current()),
      ...personOf(persons),
      demo: settings.get().connections.some((c) => c.demo),
      faults: [...faults.list(), ...sessionFaults(identity.signIn.states(), settings.get())],
      ...(settings.get().ledger.otlp ? { otlp: otlp.counts() } : {}),
    });
  }

  // The faces: socket for desktop and CLI, a loopback port for a browser.
  const controlServices: ControlServices = {
    settings,
    agents,
    persons,
    signIn: identity.signIn,
    credentials,
    policies,
    approvals,
    ledger: reader,
    acts: ledgerActs({
      record,
      verify: (input, o) => verifyActs(directory, secrets, input, o, headCopies(heads)),
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
      retention: ({ dryRun }, person) => retain(person.id, dryRun),
      rebuildIndex: ({ onProgress }) => reader.rebuild!((p) => onProgress({ done: p.indexed, total: p.total })),
      labelsOf: async (session) => (await reader.session(session))?.labels,
      changed: (session) => events.emit({ type: 'session', session }),
    }),
    status,
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
      return testConnection(connection, credentials, upstream, signal);
    },
    demo: {
      state: () => ({ open: demo !== undefined, available: true }),
      open: async () => {
        demo ??= await openDemo();
      },
      close: async () => {
        await demo?.close();
        demo = undefined;
        await removeDemoWorkspace({ settings, agents });
      },
    },
    reveal: (what, person) => reveal({ reader, originals: originals.enabled ? originals : undefined, record }, what, person),
    backup: (o, person) => backup({ settings, policies, secrets, publicKey: ledger.publicKey, now: clock.now }, o, person),
    restore: (input, person) => restore({ settings, policies, secrets, now: clock.now }, input, person),
    diagnostics: async () => diagnostics(status(), settings.get(), await credentials.keychainState()),
    shutdown(reason) {
      log(`stopping: ${reason}`);
      void stop();
    },
  };
  gate.onChange(() => events.emit({ type: 'status', status: status() }));
  const control = createControl(controlServices, {
    version,
    consoleDirectory: join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'renderer'),
    onError: (error, where) => log(`control: ${where}: ${error instanceof Error ? error.message : String(error)}`),
  });
  let controlServer: ControlServer | undefined;
  let consoleServer: ConsoleServer | undefined;

  /** Removes what the settings say is too old or too much, by a person's word or once a day. */
  function retain(person: string, dryRun: boolean) {
    return applyRetention({ directory, writer: ledger, reader, originals, policy: settings.get().ledger.retention, clock, person, dryRun });
  }
  let daily: NodeJS.Timeout | undefined;

  function openDemo(): Promise<DemoWorkspace> {
    return openDemoWorkspace({ settings, agents });
  }

  async function start(): Promise<void> {
    controlServer = await listenControl(control, directory);
    try {
      const bound = await listener.listen();
      const host = bound.host.includes(':') ? `[${bound.host}]` : bound.host;
      address = { ...bound, baseUrl: `${settings.get().listen.tls ? 'https' : 'http'}://${host}:${bound.port}` };
    } catch (error) {
      await controlServer.close();
      throw error;
    }
    await links.follow(settings.get().approvals.links);
    settings.onChange((now) => {
      if (state === 'listening') void links.follow(now.approvals.links);
    });
    if (options.console) consoleServer = await serveConsole(control, { port: options.consolePort ?? 0, signIn: identity.signIn });
    const { connections } = settings.get();
    if (connections.some((c) => c.demo) || (options.demo && connections.length === 0)) demo = await openDemo();
    identity.signIn.start();
    daily = setInterval(() => {
      if (Object.keys(settings.get().ledger.retention).length > 0) void retain('sallyport', false).catch((error) => services.fault(error));
    }, 24 * 3_600_000).unref();
    state = 'listening';
    events.emit({ type: 'status', status: status() });
    // Grammars and models are wanted at the first request or tool call; loading them now costs nobody a wait.
    setTimeout(() => {
      void commands.ready().catch((error) => services.fault(error));
      warmPrompts();
      if (settings.get().detection.names) warmNames();
    }, 200).unref();
  }

  let stopped: Promise<void> | undefined;
  function stop(graceMs = 5_000): Promise<void> {
    stopped ??= (async () => {
      state = 'stopping';
      clearInterval(daily);
      await approvals.close();
      gate.resume();
      await listener.close(graceMs);
      await upstream.close();
      await demo?.close();
      await consoleServer?.close();
      await links.close();
      control.closeControl();
      await controlServer?.close();
      identity.close();
      policies.close();
      // Nothing is recorded from here on; the seal must not wait for workers.
      await ledger.close();
      await detector.close();
      await otlp.close();
      await reader.close();
      state = 'stopped';
    })();
    return stopped;
  }

  built = true;
  return {
    start,
    stop,
    get address() {
      return address;
    },
    get control() {
      if (!controlServer) throw new Error('not started');
      return { address: controlServer.address };
    },
    consoleUrl: () => consoleServer?.openUrl(),
    status,
    subscribe: (l) => events.subscribe(l),
    get demo() {
      return demo && { key: demo.key, connections: demo.connections };
    },
    localCapability: () => persons.give({ id: 'local', name: userInfo().username, groups: [], via: 'os' }).capability,
    personSession: (personId) => personSession(identity, personId),
    services: controlServices,
  };
}

/** Headless servers say in their environment how our own secrets are kept. */
function consentOf(env: NodeJS.ProcessEnv): { throwAway?: boolean } {
  return env.SALLYPORT_THROW_AWAY === '1' ? { throwAway: true } : {};
}
