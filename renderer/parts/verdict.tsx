import type { Verdict } from '../../proxy/contract/index.js';
import { t } from '../strings/index.js';
import { words } from './text.js';

/** The strongest action as a chip; allowed things need none. */
export function Action({ action }: { action: string }) {
  if (action === 'allow' || action === '') return null;
  const label = (t.action as Record<string, string>)[action] ?? action;
  return <span class={`chip ${action}`}>{label}</span>;
}

/** A verdict in place: what was done, the sentence, the rule. */
export function VerdictLine({ verdict }: { verdict: Verdict }) {
  return (
    <p class="verdict small">
      <Action action={verdict.action} />
      {verdict.carriedOver ? <span class="chip">{t.session.carriedOver}</span> : null}
      {verdict.notScanned ? <span class="chip">{t.session.notScanned(words(verdict.notScanned.reason.replaceAll('-', '_')))}</span> : null}{' '}
      <span>{verdict.sentence}</span> <span class="muted mono">{verdict.rule}</span>
    </p>
  );
}
