/**
 * The gateway as a child process: under Electron's `utilityProcess` or plain `fork`. Settings in, status out, secrets by request.
 * What an attacker could do here: nothing new. The channel is private to parent and child; it carries secrets only in answers to
 * this process's own requests, and the capability of the person at this computer only to the parent that owns the windows.
 */
import type { GatewayStatus } from './contract/index.js';
import { createRemoteSecretStore } from './credentials/index.js';
import type { HostMessage, ParentMessage } from './host-messages.js';
import { createGateway, type Gateway } from './index.js';

interface Channel {
  post(message: HostMessage): void;
  listen(listener: (message: ParentMessage) => void): void;
  onGone(listener: () => void): void;
}

/** Electron gives a `parentPort`; plain node an IPC channel. */
function openChannel(): Channel {
  const port = (
    process as unknown as {
      parentPort?: { postMessage(m: unknown): void; on(e: 'message', l: (event: { data: ParentMessage }) => void): void };
    }
  ).parentPort;
  if (port) {
    return { post: (m) => port.postMessage(m), listen: (l) => port.on('message', (event) => l(event.data)), onGone: () => {} };
  }
  if (!process.send) throw new Error('host.js is started by the desktop app; on a server use `sallyport serve`.');
  return {
    post: (m) => void process.send?.(m),
    listen: (l) => process.on('message', (m) => l(m as ParentMessage)),
    onGone: (l) => process.on('disconnect', l),
  };
}

const channel = openChannel();
// What will be needed is read from disk while main opens the keychain; a problem shows at the start itself.
void import('./gateway/index.js').catch(() => {});
let gateway: Gateway | undefined;
let secrets: ReturnType<typeof createRemoteSecretStore> | undefined;

async function start(message: Extract<ParentMessage, { type: 'start' }>): Promise<void> {
  secrets = createRemoteSecretStore(message.secrets, (question) => channel.post({ type: 'secret-request', ...question }));
  try {
    const created = await createGateway(
      {
        directory: message.directory,
        version: message.version,
        ...(message.port === undefined ? {} : { port: message.port }),
        console: false,
        demo: message.demo === true,
        personByHost: true,
      },
      {
        secrets,
        keychainState: message.secrets.state,
      },
    );
    gateway = created;
    created.subscribe((event) => channel.post({ type: 'event', event }));
    await created.start();
    const status: GatewayStatus = created.status();
    channel.post({ type: 'listening', status, control: created.control.address, capability: created.localCapability() });
  } catch (error) {
    const { code, message: text } = error as Error & { code?: string };
    channel.post({ type: 'failed', code: code ?? 'internal', message: text });
  }
}

async function person({ id, person: wanted }: Extract<ParentMessage, { type: 'person' }>): Promise<void> {
  const session = await gateway?.personSession(wanted).catch(() => undefined);
  channel.post({ type: 'person', id, state: 'none', ...session });
}

async function stop(): Promise<void> {
  await gateway?.stop();
  channel.post({ type: 'stopped' });
  process.exit(0);
}

channel.listen((message) => {
  if (message.type === 'start') void start(message);
  else if (message.type === 'stop') void stop();
  else if (message.type === 'ping') channel.post({ type: 'pong' });
  else if (message.type === 'local') {
    if (gateway) channel.post({ type: 'local', id: message.id, capability: gateway.localCapability() });
  } else if (message.type === 'person') void person(message);
  else if (message.type === 'secret') secrets?.answered(message);
});
channel.onGone(() => void stop());
