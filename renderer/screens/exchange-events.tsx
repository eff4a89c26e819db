import type { Verdict } from '../../proxy/contract/index.js';
import type { LedgerEvent } from '../../proxy/ledger/types.js';
import { Recorded } from '../parts/text.js';
import { Time } from '../parts/time.js';
import { VerdictLine } from '../parts/verdict.js';
import { t } from '../strings/index.js';

/** A person was asked, or decided. */
export function DecisionEvent({ event }: { event: LedgerEvent }) {
  return (
    <p class="event small">
      <span>
        <span class="chip approve">{t.session.kinds[event.kind as 'approval' | 'decision']}</span>{' '}
        <Recorded text={t.session.approvalEvent(event.meta)} limit={500} /> <Time at={event.at} />
      </span>
    </p>
  );
}

/** A tool call that the model made: what became of it, and why. */
export function ToolCallEvent({ event }: { event: LedgerEvent }) {
  const stopped = event.meta['outcome'] === 'blocked' || event.meta['outcome'] === 'denied';
  return (
    <div class="event">
      <p class="small">
        <span class={`chip ${stopped ? 'block' : 'info'}`}>
          {t.session.toolOutcome(String(event.meta['name']), String(event.meta['outcome']))}
        </span>
      </p>
      {event.meta['verdict'] ? <VerdictLine verdict={event.meta['verdict'] as Verdict} /> : null}
      {event.content && stopped ? (
        <pre class="code wrap" tabIndex={0}>
          <Recorded text={event.content} />
        </pre>
      ) : null}
    </div>
  );
}
