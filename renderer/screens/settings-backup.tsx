import { useState } from 'preact/hooks';
import { ApiError, api } from '../api/client.js';
import { Failure, Saved, Submit, Sure, useAct } from '../parts/act.js';
import { save } from '../parts/copy.js';
import { t } from '../strings/index.js';
import type { PageProps } from './settings.js';

interface Restored {
  restored: string[];
  missing: string[];
}

/** Taking settings, policies and our own keys away, and putting them back. Provider keys never leave the keychain. */
export function BackupSettings({ reload }: PageProps) {
  return (
    <>
      <Backup />
      <Restore reload={reload} />
      <section class="card">
        <h2>{t.settings.backup.lost}</h2>
        <ol class="help">
          {t.settings.backup.lostSteps.map((step) => (
            <li key={step}>{step}</li>
          ))}
        </ol>
      </section>
    </>
  );
}

function Backup() {
  const s = t.settings.backup;
  const [passphrase, setPassphrase] = useState('');
  const act = useAct();
  return (
    <form
      class="card"
      aria-label={s.title}
      onSubmit={(e) => {
        e.preventDefault();
        void act.run(
          () => api<{ filename: string; document: unknown }>('POST', '/backup', passphrase ? { passphrase } : {}),
          ({ filename, document }) => (save(filename, JSON.stringify(document, null, 2)), setPassphrase('')),
        );
      }}
    >
      <h2>{s.title}</h2>
      <p class="muted">{s.lead}</p>
      <label class="narrow">
        {s.passphrase} <span class="hint">{s.passphraseHint}</span>
        <input type="password" autocomplete="new-password" value={passphrase} onInput={(e) => setPassphrase(e.currentTarget.value)} />
      </label>
      <Submit act={act} label={s.make} disabled={passphrase !== '' && passphrase.length < 8}>
        <Saved act={act} />
      </Submit>
    </form>
  );
}

function Restore({ reload }: { reload: () => void }) {
  const s = t.settings.backup;
  const [document, setDocument] = useState<unknown>();
  const [passphrase, setPassphrase] = useState('');
  const [plan, setPlan] = useState<Restored | undefined>();
  const [done, setDone] = useState<Restored | undefined>();
  const act = useAct();
  const body = (dryRun: boolean): Record<string, unknown> => ({ document, dryRun, ...(passphrase ? { passphrase } : {}) });
  const open = (file: File | undefined): void => {
    setPlan(undefined);
    setDone(undefined);
    setDocument(undefined);
    if (!file) return;
    void act.run(async () => {
      try {
        return JSON.parse(await file.text()) as unknown;
      } catch {
        throw new ApiError('invalid', s.notJson, 0);
      }
    }, setDocument);
  };
  return (
    <section class="card" aria-labelledby="restore-title">
      <h2 id="restore-title">{s.restore}</h2>
      <p class="muted">{s.restoreLead}</p>
      <div class="two">
        <label>
          {s.file}
          <input type="file" accept="application/json,.json" onChange={(e) => open(e.currentTarget.files?.[0])} />
        </label>
        <label>
          {s.passphrase} <span class="hint">{s.restorePassphraseHint}</span>
          <input type="password" autocomplete="off" value={passphrase} onInput={(e) => setPassphrase(e.currentTarget.value)} />
        </label>
      </div>
      <Failure error={act.error} />
      <div class="row">
        <button
          type="button"
          disabled={document === undefined || act.busy}
          onClick={() => void act.run(() => api<Restored>('POST', '/restore', body(true)), setPlan)}
        >
          {s.look}
        </button>
        {plan ? (
          <Sure
            label={s.apply}
            sure={s.applySure}
            disabled={act.busy}
            onYes={() =>
              void act.run(
                () => api<Restored>('POST', '/restore', body(false)),
                (answer) => (setDone(answer), setPlan(undefined), reload()),
              )
            }
          />
        ) : null}
      </div>
      <div role="status">{plan ? <Lists of={plan} title={s.would} /> : done ? <Lists of={done} title={s.did} /> : null}</div>
    </section>
  );
}

function Lists({ of, title }: { of: Restored; title: string }) {
  return (
    <div class="stack">
      <h3>{title}</h3>
      <ul class="help">
        {of.restored.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
      {of.missing.length > 0 ? (
        <>
          <h3>{t.settings.backup.missing}</h3>
          <ul class="help">
            {of.missing.map((line) => (
              <li key={line}>{line}</li>
            ))}
          </ul>
        </>
      ) : null}
    </div>
  );
}
