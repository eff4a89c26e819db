/**
 * Moving the keys of a data directory. What an attacker could do here: an agent of the same user could move them under a passphrase of
 * its own, and the gateway would not start any more; it could as well delete them. What it cannot do is read them where the place
 * they are in protects them, and no gateway runs meanwhile that would use the wrong ones.
 */
import { existsSync } from 'node:fs';
import { SallyportError } from '../../contract/index.js';
import { moveSecrets, type SecretConsent, secretPlace } from '../../credentials/index.js';
import { lockLedger } from '../../ledger/index.js';
import type { Context } from '../context.js';
import { Usage } from '../exit.js';

const WORDS: Record<string, string> = {
  keychain: 'in the keychain of this computer',
  systemd: 'encrypted under the systemd credential "sallyport-key"',
  'key-file': 'encrypted under a key file',
  passphrase: 'encrypted under a passphrase',
  'unprotected-file': 'in a file whose key lies beside it: NOT protected',
};

export async function where(ctx: Context): Promise<void> {
  const kind = await placeOf(ctx);
  ctx.print({ kind, protected: kind !== 'unprotected-file' }, () => `The keys are ${WORDS[kind] ?? kind}.`);
}

export async function move(ctx: Context, options: { keyFile?: string; passphrase?: boolean }): Promise<void> {
  if (options.keyFile !== undefined && options.passphrase === true) throw new Usage('Choose one: --key-file or --passphrase.');
  const from = await placeOf(ctx);
  const ask = passphrases(ctx);
  // Held all the while: a gateway that starts meanwhile would read keys that are on their way.
  const release = lockLedger(ctx.directory);
  try {
    const consent: SecretConsent = {
      ...(options.keyFile === undefined ? {} : { keyFile: options.keyFile }),
      ...(options.passphrase === true ? { passphrase: ask.chosen } : {}),
    };
    const previous: SecretConsent = from === 'passphrase' ? { passphrase: ask.present } : {};
    const { kind } = await moveSecrets({ directory: ctx.directory, env: ctx.io.env, consent }, previous);
    ctx.print({ from, to: kind }, () => {
      const next = kind === 'passphrase' ? ' From now on start with `sallyport serve --passphrase`.' : '';
      return `The keys are ${WORDS[kind] ?? kind} now.${next}`;
    });
  } finally {
    release();
  }
}

async function placeOf(ctx: Context): Promise<string> {
  const kind = existsSync(ctx.directory) ? await secretPlace(ctx.directory) : undefined;
  if (kind === undefined) throw new SallyportError('not_found', `No gateway has kept keys in ${ctx.directory} yet.`);
  return kind;
}

/** From standard input line by line, or asked on the terminal; a new one is asked twice. */
function passphrases(ctx: Context): { present(): Promise<string>; chosen(): Promise<string> } {
  let lines: Promise<string[]> | undefined;
  const line = async (): Promise<string> => {
    lines ??= ctx.io.readAll().then((text) => text.split(/\r?\n/));
    return (await lines).shift() ?? '';
  };
  const asked = (question: string): Promise<string> => {
    if (ctx.options.passphraseStdin === true) return line();
    if (ctx.io.ask === undefined) throw new Usage('There is no terminal to ask for the passphrase; pipe it in with --passphrase-stdin.');
    return ctx.io.ask(question, { secret: true });
  };
  return {
    present: () => asked('Present passphrase of the key store: '),
    async chosen() {
      const text = await asked('New passphrase of the key store (8 characters or more): ');
      if (text.length < 8) throw new SallyportError('invalid', 'The passphrase must have 8 characters or more.');
      if (ctx.options.passphraseStdin !== true && (await asked('Once more: ')) !== text)
        throw new SallyportError('invalid', 'The two differ; nothing was moved.');
      return text;
    },
  };
}
