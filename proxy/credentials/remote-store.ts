import { SallyportError, type SecretStore } from '../contract/index.js';

/** A message port of any kind: Electron's parentPort, a child process, a MessagePort. */
export interface SecretChannel {
  send(message: unknown): void;
  /** Returns the way to stop listening. */
  onMessage(listener: (message: unknown) => void): () => void;
}

type Operation = 'describe' | 'get' | 'set' | 'delete';
interface Question {
  type: 'secret';
  id: number;
  operation: Operation;
  name?: string;
  value?: string;
}
interface Answer {
  type: 'secret-answer';
  id: number;
  value?: string;
  description?: { kind: string; protected: boolean; acceptsProviderKeys: boolean };
  error?: { code: 'keychain_unavailable' | 'internal'; message: string };
}

const ANSWER_WITHIN_MS = 60_000;

/**
 * The gateway's side: secrets are asked from the process at the other end, which owns the keychain.
 * @throws SallyportError keychain_unavailable when it does not answer
 */
export async function createRemoteSecretStore(channel: SecretChannel, withinMs = ANSWER_WITHIN_MS): Promise<SecretStore> {
  const waiting = new Map<number, { resolve(answer: Answer): void }>();
  let next = 1;
  channel.onMessage((message) => {
    const answer = message as Partial<Answer> | null;
    if (answer?.type !== 'secret-answer' || typeof answer.id !== 'number') return;
    waiting.get(answer.id)?.resolve(answer as Answer);
    waiting.delete(answer.id);
  });
  const ask = async (operation: Operation, name?: string, value?: string): Promise<Answer> => {
    const id = next++;
    let timer: NodeJS.Timeout | undefined;
    const answer = await new Promise<Answer>((resolve) => {
      timer = setTimeout(() => {
        waiting.delete(id);
        const message = 'The desktop process, which keeps the secrets, does not answer.';
        resolve({ type: 'secret-answer', id, error: { code: 'keychain_unavailable', message } });
      }, withinMs);
      waiting.set(id, { resolve });
      const question: Question = {
        type: 'secret',
        id,
        operation,
        ...(name === undefined ? {} : { name }),
        ...(value === undefined ? {} : { value }),
      };
      channel.send(question);
    });
    clearTimeout(timer);
    if (answer.error) throw new SallyportError(answer.error.code, answer.error.message);
    return answer;
  };
  const { description } = await ask('describe');
  if (description === undefined) throw new SallyportError('keychain_unavailable', 'The desktop process did not say how it keeps secrets.');
  return {
    ...description,
    get: async (name) => (await ask('get', name)).value,
    set: async (name, value) => void (await ask('set', name, value)),
    delete: async (name) => void (await ask('delete', name)),
  };
}

/** The desktop's side: answers from a store of its own. Returns the way to stop. */
export function serveSecretStore(channel: SecretChannel, store: SecretStore): () => void {
  const answerOf = async (question: Question): Promise<Omit<Answer, 'type' | 'id'>> => {
    const { operation, name = '', value = '' } = question;
    if (operation === 'describe') {
      const { kind, acceptsProviderKeys } = store;
      return { description: { kind, protected: store.protected, acceptsProviderKeys } };
    }
    if (operation === 'get') {
      const found = await store.get(name);
      return found === undefined ? {} : { value: found };
    }
    await (operation === 'set' ? store.set(name, value) : store.delete(name));
    return {};
  };
  return channel.onMessage((message) => {
    const question = message as Partial<Question> | null;
    if (question?.type !== 'secret' || typeof question.id !== 'number') return;
    const { id } = question;
    answerOf(question as Question).then(
      (answer) => channel.send({ type: 'secret-answer', id, ...answer }),
      (error: unknown) => {
        const known = error instanceof SallyportError;
        const message = known ? error.message : 'The secret store failed.';
        channel.send({
          type: 'secret-answer',
          id,
          error: { code: known && error.code === 'keychain_unavailable' ? error.code : 'internal', message },
        });
      },
    );
  });
}
