import { type ApprovalBroker, createWebhook } from '../approvals/index.js';
import type { Clock, Settings } from '../contract/index.js';
import type { Faults } from './status.js';

/** Tells the configured webhook about each approval that opens or ends. Off by default; a failure decides nothing and is shown. */
export function followWebhook(
  approvals: ApprovalBroker,
  configured: () => Settings['approvals']['webhook'],
  clock: Clock,
  faults: Faults,
  links: () => { base: string; issue(approvalId: string): string } | undefined,
): void {
  let made: { key: string; notify: ReturnType<typeof createWebhook>['notify'] } | undefined;
  const told = new Map<string, string>();
  approvals.onChange((approval) => {
    const webhook = configured();
    if (!webhook || told.get(approval.id) === approval.state) return;
    told.set(approval.id, approval.state);
    if (told.size > 5_000) told.delete(told.keys().next().value as string);
    try {
      const secret = process.env[webhook.secretEnv] ?? '';
      const key = `${webhook.url}\n${secret}`;
      if (made?.key !== key) made = { key, notify: createWebhook({ url: webhook.url, secret: Buffer.from(secret), clock, links }).notify };
      void made.notify(approval).then((ok) => {
        if (ok) faults.clear('webhook');
        else faults.set('webhook', 'The webhook for approvals does not answer. Approvals still wait here (settings: approvals.webhook).');
      });
    } catch (error) {
      faults.set('webhook', `${(error as Error).message} (settings: approvals.webhook).`);
    }
  });
}
