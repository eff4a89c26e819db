import type { Approval, GatewayStatus } from '../../proxy/contract/index.js';

export function approval(change: Partial<Approval> = {}): Approval {
  return {
    id: 'ap_1',
    version: 1,
    state: 'pending',
    kind: 'request',
    agent: { id: 'ag_1', name: 'etl-bot', owner: 'local' },
    connection: 'openai',
    destination: 'https://api.openai.com',
    model: 'gpt-4o',
    operation: 'chat',
    session: 'se_1',
    exchange: 'ex_1',
    verdicts: [{ action: 'approve', rule: 'balanced/ask', sentence: 'Because.' }],
    demand: { groups: [], minimum: 1, separateApprover: false, expiresInSeconds: 600, mustOpen: false },
    policyRevision: 'r1',
    digest: 'd'.repeat(64),
    code: 'ABC234',
    shown: [{ partId: 'messages/0', title: 'user', text: 'the secret prompt text', findings: [] }],
    createdAt: '2026-01-01T00:00:00.000Z',
    expiresAt: '2026-01-01T00:10:00.000Z',
    decisions: [],
    clientWaiting: true,
    attempts: 1,
    ...change,
  };
}

export function status(change: Partial<GatewayStatus> = {}): GatewayStatus {
  return {
    state: 'listening',
    version: '0.1.0',
    baseUrl: 'http://127.0.0.1:4141',
    active: 0,
    pending: 0,
    frozen: false,
    doNotDisturb: false,
    recording: { ok: true, protectedKeys: true },
    secrets: { kind: 'keychain', protected: true },
    policy: { preset: 'balanced', revision: 'r1', managed: false },
    demo: false,
    faults: [],
    ...change,
  };
}
