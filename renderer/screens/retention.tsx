import { useState } from 'preact/hooks';
import { api } from '../api/client.js';
import { Failure, Sure, useAct } from '../parts/act.js';
import { bytes } from '../parts/time.js';
import { to } from '../router.js';
import { t } from '../strings/index.js';

interface Removed {
  segments: number;
  bytes: number;
  sessions: number;
  until?: string;
}

/** What retention would remove, and removing it. */
export function Retention() {
  const [would, setWould] = useState<Removed | undefined>();
  const [did, setDid] = useState<Removed | undefined>();
  const act = useAct();
  const run = (dryRun: boolean): void =>
    void act.run(
      () => api<Removed>('POST', '/retention', { dryRun }),
      (value) => (dryRun ? (setWould(value), setDid(undefined)) : (setDid(value), setWould(undefined))),
    );
  const r = t.retention;
  return (
    <section class="card" aria-labelledby="retention-title">
      <h2 id="retention-title">{r.title}</h2>
      <p class="muted">
        {r.lead} <a href={to('/settings/retention')}>{r.set}</a>
      </p>
      <Failure error={act.error} />
      <div class="row">
        <button type="button" disabled={act.busy} onClick={() => run(true)}>
          {r.dryRun}
        </button>
        {would && would.segments > 0 ? <Sure label={r.apply} sure={r.applySure} disabled={act.busy} onYes={() => run(false)} /> : null}
        <span role="status">
          {would ? (would.segments === 0 ? r.nothing : r.would(would.segments, bytes(would.bytes), would.sessions)) : ''}
          {did ? r.did(did.segments, bytes(did.bytes)) : ''}
        </span>
      </div>
    </section>
  );
}
