/** Main as a client of the control API: the same door that the CLI uses, with the capability of the person at this computer. */
import type { Agent, Approval, Issuer, Settings } from '../../proxy/contract/index.js';
import { ControlClient } from '../../proxy/index.js';

export class ControlLink {
  readonly client: ControlClient;
  /** `capability` is asked at each act: signing in and out changes it. */
  constructor(
    address: { socket: string; token: string },
    private readonly capability: () => string | undefined,
  ) {
    this.client = new ControlClient({ ...address, pid: process.pid });
  }

  async pending(): Promise<Approval[]> {
    const answer = await this.client.call<{ approvals: Approval[] } | Approval[]>('GET', '/api/approvals?state=pending');
    return Array.isArray(answer) ? answer : answer.approvals;
  }

  async agents(): Promise<Agent[]> {
    const answer = await this.client.call<{ agents: Agent[] } | Agent[]>('GET', '/api/agents');
    return Array.isArray(answer) ? answer : answer.agents;
  }

  decide(id: string, version: number, decision: 'approve' | 'deny', reason?: string): Promise<unknown> {
    return this.act('POST', `/api/approvals/${id}/decision`, { version, decision, ...(reason ? { reason } : {}) });
  }

  async settings(): Promise<Pick<Settings, 'preferences'>> {
    return (await this.client.call<{ settings: Settings }>('GET', '/api/settings')).settings;
  }

  /** Can a person sign in here (an issuer with a client id)? */
  async canSignIn(): Promise<boolean> {
    return (await this.client.call<{ issuers: Issuer[] }>('GET', '/api/issuers')).issuers.some((issuer) => issuer.signIn !== undefined);
  }

  /** Is the word that we hold still good? */
  async unlocked(): Promise<boolean> {
    return (await this.act<{ unlocked: boolean }>('GET', '/api/persons/current')).unlocked;
  }

  /** What an agent pastes in: the first connection that it may use, LangChain before others. */
  async snippet(agent: Pick<Agent, 'scope'>): Promise<string | undefined> {
    const { snippets } = await this.client.call<{ snippets: { id: string; text: string; connection: string }[] }>('GET', '/api/snippets');
    const { connections } = agent.scope;
    const own = snippets.filter((s) => connections.includes('*') || connections.includes(s.connection));
    return (own.find((s) => s.id === 'langchain-python') ?? own[0])?.text;
  }

  /** Anything that needs the person. */
  act<T = unknown>(method: string, path: string, body?: unknown): Promise<T> {
    const capability = this.capability();
    return this.client.call<T>(method, path, {
      ...(capability === undefined ? {} : { capability }),
      ...(body === undefined ? {} : { body }),
    });
  }

  close(): void {
    this.client.close();
  }
}
