/**
 * The composition: which room gets what. Nothing is decided here; reading it top to bottom says what the gateway is made of.
 */
import { userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createBudgets } from '../approvals/index.js';
import { createCommandReader } from '../commands/index.js';
import { type Clock, type RecordInput, SallyportError } from '../contract/index.js';
import { createControl, listenControl, serveConsole } from '../control/index.js';
import type { ConsoleServer, ControlServer } from '../control/types.js';
import { createCredentials, createSecretStore } from '../credentials/index.js';
import { warmNames, warmPrompts } from '../detect/index.js';
import { openIdentity, sessionFaults } from '../identity/index.js';
import { applyRetention, createOriginals, headCopies, openLedger, openReader, readExchanges } from '../ledger/index.js';
import { CLIENT_LIMITS, createListener, type Listener, reachedAs } from '../listener/index.js';
import { append, createFreezeGate, createGrowing, createSessionBook, pass, refuseEarly, type Services } from '../pipeline/index.js';
import { openPolicies } from '../policy/index.js';
import { openSettings } from '../settings/index.js';
import { createUpstream } from '../upstream/index.js';
import { openAsking } from './asking.js';
import { backtestAside } from './backtest-aside.js';
import { controlServices } from './control-services.js';
import { Demo } from './demo.js';
import { followDetection } from './detection.js';
import { Events } from './events.js';
import { personOf, protectedTargets } from './facts.js';
import type { Gateway, GatewayOptions, GatewayPorts } from './options.js';
import { followOtlp } from './otlp.js';
import { personSession } from './person-session.js';
import { recordedSource } from './recorded.js';
import { startProblem } from './start-problem.js';
import { Faults, statusOf } from './status.js';

export type { Gateway, GatewayOptions, GatewayPorts } from './options.js';

const systemClock: Clock = { now: () => Date.now(), monotonic: () => performance.now() };

/** Builds everything and opens the ledger; nothing listens before `start`. @throws SallyportError invalid, conflict, keychain_unavailable, not_recording */
export async function createGateway(options: GatewayOptions, ports: GatewayPorts = {}): Promise<Gateway> {
  return compose(options, ports).catch((error) => {
    throw startProblem(error, options.directory);
  });
}

async function compose(options: GatewayOptions, ports: GatewayPorts): Promise<Gateway> {
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
  const { authenticator, agents, persons, owners } = identity;
  // Signed in, signed out, or ended by the identity provider: whoever shows it asks again.
  owners.onChange(() => events.emit({ type: 'status', status: status() }));
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
  const recordAll = (records: RecordInput[]): Promise<void> => append({ ledger }, records);
  const record = (input: RecordInput): Promise<void> => recordAll([input]);
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
  const detection = followDetection(settings, options.workers ?? 1);
  settings.onChange(() => {
    noteSettings();
    events.emit({ type: 'settings' });
    events.emit({ type: 'status', status: status() });
  });
  const policies = await openPolicies({
    directory,
    settings,
    readers: {
      scan: (text, context) => detection.current().scanInline(text, context),
      readTool: (name, args) => commands.read(name, args, { protectedTargets: [] }),
    },
    recorded: recordedSource(reader, (o) => readExchanges({ directory, secrets, ...o })),
    backtest: (draft, input, o) => backtestAside({ directory, secrets }, draft, input, o),
    onRecord: (meta) => record({ kind: 'policy', meta }),
  });
  const { approvals, links } = await openAsking({
    directory,
    secrets,
    clock,
    settings,
    owners,
    policies,
    events,
    faults,
    record: recordAll,
  });
  const budgets = createBudgets({ clock, budgets: () => settings.get().budgets });

  // How it passes.
  const gate = createFreezeGate();
  const sessions = createSessionBook();
  const upstream = createUpstream(options.providerSilenceMs);
  const services: Services = {
    settings: () => settings.get(),
    authenticator,
    policy: () => policies.current(),
    detector: detection.current,
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
    clients: { ...CLIENT_LIMITS, ...options.clients },
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
    services.clients,
  );
  const demo = new Demo({ settings, agents });
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

  /** Removes what the settings say is too old or too much, by a person's word or once a day. */
  const retain = (person: string, dryRun: boolean) =>
    applyRetention({ directory, writer: ledger, reader, originals, policy: settings.get().ledger.retention, clock, person, dryRun });

  // The faces: socket for desktop and CLI, a loopback port for a browser.
  const behind = controlServices({
    directory,
    clock,
    secrets,
    settings,
    identity,
    credentials,
    policies,
    approvals,
    ledger,
    originals,
    reader,
    headFiles: headCopies(heads),
    upstream,
    gate,
    demo,
    events,
    record,
    retain,
    status,
    shutdown(reason) {
      log(`stopping: ${reason}`);
      void stop();
    },
  });
  gate.onChange(() => events.emit({ type: 'status', status: status() }));
  const control = createControl(behind, {
    version,
    consoleDirectory: join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'renderer'),
    onError: (error, where) => log(`control: ${where}: ${error instanceof Error ? error.message : String(error)}`),
  });
  let controlServer: ControlServer | undefined;
  let consoleServer: ConsoleServer | undefined;

  let daily: NodeJS.Timeout | undefined;

  async function start(): Promise<void> {
    controlServer = await listenControl(control, directory);
    try {
      const bound = await listener.listen();
      const { tls, allowedHosts } = settings.get().listen;
      address = { ...bound, baseUrl: `${tls ? 'https' : 'http'}://${reachedAs(bound.host, bound.port, allowedHosts)}` };
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
    if (connections.some((c) => c.demo) || (options.demo && connections.length === 0)) await demo.open();
    identity.signIn.start();
    daily = setInterval(() => {
      if (Object.keys(settings.get().ledger.retention).length > 0) void retain('sallyport', false).catch((error) => services.fault(error));
    }, 24 * 3_600_000).unref();
    state = 'listening';
    events.emit({ type: 'status', status: status() });
    // Grammars and models are wanted at the first request or tool call; loading them now costs nobody a wait.
    setTimeout(() => {
      void commands.ready().catch((error) => services.fault(error));
      try {
        warmPrompts();
        if (settings.get().detection.names) warmNames();
      } catch {
        // No descriptor is left, say: it is loaded when it is wanted, and then a problem refuses that request and is told.
      }
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
      await demo.close();
      await consoleServer?.close();
      await links.close();
      control.closeControl();
      await controlServer?.close();
      identity.close();
      policies.close();
      // Nothing is recorded from here on; the seal must not wait for workers.
      await ledger.close();
      await detection.close();
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
      return demo.workspace && { key: demo.workspace.key, connections: demo.workspace.connections };
    },
    localCapability: () => persons.give({ id: 'local', name: userInfo().username, groups: [], via: 'os' }).capability,
    personSession: (personId) => personSession(identity, personId),
    services: behind,
  };
}

/** Headless servers say in their environment how our own secrets are kept. */
function consentOf(env: NodeJS.ProcessEnv): { throwAway?: boolean } {
  return env.SALLYPORT_THROW_AWAY === '1' ? { throwAway: true } : {};
}
