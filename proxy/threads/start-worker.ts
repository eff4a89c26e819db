import { Worker } from 'node:worker_threads';

/** Young objects get so many MB in a thread: by default it is 48, which a thread that works in slices fills before it looks at them. */
const resourceLimits = { maxYoungGenerationSizeMb: 12 };

/**
 * Starts a module in a thread. From source, under tsx, a thread does not inherit the loader on Node 20: it is registered inside the
 * thread first.
 * @param from `import.meta.url` of the module beside which it stands
 * @param name path from there, without ending: `./index-worker`
 * @param workerData values only; what cannot be cloned is refused
 */
export function startWorker(from: string, name: string, workerData?: unknown): Worker {
  if (!from.endsWith('.ts')) return new Worker(new URL(`${name}.js`, from), { workerData, resourceLimits });
  const url = new URL(`${name}.ts`, from).href;
  const loader = import.meta.resolve('tsx/esm/api');
  const code = `import { register } from ${JSON.stringify(loader)}; register(); await import(${JSON.stringify(url)});`;
  return new Worker(new URL(`data:text/javascript,${encodeURIComponent(code)}`), { workerData, resourceLimits, execArgv: [] });
}
