/**
 * The demo's agent: a LangGraph ReAct agent with real @langchain/openai and @langchain/anthropic models, in a process of its own
 * whose environment holds no provider key. It takes one task a line on standard input and answers in events, one a line.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { ChatAnthropic } from '@langchain/anthropic';
import type { BaseMessage } from '@langchain/core/messages';
import { MemorySaver } from '@langchain/langgraph';
import { createReactAgent } from '@langchain/langgraph/prebuilt';
import { ChatOpenAI } from '@langchain/openai';
import { demoTools } from './tools.js';

export interface AgentTask {
  id: string;
  api: 'chat' | 'responses' | 'anthropic';
  prompt: string;
  /** Conversation; a new one for each task where absent. */
  thread?: string;
  model?: string;
  /** Another credential than the one in the environment. */
  key?: string;
}

export type AgentEvent =
  | { id: string; type: 'ready'; environment: Record<string, string> }
  | { id: string; type: 'token'; text: string }
  | { id: string; type: 'tool'; tool: string; input: unknown; output: string }
  | { id: string; type: 'answer'; text: string }
  | { id: string; type: 'error'; name: string; status?: number; code?: string; message: string };

const { GATEWAY_URL: gateway = '', SALLYPORT_KEY: key = '', AGENT_DIRECTORY: directory = process.cwd() } = process.env;
mkdirSync(join(directory, 'reports'), { recursive: true });
writeFileSync(join(directory, 'reports/week-47.txt'), 'Open invoices: 2\nTotal: 509.50\n');

const tell = (event: AgentEvent) => process.stdout.write(`${JSON.stringify(event)}\n`);
const memory = new MemorySaver();

function model(task: AgentTask) {
  const apiKey = task.key ?? key;
  if (task.api === 'anthropic')
    return new ChatAnthropic({ model: task.model ?? 'claude-sonnet-5', apiKey, anthropicApiUrl: `${gateway}/anthropic`, maxRetries: 0 });
  return new ChatOpenAI({
    model: task.model ?? 'gpt-4o',
    apiKey,
    maxRetries: 0,
    useResponsesApi: task.api === 'responses',
    configuration: { baseURL: `${gateway}/openai/v1` },
  });
}

const textOf = (content: unknown): string =>
  typeof content === 'string'
    ? content
    : Array.isArray(content)
      ? content.map((p) => (p && typeof p === 'object' && 'text' in p ? String(p.text) : '')).join('')
      : '';

async function work(task: AgentTask): Promise<void> {
  const tools = demoTools({
    directory,
    gateway,
    key: () => task.key ?? key,
    used: (use) => tell({ id: task.id, type: 'tool', ...use }),
  });
  const agent = createReactAgent({
    llm: model(task),
    tools,
    prompt: 'You are the operations agent of a small company. Use the tools.',
    checkpointSaver: memory,
  });
  const config = { configurable: { thread_id: task.thread ?? task.id }, recursionLimit: 12 };
  let last: BaseMessage | undefined;
  for await (const [mode, chunk] of await agent.stream(
    { messages: [{ role: 'user', content: task.prompt }] },
    {
      ...config,
      streamMode: ['messages', 'values'],
    },
  )) {
    if (mode === 'messages') {
      const [message] = chunk as unknown as [BaseMessage];
      const text = message.getType() === 'ai' ? textOf(message.content) : '';
      if (text) tell({ id: task.id, type: 'token', text });
    } else last = (chunk as unknown as { messages: BaseMessage[] }).messages.at(-1);
  }
  tell({ id: task.id, type: 'answer', text: textOf(last?.content) });
}

tell({ id: '', type: 'ready', environment: { ...process.env } as Record<string, string> });
for await (const line of createInterface({ input: process.stdin })) {
  const task = JSON.parse(line) as AgentTask;
  await work(task).catch((error: Error & { status?: number; code?: string; error?: { code?: string; error?: { code?: string } } }) => {
    const code = error.code ?? error.error?.code ?? error.error?.error?.code;
    tell({
      id: task.id,
      type: 'error',
      name: error.constructor.name,
      message: error.message,
      ...(error.status ? { status: error.status } : {}),
      ...(code ? { code } : {}),
    });
  });
}
