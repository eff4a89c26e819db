import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import type { TestContext } from 'node:test';
import type { Clock, RecordInput, SecretStore } from '../../proxy/contract/index.js';
import { type LedgerOptions, openLedger } from '../../proxy/ledger/index.js';

export const systemClock: Clock = { now: () => Date.now(), monotonic: () => performance.now() };

export function memorySecrets(protectedKeys = true): SecretStore {
  const values = new Map<string, string>();
  return {
    kind: 'memory',
    protected: protectedKeys,
    acceptsProviderKeys: true,
    get: async (name) => values.get(name),
    set: async (name, value) => void values.set(name, value),
    delete: async (name) => void values.delete(name),
  };
}

export function tempDirectory(t: TestContext): string {
  const directory = mkdtempSync(join(tmpdir(), 'sallyport-ledger-'));
  t.after(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

export function options(directory: string, more: Partial<LedgerOptions> = {}): LedgerOptions {
  return { directory, secrets: memorySecrets(), clock: systemClock, segmentBytes: 1 << 20, ...more };
}

export const open = openLedger;

export interface ExchangeShape {
  session?: string;
  exchange?: string;
  agent?: string;
  model?: string;
  text?: string;
  deltas?: string[];
  findings?: string[];
  action?: string;
  tool?: string;
  outcome?: string;
}

export const chatBody = (...texts: string[]): string =>
  JSON.stringify({ model: 'gpt-test', messages: texts.map((content, i) => ({ role: i % 2 ? 'assistant' : 'user', content })) });

/** Records of one exchange, as the pipeline writes them. */
export function exchangeRecords(shape: ExchangeShape = {}): RecordInput[][] {
  const { session = 'se_1', exchange = 'ex_1', agent = 'bot', model = 'gpt-test', action = 'allow' } = shape;
  const at = { session, exchange };
  const verdicts = [{ action, rule: 'test/rule', sentence: 'A test.' }];
  return [
    [
      {
        ...at,
        kind: 'arrival',
        meta: {
          agent: { id: 'ag_1', name: agent, owner: 'local', via: 'key' },
          connection: 'openai',
          dialect: 'openai',
          operation: 'chat',
          method: 'POST',
          path: '/v1/chat/completions',
          model,
          stream: true,
          userAgent: 'test',
          findings: [
            { partId: 'p', role: 'user', findings: (shape.findings ?? []).map((entity) => ({ entity, start: 0, end: 1, confidence: 1 })) },
          ],
          verdicts,
        },
        content: { name: 'request', bytes: Buffer.from(chatBody(shape.text ?? 'Hello there')) },
      },
    ],
    [{ ...at, kind: 'forwarded', meta: { destination: 'http://127.0.0.1' } }],
    ...(shape.deltas ?? ['data: {"a":1}\n\n', 'data: {"a":2}\n\n']).map((text): RecordInput[] => [
      { ...at, kind: 'delta', meta: {}, content: { name: 'response', bytes: Buffer.from(text) } },
    ]),
    ...(shape.tool ? [[{ ...at, kind: 'tool-call', meta: { name: shape.tool, outcome: 'released' } } as RecordInput]] : []),
    [
      {
        ...at,
        kind: 'end',
        meta: {
          outcome: shape.outcome ?? 'ok',
          status: 200,
          usage: { inputTokens: 10, outputTokens: 5 },
          timing: { gatewayMs: 1, heldMs: 0, totalMs: 12 },
          toolCalls: shape.tool ? [{ name: shape.tool, outcome: 'released' }] : [],
          verdicts: [],
        },
      },
    ],
  ];
}
