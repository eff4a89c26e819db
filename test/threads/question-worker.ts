import { answerParent, type CarriedSecrets, carriedStore } from '../../proxy/threads/index.js';

/** Says three times how far it is, then does what it is asked for. */
answerParent<{ want: 'secrets' | 'error' | 'nothing' | 'exit'; secrets?: CarriedSecrets }, unknown, number>(
  async ({ want, secrets }, onProgress) => {
    for (let i = 1; i <= 3; i++) onProgress(i);
    if (want === 'error') throw new Error('what went wrong');
    if (want === 'exit') process.exit(0);
    if (want === 'nothing') return new Promise(() => setInterval(() => {}, 1000));
    const store = carriedStore(secrets!);
    const refusal = (error: Error): string => error.message;
    return {
      kind: store.kind,
      here: await store.get('needed'),
      absent: await store.get('other'),
      set: await store.set('needed', 'x').catch(refusal),
      delete: await store.delete('needed').catch(refusal),
    };
  },
);
