import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocket } from 'undici';

/** Start a process with this in NODE_OPTIONS to use {@link liveMemory} on it. */
export const INSPECTABLE = '--inspect=127.0.0.1:0';

/** Bytes that are in use after garbage was collected; what a process holds on to, not what it has not yet cleaned up. */
export async function liveMemory(output: string): Promise<{ heap: number; external: number; resident: number }> {
  const address = /Debugger listening on (ws:\/\/\S+)/.exec(output)?.[1];
  if (!address) throw new Error('the process was not started with INSPECTABLE');
  const socket = new WebSocket(address);
  await new Promise((resolve, reject) => {
    socket.addEventListener('open', resolve);
    socket.addEventListener('error', reject);
  });
  const waiting = new Map<number, (result: { result?: { value?: string } }) => void>();
  socket.addEventListener('message', (event) => {
    const { id, result } = JSON.parse(String(event.data));
    waiting.get(id)?.(result);
  });
  let last = 0;
  const send = (method: string, params = {}) =>
    new Promise<{ result?: { value?: string } }>((resolve) => {
      waiting.set(++last, resolve);
      socket.send(JSON.stringify({ id: last, method, params }));
    });
  try {
    for (let i = 0; i < 3; i++) {
      await send('HeapProfiler.collectGarbage');
      await sleep(100);
    }
    const { result } = await send('Runtime.evaluate', { expression: 'JSON.stringify(process.memoryUsage())' });
    const usage = JSON.parse(result?.value ?? '{}') as NodeJS.MemoryUsage;
    return { heap: usage.heapUsed, external: usage.external, resident: usage.rss };
  } finally {
    socket.close();
  }
}
