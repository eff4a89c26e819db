import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { AgentEvent, AgentTask } from './agent.js';

export interface AgentResult {
  /** Streamed text, piece by piece. */
  tokens: string[];
  tools: { tool: string; input: unknown; output: string }[];
  answer?: string;
  error?: { name: string; status?: number; code?: string; message: string };
}

export interface AgentProcess {
  /** The agent's whole environment, as it saw it itself. */
  environment: Record<string, string>;
  /** Everything that it ever printed. */
  output(): string;
  run(task: Omit<AgentTask, 'id'>, onToken?: (text: string) => void): Promise<AgentResult>;
  stop(): Promise<void>;
}

/** Starts the agent with nothing in its environment but the gateway's address and its own agent key. */
export async function startAgent(options: { gateway: string; key: string }): Promise<AgentProcess> {
  const directory = mkdtempSync(join(tmpdir(), 'sallyport-agent-'));
  const child: ChildProcess = spawn(process.execPath, ['--import', 'tsx', fileURLToPath(new URL('./agent.ts', import.meta.url))], {
    env: {
      PATH: process.env['PATH'],
      HOME: directory,
      GATEWAY_URL: options.gateway,
      SALLYPORT_KEY: options.key,
      AGENT_DIRECTORY: directory,
      LANGSMITH_TRACING: 'false',
    },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let output = '';
  let count = 0;
  const listeners = new Map<string, (event: AgentEvent) => void>();
  const { promise: ready, resolve: isReady, reject: failed } = deferred<Record<string, string>>();
  child.stderr?.on('data', (chunk: Buffer) => {
    output += chunk;
  });
  child.once('exit', (code) => failed(new Error(`the agent ended with ${code}:\n${output}`)));
  createInterface({ input: child.stdout! }).on('line', (line) => {
    output += `${line}\n`;
    const event = JSON.parse(line) as AgentEvent;
    if (event.type === 'ready') isReady(event.environment);
    else listeners.get(event.id)?.(event);
  });
  const environment = await ready;
  return {
    environment,
    output: () => output,
    run(task, onToken) {
      const id = `task-${++count}`;
      const result: AgentResult = { tokens: [], tools: [] };
      return new Promise((resolve, reject) => {
        const gone = () => reject(new Error(`the agent ended in the middle of a task:\n${output.slice(-2000)}`));
        child.once('exit', gone);
        const done = () => {
          listeners.delete(id);
          child.off('exit', gone);
          resolve(result);
        };
        listeners.set(id, (event) => {
          if (event.type === 'token') {
            result.tokens.push(event.text);
            onToken?.(event.text);
          } else if (event.type === 'tool') result.tools.push({ tool: event.tool, input: event.input, output: event.output });
          else if (event.type === 'answer') {
            result.answer = event.text;
            done();
          } else if (event.type === 'error') {
            const { id: _id, type: _type, ...error } = event;
            result.error = error;
            done();
          }
        });
        child.stdin?.write(`${JSON.stringify({ ...task, id })}\n`);
      });
    },
    async stop() {
      if (child.exitCode === null) {
        child.stdin?.end();
        child.kill();
        await once(child, 'exit');
      }
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

function deferred<T>() {
  let resolve!: (value: T) => void;
  let reject!: (error: Error) => void;
  const promise = new Promise<T>((a, b) => {
    resolve = a;
    reject = b;
  });
  return { promise, resolve, reject };
}
