import { useEffect, useRef, useState } from 'preact/hooks';
import { type DialectName, knownProvider, PROVIDERS, type Provider, readAddress } from '../../proxy/contract/index.js';
import { api } from '../api/client.js';
import { readRules } from '../api/connection-rules.js';
import { Submit, useAct } from '../parts/act.js';
import { to } from '../router.js';
import { t } from '../strings/index.js';

interface Kind {
  id: 'openai' | 'anthropic' | 'compatible' | 'http';
  dialect: DialectName;
}

const KINDS: Kind[] = [
  { id: 'openai', dialect: 'openai' },
  { id: 'anthropic', dialect: 'anthropic' },
  { id: 'compatible', dialect: 'openai' },
  { id: 'http', dialect: 'http' },
];
const COMPATIBLE = PROVIDERS.filter((p) => !KINDS.some((k) => k.id === p.id));

/** A new connection. A key goes to the keychain; where there is none, it can be read from an environment variable. */
export function ConnectionForm({
  keeps,
  done,
  short,
}: {
  /** Whether keys can be kept here; undefined while it is not known. */
  keeps: boolean | undefined;
  done: (name: string) => void;
  /** First run: no way back, no seldom needed fields. */
  short?: boolean;
}) {
  const f = t.connections.form;
  const [kind, setKind] = useState<Kind>(KINDS[0] as Kind);
  const [name, setName] = useState('openai');
  const [address, setAddress] = useState(knownProvider('openai')?.address ?? '');
  const [provider, setProvider] = useState<Provider | undefined>(knownProvider('openai'));
  const [where, setWhere] = useState<'key' | 'env' | 'none'>('key');
  const [key, setKey] = useState('');
  const [variable, setVariable] = useState('OPENAI_API_KEY');
  const [rules, setRules] = useState('GET /**');
  const [privateAddress, setPrivate] = useState(false);
  const act = useAct();
  // Where there is no keychain, a key cannot be kept; the other way is offered first.
  useEffect(() => {
    if (keeps === false && key === '') setWhere('env');
  }, [keeps]);
  const choose = (next: Kind): void => {
    setKind(next);
    fill(knownProvider(next.id));
  };
  const fill = (next: Provider | undefined): void => {
    setProvider(next);
    setName(next?.id ?? '');
    setAddress(next?.address ?? '');
    setVariable(next?.variable ?? '');
    if (next && next.variable === undefined) setWhere('none');
    else if (where === 'none') setWhere(keeps === false ? 'env' : 'key');
  };
  const place = readAddress(address);
  const nameOk = /^[a-z0-9-]{1,40}$/.test(name);
  const ready = nameOk && place !== undefined && (where !== 'key' || key.trim() !== '') && (where !== 'env' || /^\w+$/.test(variable));
  const submit = (): void => {
    if (!ready || !place) return;
    const list = kind.dialect === 'http' ? { rules: readRules(rules) } : {};
    void act.run(
      () =>
        api('POST', '/connections', {
          name,
          dialect: kind.dialect,
          ...place,
          ...(where === 'key' ? { key: key.trim() } : { credential: where === 'env' ? `env:${variable}` : 'none' }),
          ...(provider?.credentialHeader ? { credentialHeader: provider.credentialHeader } : {}),
          ...(privateAddress ? { allowPrivateAddress: true } : {}),
          ...list,
        }),
      () => {
        setKey('');
        done(name);
      },
    );
  };
  return (
    <form
      class="card"
      aria-labelledby="connection-form-title"
      onSubmit={(e) => {
        e.preventDefault();
        submit();
      }}
    >
      <h2 id="connection-form-title">{f.title}</h2>
      <fieldset class="choices">
        <legend>{f.kind}</legend>
        {KINDS.filter((k) => !short || k.id !== 'http').map((k) => (
          <label key={k.id} class="inline">
            <input type="radio" name="connection-kind" checked={kind.id === k.id} onChange={() => choose(k)} />
            {f.kinds[k.id]}
          </label>
        ))}
      </fieldset>
      {kind.id === 'compatible' ? (
        <label>
          {f.provider} <span class="hint">{f.providerHint}</span>
          <select value={provider?.id ?? ''} onChange={(e) => fill(knownProvider(e.currentTarget.value))}>
            <option value="">{f.otherProvider}</option>
            {COMPATIBLE.map((p) => (
              <option key={p.id} value={p.id}>
                {p.title}
              </option>
            ))}
          </select>
        </label>
      ) : null}
      <div class="two">
        <label>
          {f.name} <span class="hint">{f.nameHint}</span>
          <input value={name} autocomplete="off" spellcheck={false} onInput={(e) => setName(e.currentTarget.value)} />
          {name !== '' && !nameOk ? <span class="error">{f.nameBad}</span> : null}
        </label>
        <label>
          {f.address} <span class="hint">{f.addressHint}</span>
          <input
            type="url"
            class="mono"
            value={address}
            autocomplete="off"
            spellcheck={false}
            placeholder={provider?.addressLike ?? 'https://'}
            onInput={(e) => setAddress(e.currentTarget.value)}
          />
          {address !== '' && !place ? <span class="error">{f.addressBad}</span> : null}
        </label>
      </div>
      <fieldset class="choices">
        <legend>{f.where}</legend>
        {(['key', 'env', 'none'] as const).map((w) => (
          <label key={w} class="inline">
            <input type="radio" name="connection-where" checked={where === w} onChange={() => setWhere(w)} />
            {f.wheres[w]}
          </label>
        ))}
      </fieldset>
      {where === 'key' ? <KeyField value={key} onInput={setKey} hint={t.connections.keyHint} /> : null}
      {where === 'env' ? (
        <label>
          {f.variable} <span class="hint">{f.variableHint}</span>
          <input class="mono" value={variable} spellcheck={false} onInput={(e) => setVariable(e.currentTarget.value)} />
        </label>
      ) : null}
      {kind.dialect === 'http' ? (
        <label>
          {f.rules} <span class="hint">{f.rulesHint}</span>
          <textarea rows={3} value={rules} spellcheck={false} onInput={(e) => setRules(e.currentTarget.value)} />
        </label>
      ) : null}
      {short ? null : (
        <label class="inline">
          <input type="checkbox" checked={privateAddress} onChange={(e) => setPrivate(e.currentTarget.checked)} />
          <span>
            {f.privateAddress} <span class="hint">{f.privateHint}</span>
          </span>
        </label>
      )}
      <Submit act={act} label={f.save} disabled={!ready}>
        {short ? null : (
          <a class="button" href={to('/connections')}>
            {t.common.cancel}
          </a>
        )}
      </Submit>
    </form>
  );
}

/** The provider's key: never shown, never kept by the page longer than the form. */
export function KeyField({ value, onInput, hint, focus }: { value: string; onInput: (v: string) => void; hint: string; focus?: boolean }) {
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (focus) field.current?.focus();
  }, []);
  return (
    <label>
      {t.connections.keyLabel} <span class="hint">{hint}</span>
      <input
        ref={field}
        type="password"
        class="mono"
        autocomplete="off"
        spellcheck={false}
        value={value}
        onInput={(e) => onInput(e.currentTarget.value)}
      />
    </label>
  );
}
