import { useState } from 'preact/hooks';
import type { SessionDetail } from '../../proxy/ledger/types.js';
import { api } from '../api/client.js';
import { Failure, useAct } from '../parts/act.js';
import { Recorded } from '../parts/text.js';
import { Time } from '../parts/time.js';
import { t } from '../strings/index.js';

/** What people wrote beside a session; each note is a record. */
export function SessionNotes({ session, reload }: { session: SessionDetail; reload: () => void }) {
  const [text, setText] = useState('');
  const act = useAct();
  const n = session.notes.length;
  return (
    <details class="notes">
      <summary>{t.session.notes(n)}</summary>
      <div class="card">
        {session.notes.map((note) => (
          <div key={note.at + note.text}>
            <p class="small muted">
              {note.person} · <Time at={note.at} />
            </p>
            <p class="text">
              <Recorded text={note.text} />
            </p>
          </div>
        ))}
        {session.forgotten ? null : (
          <form
            class="stack"
            onSubmit={(e) => {
              e.preventDefault();
              if (!text.trim()) return;
              void act.run(
                () => api('POST', `/sessions/${session.id}/notes`, { text: text.trim() }),
                () => (setText(''), reload()),
              );
            }}
          >
            <label>
              {t.session.note} <span class="hint">{t.session.noteHint}</span>
              <textarea rows={2} maxLength={10_000} value={text} onInput={(e) => setText(e.currentTarget.value)} />
            </label>
            <Failure error={act.error} />
            <div class="row">
              <button type="submit" disabled={act.busy || text.trim() === ''}>
                {t.session.addNote}
              </button>
            </div>
          </form>
        )}
      </div>
    </details>
  );
}
