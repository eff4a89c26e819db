import { parentPort } from 'node:worker_threads';
import { loadGrammars } from './grammars.js';
import { readNow } from './read-now.js';
import type { Answer } from './reading-thread.js';
import { traceOf } from './taint.js';
import type { ToolContext } from './types.js';

// A missing grammar is seen by the readings themselves: they are then unparsed.
await loadGrammars().catch(() => undefined);
parentPort?.on('message', (m: { toolName: string; argumentsText: string; context: ToolContext }) => {
  const reading = readNow(m.toolName, m.argumentsText, m.context);
  const answer: Answer = { reading, trace: traceOf(reading) };
  parentPort?.postMessage(answer);
});
parentPort?.postMessage('ready');
