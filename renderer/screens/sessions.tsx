import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { SessionPage, SessionRow } from '../../proxy/ledger/types.js';
import { type ApiError, api } from '../api/client.js';
import { concerns, live, onEvent } from '../api/events.js';
import { useKeys } from '../parts/keys.js';
import { ErrorBox } from '../parts/load.js';
import { Recorded, words } from '../parts/text.js';
import { Time } from '../parts/time.js';
import { Action } from '../parts/verdict.js';
import { VirtualList } from '../parts/virtual-list.js';
import { go, place, to } from '../router.js';
import { t } from '../strings/index.js';
import { SearchBox } from './search-box.js';
import '../styles/history.css';

const PAGE = 100;
/** Who scrolls far wants much. */
const MORE = 500;
const ROW = 68;

/** Sessions, newest first; typed search, live. */
export function Sessions() {
  const search = place.value.query.get('q') ?? '';
  const [rows, setRows] = useState<SessionRow[]>([]);
  const [page, setPage] = useState<SessionPage | undefined>();
  const [error, setError] = useState<ApiError | undefined>();
  const [active, setActive] = useState(-1);
  const wanted = useRef(0);
  const loadingMore = useRef(false);

  const load = async (): Promise<void> => {
    const mine = ++wanted.current;
    try {
      const got = await api<SessionPage>('GET', `/sessions?limit=${PAGE}${search ? `&search=${encodeURIComponent(search)}` : ''}`);
      if (mine !== wanted.current) return;
      setPage(got);
      // What was loaded further down stays where it is.
      setRows((old) => (old.length > got.sessions.length && !search ? merge(got.sessions, old) : got.sessions));
      setError(undefined);
    } catch (caught) {
      if (mine === wanted.current) setError(caught as ApiError);
    }
  };
  useEffect(() => {
    setRows([]);
    setPage(undefined);
    setActive(-1);
    void load();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const stop = onEvent((event) => {
      if (!concerns(event, 'exchange-started', 'exchange-ended', 'session')) return;
      timer ??= setTimeout(() => {
        timer = undefined;
        void load();
      }, 400);
    });
    return () => {
      stop();
      clearTimeout(timer);
    };
  }, [search]);

  const there = live.value;
  useEffect(() => {
    if (there && error) void load();
  }, [there]);

  const more = async (): Promise<void> => {
    const cursor = page?.nextCursor;
    if (!cursor || loadingMore.current) return;
    loadingMore.current = true;
    try {
      const got = await api<SessionPage>(
        'GET',
        `/sessions?limit=${MORE}&cursor=${encodeURIComponent(cursor)}${search ? `&search=${encodeURIComponent(search)}` : ''}`,
      );
      setPage((p) => ({ ...got, total: p?.total ?? got.total }));
      setRows((old) => merge(old, got.sessions));
    } catch (caught) {
      setError(caught as ApiError);
    } finally {
      loadingMore.current = false;
    }
  };

  useKeys({
    j: () => setActive((i) => Math.min(rows.length - 1, i + 1)),
    k: () => setActive((i) => Math.max(0, i - 1)),
    Enter: () => rows[active] && go(`/sessions/${rows[active]?.id}`),
  });
  const count = useMemo(
    () => (page ? (search ? t.history.found(rows.length, page.nextCursor !== undefined) : t.history.count(page.total)) : ''),
    [page, rows.length, search],
  );

  return (
    <div class="page full">
      <header>
        <div>
          <h1>{t.nav.history}</h1>
          <p role="status" aria-live="polite">
            {count}
            {page?.indexing && !page.indexing.done
              ? ` ${t.history.indexing(Math.round((100 * page.indexing.indexed) / Math.max(1, page.indexing.total)))}`
              : ''}
          </p>
        </div>
      </header>
      <SearchBox value={search} problems={page?.problems ?? []} />
      {error ? (
        <ErrorBox error={error} retry={() => void load()} />
      ) : page && rows.length === 0 ? (
        <Empty searching={search !== ''} />
      ) : !page ? (
        <p class="empty">{t.common.loading}</p>
      ) : (
        <VirtualList
          items={rows}
          rowHeight={ROW}
          label={t.nav.history}
          keyOf={(s) => s.id}
          active={active}
          onEnd={() => void more()}
          row={(s, i) => <Row session={s} active={i === active} />}
        />
      )}
    </div>
  );
}

/** Both lists, each session once, those of the first list first. */
function merge(first: readonly SessionRow[], second: readonly SessionRow[]): SessionRow[] {
  const known = new Set(first.map((s) => s.id));
  return [...first, ...second.filter((s) => !known.has(s.id))];
}

function Row({ session, active }: { session: SessionRow; active: boolean }) {
  const findings = Object.entries(session.findings).sort((a, b) => b[1] - a[1]);
  return (
    <a class={`session-row${active ? ' active' : ''}`} href={to(`/sessions/${session.id}`)}>
      <span class="what">
        <span class="title">
          {session.starred ? <span title={t.history.starred}>★ </span> : null}
          {session.forgotten ? (
            <em class="muted">{t.history.forgotten}</em>
          ) : (
            <Recorded text={session.title || t.history.untitled} limit={160} />
          )}
        </span>
        <span class="muted small">
          <strong>{session.agent}</strong> · {session.models.join(', ') || session.connections.join(', ')} ·{' '}
          {t.history.exchanges(session.exchanges)}
          {session.tools.length > 0 ? ` · ${t.history.tools(session.tools)}` : ''}
        </span>
      </span>
      <span class="marks">
        {session.open ? <span class="chip info">{t.history.live}</span> : null}
        {session.interrupted > 0 ? <span class="chip block">{t.history.interrupted}</span> : null}
        <Action action={session.strongest} />
        {findings.slice(0, 2).map(([entity, n]) => (
          <span key={entity} class="chip">
            {words(entity)} {n > 1 ? `×${n}` : ''}
          </span>
        ))}
        {findings.length > 2 ? <span class="chip">+{findings.length - 2}</span> : null}
      </span>
      <span class="when muted small">
        <Time at={session.lastAt} />
      </span>
    </a>
  );
}

function Empty({ searching }: { searching: boolean }) {
  return (
    <div class="empty">
      <h2>{searching ? t.history.nothingFound : t.history.nothingYet}</h2>
      <p>{searching ? t.history.nothingFoundHint : t.history.nothingYetHint}</p>
      {searching ? null : (
        <a class="button" href={to('/settings/first-run')}>
          {t.history.setUp}
        </a>
      )}
    </div>
  );
}
