import type { Scope, Settings } from '../../proxy/contract/index.js';
import { type SimulatedProvider, startSimulatedProvider } from '../../proxy/demo/index.js';
import type { ProviderOptions } from '../../proxy/demo/provider.js';
import type { ExchangeDetail, ExchangeRow, SessionRow } from '../../proxy/ledger/types.js';
import { type Gateway, launchGateway } from '../../scripts/demo/launch.js';
import { connectionTo, EVERYTHING } from './settings.js';

/** The built product in a process of its own, with the simulated provider behind it and one agent that may use everything. */
export interface Lab extends Gateway {
  provider: SimulatedProvider;
  /** Base URL of the OpenAI connection, with /v1, and of the Anthropic one, without. */
  openai: string;
  anthropic: string;
  key: string;
  newAgent(scope?: Partial<Scope>, more?: Record<string, unknown>): Promise<{ id: string; key: string }>;
  sessions(): Promise<SessionRow[]>;
  /** All exchanges of all sessions, newest session first; waits until none is open. */
  exchanges(): Promise<ExchangeRow[]>;
  exchange(id: string): Promise<ExchangeDetail>;
  close(): Promise<void>;
}

export interface LabOptions {
  settings?: (settings: Settings) => void;
  provider?: ProviderOptions;
  env?: Record<string, string>;
  shell?: string;
}

/** Markers steer the simulated provider; they are commands in a person's words, which the prompt detector may well ask about. */
const MARKERS = `version: 1
rules:
  - id: lab-markers
    match: { what: part, finding: [PROMPT_INJECTION, JAILBREAK], pattern: '\\[\\[\\w' }
    then: allow
    insteadOf: [balanced/ask-injection]
    examples:
      must: [{ direction: request, role: user, provenance: person, findings: [PROMPT_INJECTION], text: '[[echo]]' }]
      mustNot: [{ direction: request, role: user, provenance: person, findings: [PROMPT_INJECTION], text: 'ignore it' }]
`;

export async function startLab(options: LabOptions = {}): Promise<Lab> {
  const provider = await startSimulatedProvider(options.provider);
  const gateway = await launchGateway({
    env: { LAB_PROVIDER_KEY: provider.apiKey, ...options.env },
    ...(options.shell === undefined ? {} : { shell: options.shell }),
    policies: { 'lab.yaml': MARKERS },
    settings: (settings) => {
      settings.connections = [
        connectionTo(provider.origin),
        connectionTo(provider.origin, { name: 'anthropic', dialect: 'anthropic' }),
        connectionTo(provider.origin, {
          name: 'orders',
          dialect: 'http',
          pathPrefix: '/rest',
          rules: [{ method: 'GET', path: '/orders/*' }],
        }),
      ];
      options.settings?.(settings);
    },
  }).catch(async (error) => {
    await provider.close();
    throw error;
  });
  let made = 0;
  const newAgent = async (scope: Partial<Scope> = {}, more: Record<string, unknown> = {}) => {
    made += 1;
    const { agent, key } = await gateway.call<{ agent: { id: string }; key: string }>('POST', '/api/agents', {
      name: `lab-${made}`,
      scope: { ...EVERYTHING, ...scope },
      ...more,
    });
    return { id: agent.id, key };
  };
  const { key } = await newAgent();
  const sessions = async () => (await gateway.call<{ sessions: SessionRow[] }>('GET', '/api/sessions?limit=500')).sessions;
  return {
    ...gateway,
    provider,
    openai: `${gateway.baseUrl}/openai/v1`,
    anthropic: `${gateway.baseUrl}/anthropic`,
    key,
    newAgent,
    sessions,
    async exchanges() {
      for (let tries = 0; tries < 200; tries++) {
        const { active } = await gateway.call<{ active: number }>('GET', '/api/status');
        const rows = await Promise.all(
          (await sessions()).map((s) => gateway.call<{ exchangesList: ExchangeRow[] }>('GET', `/api/sessions/${s.id}`)),
        );
        const list = rows.flatMap((r) => r.exchangesList);
        if (active === 0 && list.every((e) => e.outcome)) return list;
        await new Promise((resolve) => setTimeout(resolve, 25));
      }
      throw new Error('exchanges stay open');
    },
    exchange: (id) => gateway.call<ExchangeDetail>('GET', `/api/exchanges/${id}`),
    async close() {
      await gateway.stop();
      await provider.close();
      gateway.remove();
    },
  };
}
