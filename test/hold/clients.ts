import { createAnthropic } from '@ai-sdk/anthropic';
import { createOpenAI } from '@ai-sdk/openai';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import Anthropic from '@anthropic-ai/sdk';
import { ChatAnthropic } from '@langchain/anthropic';
import type { BaseChatModel } from '@langchain/core/language_models/chat_models';
import { ChatOpenAI } from '@langchain/openai';
import { generateText, type LanguageModel, streamText } from 'ai';
import OpenAI from 'openai';

export interface Setup {
  /** With /v1. */
  openai: string;
  /** Without /v1. */
  anthropic: string;
  apiKey: string;
  /** Counts what goes over the wire; otherwise the global fetch. */
  fetch: typeof fetch;
  /** The client's own time-outs are divided by this, as all of ours are. */
  scale: number;
}

export type Ask = (prompt: string) => Promise<string>;
export interface Client {
  name: string;
  mode: 'json' | 'stream';
  /** Everything else is left as the client has it: time-outs, retries. */
  make(setup: Setup): Ask;
}

/** What the SDKs wait by default. */
const SDK_TIMEOUT_MS = 600_000;
const MODEL = 'gpt-4o';
const CLAUDE = 'claude-sonnet-5';

const both = (name: string, make: (stream: boolean) => (setup: Setup) => Ask): Client[] => [
  { name, mode: 'json', make: make(false) },
  { name, mode: 'stream', make: make(true) },
];

/** Unscaled, nothing is set at all: what is measured is the client's own default. */
const timeout = (s: Setup): { timeout?: number } => (s.scale === 1 ? {} : { timeout: SDK_TIMEOUT_MS / s.scale });

const chain = (model: BaseChatModel, stream: boolean): Ask =>
  stream
    ? async (prompt) => {
        let text = '';
        for await (const chunk of await model.stream(prompt)) text += chunk.text;
        return text;
      }
    : async (prompt) => (await model.invoke(prompt)).text;

const vercel = (model: LanguageModel, stream: boolean): Ask =>
  stream
    ? async (prompt) => {
        let text = '';
        let failure: unknown;
        const { textStream } = streamText({
          model,
          prompt,
          onError({ error }) {
            failure = error;
          },
        });
        for await (const piece of textStream) text += piece;
        if (failure) throw failure;
        return text;
      }
    : async (prompt) => (await generateText({ model, prompt })).text;

const claude = (s: Setup, headers?: Record<string, string>) =>
  new Anthropic({ baseURL: s.anthropic, apiKey: s.apiKey, fetch: s.fetch, ...timeout(s), ...(headers ? { defaultHeaders: headers } : {}) });
const message = (content: string) => ({ model: CLAUDE, max_tokens: 99, messages: [{ role: 'user' as const, content }] });

/** The real clients, JSON and stream. */
export const CLIENTS: Client[] = [
  ...both('openai chat', (stream) => (s) => {
    const client = new OpenAI({ baseURL: s.openai, apiKey: s.apiKey, fetch: s.fetch, ...timeout(s) });
    return async (content) => {
      const body = { model: MODEL, messages: [{ role: 'user' as const, content }] };
      if (!stream) return (await client.chat.completions.create(body)).choices[0]?.message.content ?? '';
      return (await client.chat.completions.stream(body).finalChatCompletion()).choices[0]?.message.content ?? '';
    };
  }),
  ...both('openai responses', (stream) => (s) => {
    const client = new OpenAI({ baseURL: s.openai, apiKey: s.apiKey, fetch: s.fetch, ...timeout(s) });
    return async (input) => {
      const body = { model: MODEL, input, store: false };
      return (stream ? await client.responses.stream(body).finalResponse() : await client.responses.create(body)).output_text;
    };
  }),
  ...both('anthropic', (stream) => (s) => {
    const client = claude(s);
    return async (content) => {
      if (stream) return client.messages.stream(message(content)).finalText();
      const [block] = (await client.messages.create(message(content))).content;
      return block?.type === 'text' ? block.text : '';
    };
  }),
  ...both(
    'langchain chat',
    (stream) => (s) =>
      chain(
        new ChatOpenAI({
          model: MODEL,
          apiKey: s.apiKey,
          useResponsesApi: false,
          ...timeout(s),
          configuration: { baseURL: s.openai, fetch: s.fetch },
        }),
        stream,
      ),
  ),
  ...both(
    'langchain responses',
    (stream) => (s) =>
      chain(
        new ChatOpenAI({
          model: MODEL,
          apiKey: s.apiKey,
          useResponsesApi: true,
          ...timeout(s),
          configuration: { baseURL: s.openai, fetch: s.fetch },
        }),
        stream,
      ),
  ),
  ...both(
    'langchain anthropic',
    (stream) => (s) =>
      chain(
        new ChatAnthropic({
          model: CLAUDE,
          apiKey: s.apiKey,
          anthropicApiUrl: s.anthropic,
          clientOptions: { fetch: s.fetch, ...timeout(s) },
        }),
        stream,
      ),
  ),
  ...both(
    'ai sdk chat',
    (stream) => (s) => vercel(createOpenAICompatible({ name: 'x', baseURL: s.openai, apiKey: s.apiKey, fetch: s.fetch })(MODEL), stream),
  ),
  ...both(
    'ai sdk responses',
    (stream) => (s) => vercel(createOpenAI({ baseURL: s.openai, apiKey: s.apiKey, fetch: s.fetch })(MODEL), stream),
  ),
  ...both(
    'ai sdk anthropic',
    (stream) => (s) => vercel(createAnthropic({ baseURL: `${s.anthropic}/v1`, apiKey: s.apiKey, fetch: s.fetch })(CLAUDE), stream),
  ),
  // Not Claude Code itself, but its name on the SDK that it is built with: two beginnings of an answer would break this reader.
  {
    name: 'anthropic as claude-cli',
    mode: 'stream',
    make: (s) => {
      const client = claude(s, { 'user-agent': 'claude-cli/2.1.197 (external, cli)' });
      return (content) => client.messages.stream(message(content)).finalText();
    },
  },
];
