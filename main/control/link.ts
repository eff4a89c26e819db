/** Main as a client of the control API: the same door that the CLI uses, with the capability of the person at this computer. */
import type { Agent, Approval, ControlEvent, GatewayStatus } from '../../proxy/contract/index.js';
import { ControlClient } from '../../proxy/index.js';

export class ControlLink {
  readonly client: ControlClient;
  private readonly stop = new AbortController();
  constructor(
    address: { socket: string; token: string },
    public capability: string,
  ) {
    this.client = new ControlClient({ ...address, pid: process.pid });
  }

  /** Every event until the link is closed. Rejects when the gateway goes away. */
  async follow(on: (event: ControlEvent) => void): Promise<void> {
    for await (const event of this.client.events({ signal: this.stop.signal })) on(event.data as ControlEvent);
  }

  status(): Promise<GatewayStatus> {
    return this.client.call('GET', '/api/status');
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

  /** Anything that needs the person. */
  act<T = unknown>(method: string, path: string, body?: unknown): Promise<T> {
    return this.client.call<T>(method, path, { capability: this.capability, ...(body === undefined ? {} : { body }) });
  }

  close(): void {
    this.stop.abort();
    this.client.close();
  }
}
