/**
 * Worker threads: work that would hold up the event loop is done beside it.
 *
 * What an attacker could do here: have a thread run a file of his own, or reach secrets through a thread that needs none. What stops
 * it: a thread's file is named in our own source beside the module that starts it, never by anything that was received; of the secrets
 * only those that the work names are copied, to be read alone, and they are gone with the thread.
 */
export { answerParent, askThread, type Watch } from './ask.js';
export { type CarriedSecrets, carriedStore, carrySecrets } from './carried-secrets.js';
export { startWorker } from './start-worker.js';
