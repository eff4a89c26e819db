import { useEffect, useMemo, useState } from 'preact/hooks';
import type { ReplayData } from '../../proxy/control/types.js';
import { type ApiError, api } from '../api/client.js';
import { clock, countAt, joinPieces, layOut, marksOf, nextDecision, seen } from '../api/replay.js';
import { useKeys } from '../parts/keys.js';
import { ErrorBox } from '../parts/load.js';
import { go, to } from '../router.js';
import { t } from '../strings/index.js';
import { Moments } from './replay-moments.js';
import { SPEEDS, usePlayhead } from './replay-playhead.js';
import { Scrub } from './replay-scrub.js';
import { SeenView } from './replay-seen.js';
import '../styles/session.css';
import '../styles/replay.css';

/** A session played again with its recorded timing. */
export function Replay({ id }: { id: string }) {
  const [data, setData] = useState<ReplayData | undefined>();
  const [error, setError] = useState<ApiError | undefined>();
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    const stop = new AbortController();
    setData(undefined);
    setError(undefined);
    const load = async (): Promise<void> => {
      let from: string | undefined;
      let whole: ReplayData | undefined;
      do {
        const query: string = from ? `?from=${encodeURIComponent(from)}` : '';
        const piece = await api<ReplayData & { nextFrom?: string }>('GET', `/sessions/${id}/replay${query}`, undefined, stop.signal);
        whole = joinPieces(whole, piece);
        from = piece.nextFrom;
      } while (from !== undefined);
      setData(whole);
    };
    load().catch((caught: Error) => caught.name !== 'AbortError' && setError(caught as ApiError));
    return () => stop.abort();
  }, [id, turn]);
  return (
    <div class="page replay-page">
      <header>
        <div>
          <p class="small">
            <a href={to('/sessions')}>{t.nav.history}</a> · <a href={to(`/sessions/${id}`)}>{t.replay.session}</a>
          </p>
          <h1>{t.replay.title}</h1>
        </div>
      </header>
      {error ? <ErrorBox error={error} retry={() => setTurn((n) => n + 1)} /> : null}
      {!data && !error ? (
        <p class="empty" role="status">
          {t.common.loading}
        </p>
      ) : null}
      {data && data.events.length === 0 ? (
        <div class="card empty">
          <h2>{t.replay.nothing}</h2>
          <p>{t.replay.nothingHint}</p>
        </div>
      ) : null}
      {data && data.events.length > 0 ? <Player data={data} /> : null}
    </div>
  );
}

function Player({ data }: { data: ReplayData }) {
  const [speed, setSpeed] = useState<number>(1);
  const [skipIdle, setSkipIdle] = useState(true);
  const line = useMemo(() => layOut(data.events, skipIdle), [data, skipIdle]);
  const marks = useMemo(() => marksOf(data.events), [data]);
  const head = usePlayhead(line, speed);
  const count = countAt(line, head.position);
  const picture = useMemo(() => seen(data.events, count), [data, count]);
  /** Goes to the state after `n` events. */
  const show = (n: number): void => {
    const wanted = Math.max(1, Math.min(data.events.length, n));
    head.seek(line.at[wanted - 1] ?? 0);
  };
  /** Steps over events of the same instant, so that each step is seen. */
  const step = (by: 1 | -1): void => {
    if (by > 0) return show(count + 1);
    const now = line.at[count - 1] ?? 0;
    const before = line.at.findLastIndex((at) => at < now);
    show(before + 1);
  };
  const decision = nextDecision(marks, count);
  const jump = (): void => {
    if (decision !== undefined) show(decision + 1);
  };
  const speedBy = (by: number): void => setSpeed(SPEEDS[Math.max(0, Math.min(SPEEDS.length - 1, SPEEDS.indexOf(speed as 1) + by))] ?? 1);
  useKeys({
    ' ': head.toggle,
    ArrowRight: () => step(1),
    ArrowLeft: () => step(-1),
    Home: () => show(1),
    End: () => show(data.events.length),
    n: jump,
    '+': () => speedBy(1),
    '-': () => speedBy(-1),
    Escape: () => go(`/sessions/${data.session}`),
  });
  // Keeping the newest in sight is part of playing; a person who scrolls while it stands still is left alone.
  useEffect(() => {
    if (head.playing) document.querySelector('.replay-seen')?.lastElementChild?.scrollIntoView({ block: 'end' });
  }, [count, head.playing]);
  const r = t.replay;
  const ended = head.position >= line.length;
  return (
    <>
      <section class="card player" aria-label={r.controls}>
        <Scrub line={line} marks={marks} position={head.position} seek={head.seek} events={data.events} />
        <div class="row between">
          <div class="row">
            <button type="button" class="primary play" onClick={head.toggle}>
              <span aria-hidden="true">{head.playing ? '❚❚' : '▶'}</span> {head.playing ? r.pause : ended ? r.again : r.play}
            </button>
            <button type="button" aria-label={r.stepBack} title={r.stepBack} disabled={count <= 1} onClick={() => step(-1)}>
              ←
            </button>
            <button
              type="button"
              aria-label={r.stepForward}
              title={r.stepForward}
              disabled={count >= data.events.length}
              onClick={() => step(1)}
            >
              →
            </button>
            <button type="button" disabled={decision === undefined} onClick={jump}>
              {r.nextDecision}
            </button>
          </div>
          <div class="row">
            <div class="speeds" role="group" aria-label={r.speed}>
              {SPEEDS.map((s) => (
                <button key={s} type="button" aria-pressed={s === speed} onClick={() => setSpeed(s)}>
                  {s}×
                </button>
              ))}
            </div>
            <label class="inline">
              <input
                type="checkbox"
                checked={skipIdle}
                onChange={(e) => {
                  const wanted = e.currentTarget.checked;
                  const next = layOut(data.events, wanted);
                  setSkipIdle(wanted);
                  head.seek(next.at[count - 1] ?? 0);
                }}
              />
              {r.skipIdle}
            </label>
            <span class="time mono">
              {clock(head.position)} / {clock(line.length)}
            </span>
          </div>
        </div>
        <p class="visually-hidden" role="status">
          {head.playing ? '' : r.at(count, data.events.length)}
        </p>
      </section>
      <div class="session">
        <Moments events={data.events} marks={marks} line={line} count={count} show={show} />
        <section class="card exchange replay-seen" aria-label={t.session.tabs.conversation}>
          {picture.map((one, i) => (
            <SeenView key={one.id} seen={one} index={i} />
          ))}
        </section>
      </div>
    </>
  );
}
