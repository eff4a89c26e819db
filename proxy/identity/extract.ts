import { SallyportError } from '../contract/index.js';

/** Headers in which clients send their credential, lower case. None of them is ever forwarded. */
export const CREDENTIAL_HEADERS = ['authorization', 'x-api-key', 'api-key', 'x-goog-api-key', 'proxy-authorization'] as const;

const LENGTHS = new Set(CREDENTIAL_HEADERS.map((name) => name.length));

/** Longest credential that is looked at; tokens with many groups reach 8 KB. */
const MAX_CREDENTIAL = 16_384;

/**
 * The one credential of a request, from node's raw header list. All spellings of all clients are read here and nowhere else.
 * A header sent twice, or two headers that disagree, is refused: which of two credentials counts must never be a matter of
 * who reads them.
 * @throws SallyportError no_credential, conflicting_credentials, bad_credential
 */
export function extractCredential(rawHeaders: readonly string[]): string {
  let credential = '';
  let seen = 0;
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const raw = rawHeaders[i]!;
    if (!LENGTHS.has(raw.length as 7)) continue;
    const index = CREDENTIAL_HEADERS.indexOf(raw.toLowerCase() as 'authorization');
    if (index < 0) continue;
    const header = CREDENTIAL_HEADERS[index]!;
    if ((seen & (1 << index)) !== 0) {
      throw new SallyportError('conflicting_credentials', `The header "${header}" was sent twice. Send one credential, once.`);
    }
    seen |= 1 << index;
    const value = read(header, rawHeaders[i + 1] ?? '');
    if (value === '' || value === credential) continue;
    if (credential !== '') {
      throw new SallyportError(
        'conflicting_credentials',
        `"${header}" carries another credential than an earlier header. Send one agent key.`,
      );
    }
    credential = value;
  }
  if (credential === '') {
    throw new SallyportError(
      'no_credential',
      'No agent key was sent. Send "Authorization: Bearer sp_…" or "x-api-key: sp_…"; `sallyport env` prints one.',
    );
  }
  if (credential.length > MAX_CREDENTIAL)
    throw new SallyportError('bad_credential', 'The credential is longer than any that is accepted here.');
  return credential;
}

function read(header: string, value: string): string {
  const text = value.trim();
  if (!header.endsWith('authorization')) return text;
  const bearer = /^bearer(?: +|$)(.*)$/i.exec(text);
  // Another scheme still counts as a credential, so that it conflicts with a second one instead of being overlooked.
  return bearer ? bearer[1]!.trim() : text;
}
