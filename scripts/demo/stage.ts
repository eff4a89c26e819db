import type { Approval } from '../../proxy/contract/index.js';
import { type SimulatedProvider, startSimulatedProvider } from '../../proxy/demo/index.js';
import type { AgentTask } from './agent.js';
import { type AgentProcess, type AgentResult, startAgent } from './agent-process.js';
import { type Idp, startIdp } from './idp.js';
import { type Gateway, LOCAL_PASSPHRASE, launchGateway } from './launch.js';
import { demoScript } from './script.js';

/** Everything that plays: all real but the provider, each in its own process or on its own port, gone when the demo ends. */
export interface Stage {
  idp: Idp;
  provider: SimulatedProvider;
  gateway: Gateway;
  agent: AgentProcess;
  /** True: decisions are given by the demo itself, through the control API. */
  auto: boolean;
  tell(line: string): void;
  /** Gives the agent a task and shows what it gets, as it comes. */
  ask(task: Omit<AgentTask, 'id'>): Promise<AgentResult>;
  /** Waits for the approval that is opened next, and for the decision that the scene is about. */
  decide(decision: 'approve' | 'deny', options?: { reason?: string; meanwhile?: () => void }): Promise<Approval>;
  close(): Promise<void>;
}

const PACE_MS = 12;

/** A rule of this company's own beside the balanced preset. */
const POLICY = `version: 1
name: demo
description: What this company wants a person to look at.
rules:
  - id: ask-customers-table
    description: Whoever speaks of dropping the customers table is looked at first.
    match: { what: part, direction: request, role: user, words: [drop the customers table] }
    then: approve
    sentence: The prompt speaks of dropping the customers table.
    examples:
      must:
        - { direction: request, role: user, text: Please drop the customers table. }
      mustNot:
        - { direction: request, role: user, text: Please list the customers. }
`;

/** Prints text piece by piece, and whole lines between. */
export interface Screen {
  line(text: string): void;
  piece(text: string): void;
}

export async function setStage(options: { auto: boolean; screen: Screen }): Promise<Stage> {
  const { auto, screen } = options;
  const tell = screen.line;
  const paceMs = auto ? 1 : PACE_MS;
  const idp = await startIdp();
  tell(`identity provider  ${idp.issuer}  (oidc-provider, real)`);
  const provider = await startSimulatedProvider({ paceMs, script: demoScript(paceMs) });
  tell(`LLM provider       ${provider.origin}  (simulated: the only thing here that is)`);
  const gateway = await launchGateway({
    env: { DEMO_PROVIDER_KEY: provider.apiKey },
    settings: (settings) => {
      const { origin } = provider;
      const common = { origin, credential: 'env:DEMO_PROVIDER_KEY', credentialOrigin: origin };
      settings.connections = [
        { ...common, name: 'openai', dialect: 'openai', pathPrefix: '' },
        { ...common, name: 'anthropic', dialect: 'anthropic', pathPrefix: '' },
        { ...common, name: 'orders', dialect: 'http', pathPrefix: '/rest', rules: [{ method: 'GET', path: '/orders/*' }] },
      ];
      settings.issuers = [
        {
          url: idp.issuer,
          name: 'demo',
          audience: idp.audience,
          algorithms: ['ES256'],
          typ: 'at+jwt',
          clockSkewSeconds: 5,
          claims: { agent: 'client_id', groups: 'groups' },
          requiredGroups: [],
          defaultScope: { connections: ['openai', 'anthropic'], models: ['gpt-4o', 'claude-sonnet-5'], operations: ['*'] },
        },
      ];
    },
  });
  tell(`gateway            ${gateway.baseUrl}  (sallyport serve, data in ${gateway.directory})`);
  await gateway.call('PUT', '/api/policies/demo.yaml', { source: POLICY });
  const { key } = await gateway.call<{ key: string }>('POST', '/api/agents', {
    name: 'operations-agent',
    scope: { connections: ['openai', 'anthropic', 'orders'], models: ['gpt-4o', 'claude-sonnet-5'], operations: ['*'] },
    expiresAt: new Date(Date.now() + 3_600_000).toISOString(),
  });
  const agent = await startAgent({ gateway: gateway.baseUrl, key });
  tell('agent              LangGraph with @langchain/openai and @langchain/anthropic; shell, SQL and HTTP tools');

  async function nextOpen(): Promise<Approval> {
    for (const began = Date.now(); ; ) {
      if (Date.now() - began > 20_000) throw new Error('no approval was opened in 20 s');
      const { approvals } = await gateway.callWithoutPerson<{ approvals: Approval[] }>('GET', '/api/approvals?state=open');
      if (approvals[0]) return approvals[0];
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  return {
    idp,
    provider,
    gateway,
    agent,
    auto,
    tell,
    async ask(task) {
      tell(`   ${task.api === 'anthropic' ? 'Claude' : 'GPT'} is asked: ${task.prompt}`);
      let begun = false;
      const result = await agent.run(task, (text) => {
        if (!begun) screen.piece('   the agent gets: ');
        begun = true;
        screen.piece(text.replaceAll('\n', ' '));
      });
      if (begun) tell('');
      for (const { tool, input } of result.tools) tell(`   the agent used: ${tool} ${JSON.stringify(input)}`);
      if (result.error) tell(`   the agent's client raised: ${result.error.name}: ${result.error.message.split('\n')[0]}`);
      return result;
    },
    async decide(decision, { reason, meanwhile } = {}) {
      const approval = await nextOpen();
      tell(`   waits for a person: ${approval.verdicts.at(0)?.sentence ?? approval.kind} [${approval.verdicts.at(0)?.rule ?? ''}]`);
      for (const { text } of approval.shown) tell(`   what would be released: ${text.slice(0, 160)}`);
      // What would have slipped through has had time to.
      await new Promise((resolve) => setTimeout(resolve, 300));
      meanwhile?.();
      if (auto) {
        await gateway.call('POST', `/api/approvals/${approval.id}/decision`, {
          version: approval.version,
          decision,
          ...(reason ? { reason } : {}),
        });
        tell(`   decided through the control API: ${decision}`);
      } else {
        tell(`   Please ${decision.toUpperCase()} it now, in another terminal (passphrase of this demo's person: ${LOCAL_PASSPHRASE}):`);
        tell(
          `     SALLYPORT_HOME=${gateway.directory} node out/proxy/cli.js approvals ${decision} ${approval.id}${decision === 'deny' ? ' --reason "not today"' : ''}`,
        );
        for (;;) {
          const now = await gateway.callWithoutPerson<Approval>('GET', `/api/approvals/${approval.id}`);
          if (now.state !== 'pending') break;
          await new Promise((resolve) => setTimeout(resolve, 200));
        }
      }
      return gateway.callWithoutPerson<Approval>('GET', `/api/approvals/${approval.id}`);
    },
    async close() {
      await agent.stop();
      await gateway.stop();
      await provider.close();
      await idp.close();
      gateway.remove();
    },
  };
}
