import { useMemo } from 'preact/hooks';
import type { ArrivalMeta, EndMeta, Verdict } from '../../proxy/contract/index.js';
import { type Message, readRequest, readResponse } from '../api/conversation.js';
import type { SeenExchange } from '../api/replay.js';
import { Conversation } from '../parts/conversation.js';
import { VerdictLine } from '../parts/verdict.js';
import { t } from '../strings/index.js';
import { DecisionEvent, ToolCallEvent } from './exchange-events.js';

/** One exchange as far as it has come. */
export function SeenView({ seen, index }: { seen: SeenExchange; index: number }) {
  // The same number of events is the same picture: it is not drawn again while later exchanges play.
  return useMemo(() => <Drawn seen={seen} index={index} />, [seen.id, seen.count, index]);
}

/** What this exchange added: a growing conversation repeats what came before. */
export function added(messages: Message[]): Message[] {
  const last = messages.findLastIndex((m) => m.role === 'assistant');
  return last < 0 ? messages : messages.slice(last + 1);
}

function Drawn({ seen, index }: { seen: SeenExchange; index: number }) {
  const arrival = seen.arrival?.meta as unknown as ArrivalMeta | undefined;
  const end = seen.end?.kind === 'end' ? (seen.end.meta as unknown as EndMeta) : undefined;
  const messages = seen.request === undefined ? [] : index === 0 ? readRequest(seen.request) : added(readRequest(seen.request));
  const verdicts: Verdict[] = arrival?.verdicts ?? [];
  const loose = verdicts.filter(
    (v) => v.partId === undefined || !messages.some((m) => m.at !== '' && (v.partId === m.at || v.partId?.startsWith(`${m.at}/`))),
  );
  const answer = seen.response ? readResponse(seen.response) : undefined;
  return (
    <div class="stack seen">
      <h2 class="small muted">
        {index + 1}. {arrival?.operation} · {arrival?.model ?? arrival?.connection}
      </h2>
      <Conversation messages={messages} verdicts={verdicts} />
      {loose.map((v, i) => (
        <VerdictLine key={i} verdict={v} />
      ))}
      {seen.events
        .filter((e) => e.kind === 'approval' || e.kind === 'decision')
        .map((e) => (
          <DecisionEvent key={e.sequence} event={e} />
        ))}
      {answer ? <Conversation messages={[answer]} verdicts={[]} /> : null}
      {seen.events
        .filter((e) => e.kind === 'tool-call')
        .map((e) => (
          <ToolCallEvent key={e.sequence} event={e} />
        ))}
      {(end?.verdicts ?? [])
        .filter((v) => !v.partId?.startsWith('tool:'))
        .map((v, i) => (
          <VerdictLine key={i} verdict={v} />
        ))}
      {seen.end ? (
        <p class="small muted">
          {end ? t.outcome(end.outcome) : t.history.interrupted}
          {end?.code ? ` (${end.code})` : ''}
        </p>
      ) : null}
    </div>
  );
}
