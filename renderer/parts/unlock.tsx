import { signal } from '@preact/signals';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Person } from '../../proxy/contract/index.js';
import { type ApiError, api, onPersonRequired } from '../api/client.js';
import { t } from '../strings/index.js';
import { Failure, Submit, useAct } from './act.js';
import { SignIn } from './sign-in.js';

export interface CurrentPerson {
  person?: Person;
  unlocked: boolean;
  passphraseSet: boolean;
  signIn: boolean;
}

/** Who waits for a person; the dialog is open while it is not empty. */
const waiting = signal<((there: boolean) => void)[]>([]);

/** Asks for a person: opens the dialog, and answers whether there is one now. Several acts at once wait for one answer. */
export function askForPerson(): Promise<boolean> {
  return new Promise((resolve) => {
    waiting.value = [...waiting.value, resolve];
  });
}
onPersonRequired(askForPerson);

function answer(there: boolean): void {
  const all = waiting.value;
  waiting.value = [];
  for (const one of all) one(there);
}

/** The dialog that asks for the passphrase, sets the first one, or signs in. */
export function UnlockDialog() {
  const dialog = useRef<HTMLDialogElement>(null);
  const open = waiting.value.length > 0;
  const [who, setWho] = useState<CurrentPerson | undefined>();
  const [error, setError] = useState<ApiError | undefined>();
  useEffect(() => {
    if (!open) {
      dialog.current?.close();
      return;
    }
    setWho(undefined);
    setError(undefined);
    dialog.current?.showModal();
    api<CurrentPerson>('GET', '/persons/current').then(setWho, setError);
  }, [open]);
  return (
    <dialog ref={dialog} aria-labelledby="unlock-title" onCancel={() => answer(false)} onClose={() => open && answer(false)}>
      {open ? (
        <div class="body">
          <h2 id="unlock-title">{who && !who.passphraseSet ? t.person.setTitle : t.person.unlockTitle}</h2>
          <Failure error={error} />
          {who ? <Passphrase first={!who.passphraseSet} done={() => answer(true)} cancel={() => answer(false)} /> : null}
          {who?.signIn ? (
            <>
              <p class="hint">{t.person.orSignIn}</p>
              <SignIn done={() => answer(true)} />
            </>
          ) : null}
        </div>
      ) : null}
    </dialog>
  );
}

/** One field, or two for the first passphrase. */
export function Passphrase({ first, done, cancel }: { first: boolean; done: () => void; cancel?: () => void }) {
  const [passphrase, setPassphrase] = useState('');
  const [again, setAgain] = useState('');
  const act = useAct();
  const differs = first && again !== '' && again !== passphrase;
  const ready = first ? passphrase.length >= 8 && again === passphrase : passphrase !== '';
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.focus(), []);
  return (
    <form
      class="stack"
      onSubmit={(e) => {
        e.preventDefault();
        if (ready) void act.run(() => api('POST', first ? '/persons/passphrase' : '/persons/unlock', { passphrase }), done);
      }}
    >
      <p class="muted">{first ? t.person.setLead : t.person.unlockLead}</p>
      {/* Password stores of browsers want a name beside it. */}
      <input type="text" autocomplete="username" value="local" readOnly hidden />
      <label>
        {t.person.passphrase} {first ? <span class="hint">{t.person.atLeast}</span> : null}
        <input
          ref={field}
          type="password"
          autocomplete={first ? 'new-password' : 'current-password'}
          value={passphrase}
          onInput={(e) => setPassphrase(e.currentTarget.value)}
        />
      </label>
      {first ? (
        <label>
          {t.person.again}
          <input type="password" autocomplete="new-password" value={again} onInput={(e) => setAgain(e.currentTarget.value)} />
          {differs ? <span class="error">{t.person.differs}</span> : null}
        </label>
      ) : null}
      <Submit act={act} label={first ? t.person.set : t.person.unlock} disabled={!ready}>
        {cancel ? (
          <button type="button" class="quiet" onClick={cancel}>
            {t.common.cancel}
          </button>
        ) : null}
      </Submit>
    </form>
  );
}
