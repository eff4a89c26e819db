import { createHash } from 'node:crypto';
import type { ApprovalInput, Ticket } from '../../proxy/approvals/index.js';
import type { Lab } from './support.js';

/** Something that waits for a person, in the broker of the real gateway. */
export function pending(lab: Lab, text = 'rm -rf ~/work', more: Partial<ApprovalInput> = {}): Ticket {
  const digest = createHash('sha256').update(text).digest('hex');
  return lab.gateway.services.approvals.attach({
    kind: 'tool-call',
    ticketKey: digest,
    agent: { id: 'ag_test', name: 'tester', owner: 'local' },
    connection: 'openai',
    destination: 'agent',
    operation: 'chat',
    session: 'se_test',
    exchange: 'ex_test',
    tool: {
      name: 'shell',
      facts: [{ kind: 'delete', target: '~/work' }],
      risks: [{ id: 'shell/delete-home', class: 'delete', level: 'risky', sentence: 'Deletes ~/work and everything below.' }],
      arguments: JSON.stringify({ command: text }),
    },
    verdicts: [{ action: 'approve', rule: 'preset/risky-tools', sentence: 'Risky commands are asked about.' }],
    demand: { groups: [], minimum: 1, separateApprover: false, expiresInSeconds: 600, mustOpen: false },
    policyRevision: lab.gateway.services.policies.current().revision,
    digest,
    shown: [{ partId: 'choices/0', title: 'arguments of shell', text: JSON.stringify({ command: text }), findings: [] }],
    ...more,
  });
}
