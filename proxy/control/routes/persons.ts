import { SallyportError } from '../../contract/index.js';
import { type Call, list, object, type Route, ref, text } from '../route.js';

const passphrase = text('at least 8 characters; the gateway keeps only a hash', { minLength: 1, maxLength: 1024 });

/** The console never sees a capability: its server keeps it beside the cookie. */
function unlocked(call: Call, given: { capability: string; person: unknown }): unknown {
  const keep = call.admission.keepCapability;
  if (keep === undefined) return given;
  keep(given.capability);
  return { person: given.person };
}

/** The body's passphrase, for a capability. */
async function unlock(call: Call, what: 'unlock' | 'passphrase-set'): Promise<unknown> {
  const given = await call.services.persons.unlockWithPassphrase(call.body['passphrase'] as string);
  await recordSignIn(call, given.person, what);
  return unlocked(call, given);
}

async function recordSignIn(call: Call, person: { id: string; via: string }, what: string): Promise<void> {
  await call.services.acts.record({ kind: 'sign-in', meta: { person: person.id, via: person.via, what, face: call.face } });
  call.hub.publish({ type: 'status', status: call.services.status() });
}

function signIn(call: Call) {
  const service = call.services.signIn;
  if (service === undefined) {
    throw new SallyportError(
      'not_found',
      'No issuer signs persons in here. Add one with a `signIn` client id, or use the local passphrase.',
    );
  }
  return service;
}

/** `state`: signed-in, unreachable (groups hold for a stated time), revoked, signed-out, no-refresh-token. */
const SESSIONS = list(object({ personId: text(), name: text(), state: text(), refreshedAtMs: { type: 'number' } }));

export const personRoutes: Route[] = [
  {
    method: 'get',
    path: '/api/persons/current',
    tag: 'persons',
    summary: 'Who is signed in at the gateway, and whether this caller holds a valid capability.',
    access: 'admitted',
    answer: object({
      person: ref('Person'),
      unlocked: { type: 'boolean' },
      passphraseSet: { type: 'boolean' },
      signIn: { type: 'boolean' },
      sessions: SESSIONS,
    }),
    handle: ({ services, capability, requirePerson }) => {
      let holder: unknown;
      try {
        holder = capability === undefined ? undefined : requirePerson();
      } catch {
        holder = undefined;
      }
      return {
        person: holder ?? services.persons.current(),
        unlocked: holder !== undefined,
        passphraseSet: services.persons.hasPassphrase(),
        sessions: services.signIn?.states?.() ?? [],
        signIn: services.signIn !== undefined && services.settings.get().issuers.some((i) => i.signIn !== undefined),
      };
    },
  },
  {
    method: 'post',
    path: '/api/persons/passphrase',
    tag: 'persons',
    summary: 'Set the passphrase of the local person: headless free the first time; later, and in the desktop app, with a capability.',
    access: 'admitted',
    body: object({ passphrase: { ...passphrase, minLength: 8 } }, ['passphrase']),
    answer: ref('Unlocked'),
    handle: async (call) => {
      const { services, body, capability } = call;
      if (services.persons.hasPassphrase()) call.requirePerson();
      await services.persons.setPassphrase(body['passphrase'] as string, capability);
      return unlock(call, 'passphrase-set');
    },
  },
  {
    method: 'post',
    path: '/api/persons/unlock',
    tag: 'persons',
    summary: 'Unlock with the passphrase; the answer holds the capability.',
    access: 'admitted',
    body: object({ passphrase }, ['passphrase']),
    answer: ref('Unlocked'),
    handle: (call) => unlock(call, 'unlock'),
  },
  {
    method: 'post',
    path: '/api/persons/lock',
    tag: 'persons',
    summary: 'Forget the capability that this call carries.',
    access: 'admitted',
    handle: (call) => {
      if (call.capability !== undefined) call.services.persons.lock(call.capability);
      call.admission.keepCapability?.(undefined);
      call.hub.publish({ type: 'status', status: call.services.status() });
    },
  },
  {
    method: 'post',
    path: '/api/sign-in',
    tag: 'persons',
    summary: 'Begin a sign-in: open `url` in the browser (or show `userCode` for the device flow), then wait.',
    access: 'admitted',
    body: object({ issuer: text('exact issuer; the only one where absent'), flow: { enum: ['browser', 'device'] } }),
    answer: ref('SignInAttempt'),
    status: 201,
    handle: (call) =>
      signIn(call).begin({
        flow: (call.body['flow'] as 'browser' | 'device' | undefined) ?? 'browser',
        ...(call.body['issuer'] === undefined ? {} : { issuer: call.body['issuer'] as string }),
      }),
  },
  {
    method: 'post',
    path: '/api/sign-in/wait',
    tag: 'persons',
    summary: 'Wait up to 25 seconds for the person; `pending: true` means: ask again.',
    access: 'admitted',
    body: object({ id: text() }, ['id']),
    answer: ref('Unlocked'),
    handle: async (call) => {
      const stop = new AbortController();
      const timer = setTimeout(() => stop.abort(), 25_000);
      const waiting = signIn(call).wait(call.body['id'] as string, AbortSignal.any([call.signal, stop.signal]));
      try {
        const aborted = new Promise<undefined>((done) => stop.signal.addEventListener('abort', () => done(undefined)));
        const given = await Promise.race([waiting, aborted]);
        if (given === undefined) {
          waiting.catch(() => undefined);
          return { pending: true };
        }
        await recordSignIn(call, given.person, 'oidc');
        return unlocked(call, given);
      } catch (error) {
        if (stop.signal.aborted) return { pending: true };
        throw error;
      } finally {
        clearTimeout(timer);
      }
    },
  },
  {
    method: 'post',
    path: '/api/sign-in/cancel',
    tag: 'persons',
    summary: 'Give up a sign-in that was begun.',
    access: 'admitted',
    body: object({ id: text() }, ['id']),
    handle: (call) => signIn(call).cancel(call.body['id'] as string),
  },
  {
    method: 'post',
    path: '/api/sign-out',
    tag: 'persons',
    summary: "End the person's session: capability and refresh token are forgotten, agents of the person locked as set.",
    access: 'person',
    answer: object({ endSessionUrl: text() }),
    handle: async (call) => {
      const person = call.person;
      const result = call.services.signIn === undefined ? {} : await call.services.signIn.signOut(call.capability!);
      call.services.persons.lock(call.capability!);
      call.admission.keepCapability?.(undefined);
      await recordSignIn(call, person, 'sign-out');
      return result;
    },
  },
];
