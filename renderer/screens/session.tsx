import { useEffect, useId, useRef, useState } from 'preact/hooks';
import type { ArrivalMeta, EndMeta } from '../../proxy/contract/index.js';
import type { ExchangeDetail, SessionDetail } from '../../proxy/ledger/types.js';
import { api } from '../api/client.js';
import { readRequest, readResponse } from '../api/conversation.js';
import { concerns, onEvent } from '../api/events.js';
import { Conversation } from '../parts/conversation.js';
import { useKeys } from '../parts/keys.js';
import { Await, useLoad } from '../parts/load.js';
import { Tabs } from '../parts/tabs.js';
import { Recorded, words } from '../parts/text.js';
import { duration, Time } from '../parts/time.js';
import { Action } from '../parts/verdict.js';
import { go, place, to } from '../router.js';
import { t } from '../strings/index.js';
import { Answered, added, Decisions, looseVerdicts, VerdictLines } from './exchange-events.js';
import { ExchangeFacts } from './exchange-facts.js';
import { Explain } from './explain.js';
import { RawExchange } from './raw-exchange.js';
import { SessionActs } from './session-acts.js';
import { SessionNotes } from './session-notes.js';
import '../styles/session.css';

/** One session: its exchanges at the left, the chosen one as a person reads it. */
export function Session({ id }: { id: string }) {
  const session = useLoad((signal) => api<SessionDetail>('GET', `/sessions/${id}`, undefined, signal), [id]);
  useEffect(
    () =>
      onEvent(
        (e) => concerns(e, 'exchange-started', 'exchange-ended', 'session') && (!('session' in e) || e.session === id) && session.reload(),
      ),
    [id],
  );
  // A session that has just begun is known by its event a moment before the index knows it.
  const tries = useRef(0);
  const missing = session.error?.code === 'not_found';
  useEffect(() => {
    if (!missing || session.loading || tries.current >= 25) return;
    tries.current += 1;
    const timer = setTimeout(session.reload, 400);
    return () => clearTimeout(timer);
  }, [missing, session.loading]);
  return (
    <div class="page">
      <Await of={session}>{(s) => <Body session={s} reload={session.reload} />}</Await>
    </div>
  );
}

function Body({ session, reload }: { session: SessionDetail; reload: () => void }) {
  const list = [...session.exchangesList].sort((a, b) => a.at.localeCompare(b.at));
  const wanted = place.value.query.get('x');
  const chosen = list.find((x) => x.id === wanted) ?? list.at(-1);
  const index = chosen ? list.indexOf(chosen) : -1;
  const show = (i: number): void => {
    const next = list[i];
    if (next) go(`/sessions/${session.id}?x=${next.id}`, true);
  };
  useKeys({ j: () => show(index + 1), k: () => show(index - 1), Escape: () => go('/sessions') });
  return (
    <>
      <header>
        <div>
          <p class="small">
            <a href={to('/sessions')}>{t.nav.history}</a>
          </p>
          <h1>{session.forgotten ? t.history.forgotten : <Recorded text={session.title || t.history.untitled} limit={120} />}</h1>
          <p>
            <SearchLink field="agent" value={session.agent} /> · {t.history.exchanges(session.exchanges)} · <Time at={session.startedAt} />
            {session.inputTokens + session.outputTokens > 0 ? ` · ${t.session.tokens(session.inputTokens, session.outputTokens)}` : ''}
          </p>
          <p class="row chips">
            {Object.entries(session.findings).map(([entity, n]) => (
              <SearchLink key={entity} field="finding" value={entity} text={`${words(entity)}${n > 1 ? ` ×${n}` : ''}`} chip />
            ))}
            {session.tools.map((name) => (
              <SearchLink key={name} field="tool" value={name} chip />
            ))}
            {session.labels.map((label) => (
              <SearchLink key={label} field="label" value={label} chip />
            ))}
          </p>
        </div>
        <SessionActs session={session} reload={reload} />
      </header>
      <SessionNotes session={session} reload={reload} />
      <div class="session">
        <nav class="exchanges" aria-label={t.session.exchanges}>
          {list.map((x, i) => (
            <a key={x.id} href={to(`/sessions/${session.id}?x=${x.id}`)} aria-current={x.id === chosen?.id ? 'true' : undefined}>
              <span class="row between">
                <span>
                  {i + 1}. {x.operation}
                </span>
                <Action action={x.strongest} />
              </span>
              <span class="muted small">
                {x.model ?? x.connection} · {x.outcome === 'open' ? t.history.live : `${t.outcome(x.outcome)} · ${duration(x.totalMs)}`}
              </span>
            </a>
          ))}
        </nav>
        {chosen ? (
          <ExchangeView key={chosen.id} id={chosen.id} session={session} previous={list[index - 1]?.id} />
        ) : (
          <p class="empty">{t.history.untitled}</p>
        )}
      </div>
    </>
  );
}

/** Goes to the history with what else has this. */
function SearchLink({ field, value, text, chip }: { field: string; value: string; text?: string; chip?: boolean }) {
  const quoted = /\s/.test(value) ? `"${value.replaceAll('"', '')}"` : value;
  return (
    <a
      class={chip ? 'chip' : ''}
      href={to(`/sessions?q=${encodeURIComponent(`${field}:${quoted}`)}`)}
      title={t.session.searchFor(`${field}:${value}`)}
    >
      {text ?? <Recorded text={value} limit={60} />}
    </a>
  );
}

type Tab = 'conversation' | 'panes' | 'facts' | 'explain' | 'raw';
const TABS: Tab[] = ['conversation', 'panes', 'facts', 'explain', 'raw'];

function ExchangeView({ id, session, previous }: { id: string; session: SessionDetail; previous: string | undefined }) {
  const [tab, setTab] = useState<Tab>((place.value.query.get('tab') as Tab | null) ?? 'conversation');
  const panel = useId();
  const [whole, setWhole] = useState(previous === undefined);
  const exchange = useLoad((signal) => api<ExchangeDetail>('GET', `/exchanges/${id}`, undefined, signal), [id]);
  useEffect(() => onEvent((e) => concerns(e, 'exchange-ended') && (!('exchange' in e) || e.exchange === id) && exchange.reload()), [id]);
  return (
    <section class="card exchange" aria-label={t.session.exchange}>
      <Tabs
        names={TABS.map((name) => [name, t.session.tabs[name]] as const)}
        chosen={tab}
        choose={setTab}
        label={t.session.exchange}
        panel={panel}
      />
      <div id={panel} role="tabpanel" aria-labelledby={`${panel}-${tab}`}>
        <Await of={exchange}>
          {(x) => {
            const arrival = x.events.find((e) => e.kind === 'arrival')?.meta as unknown as ArrivalMeta | undefined;
            const end = x.events.find((e) => e.kind === 'end')?.meta as unknown as EndMeta | undefined;
            const verdicts = arrival?.verdicts ?? [];
            const messages = readRequest(x.request);
            const answer = readResponse(x.response);
            // A growing conversation: what the exchange before brought is folded away.
            const shown = whole ? messages : added(messages);
            if (tab === 'facts') return <ExchangeFacts exchange={x} arrival={arrival} end={end} />;
            if (tab === 'explain') return <Explain exchange={x.id} />;
            if (tab === 'raw') return <RawExchange exchange={x} />;
            if (tab === 'panes') return <RawExchange exchange={x} panes session={session.id} />;
            return (
              <div class="stack">
                {shown.length < messages.length ? (
                  <button type="button" class="quiet" onClick={() => setWhole(true)}>
                    {t.session.earlier(messages.length - shown.length)}
                  </button>
                ) : null}
                <VerdictLines of={looseVerdicts(verdicts, messages)} />
                <Conversation messages={shown} verdicts={verdicts} />
                <Decisions of={x.events} />
                {answer ? (
                  <Conversation messages={[answer]} verdicts={[]} />
                ) : (
                  <p class="muted">{end ? t.session.noAnswer(t.outcome(end.outcome), end.code) : t.session.stillOpen}</p>
                )}
                <Answered of={x.events} end={end} />
              </div>
            );
          }}
        </Await>
      </div>
    </section>
  );
}
