import { useMemo } from 'preact/hooks';
import type { ArrivalMeta, EndMeta } from '../../proxy/contract/index.js';
import { readRequest, readResponse } from '../api/conversation.js';
import type { SeenExchange } from '../api/replay.js';
import { Conversation } from '../parts/conversation.js';
import { t } from '../strings/index.js';
import { Answered, added, Decisions, looseVerdicts, VerdictLines } from './exchange-events.js';

/** One exchange as far as it has come. */
export function SeenView({ seen, index }: { seen: SeenExchange; index: number }) {
  // The same number of events is the same picture: it is not drawn again while later exchanges play.
  return useMemo(() => <Drawn seen={seen} index={index} />, [seen.id, seen.count, index]);
}

function Drawn({ seen, index }: { seen: SeenExchange; index: number }) {
  const arrival = seen.arrival?.meta as unknown as ArrivalMeta | undefined;
  const end = seen.end?.kind === 'end' ? (seen.end.meta as unknown as EndMeta) : undefined;
  const messages = seen.request === undefined ? [] : index === 0 ? readRequest(seen.request) : added(readRequest(seen.request));
  const verdicts = arrival?.verdicts ?? [];
  const answer = seen.response ? readResponse(seen.response) : undefined;
  return (
    <div class="stack seen">
      <h2 class="small muted">
        {index + 1}. {arrival?.operation} · {arrival?.model ?? arrival?.connection}
      </h2>
      <Conversation messages={messages} verdicts={verdicts} />
      <VerdictLines of={looseVerdicts(verdicts, messages)} />
      <Decisions of={seen.events} />
      {answer ? <Conversation messages={[answer]} verdicts={[]} /> : null}
      <Answered of={seen.events} end={end} />
      {seen.end ? (
        <p class="small muted">
          {end ? t.outcome(end.outcome) : t.history.interrupted}
          {end?.code ? ` (${end.code})` : ''}
        </p>
      ) : null}
    </div>
  );
}
