import type { ComponentChildren } from 'preact';

/** What a masked value became: `EMAIL_ADDRESS_k7f2q3ab` or `[REDACTED:AWS_SECRET_KEY]`. */
const PLACEHOLDER = /\[REDACTED:[A-Z0-9_]+\]|\b[A-Z][A-Z0-9_]*_[a-z2-7]{8,}\b/g;
/** Controls, direction overrides and invisible characters are shown as what they are: recorded text is hostile until proven otherwise. */
const HOSTILE =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]|[\u{e0000}-\u{e007f}]/gu;

/** One placeholder as a chip that names its type in words. */
export function Placeholder({ text }: { text: string }) {
  const entity = /^\[REDACTED:([A-Z0-9_]+)\]$/.exec(text)?.[1] ?? text.replace(/_[a-z2-7]{8,}$/, '');
  return (
    <span class="masked" title={text}>
      {words(entity)}
      <span class="visually-hidden"> masked</span>
    </span>
  );
}

/** `US_SSN` → `us ssn`. */
export const words = (entity: string): string => entity.toLowerCase().replaceAll('_', ' ');

/** Recorded text: plain, harmless, bounded, with masked values as chips. Longer text is cut and can be shown whole by its reader. */
export function Recorded({ text, limit = 20_000 }: { text: string; limit?: number }) {
  const shown = text.length > limit ? text.slice(0, limit) : text;
  const out: ComponentChildren[] = [];
  let at = 0;
  for (const match of shown.matchAll(PLACEHOLDER)) {
    out.push(visible(shown.slice(at, match.index)));
    out.push(<Placeholder key={match.index} text={match[0]} />);
    at = match.index + match[0].length;
  }
  out.push(visible(shown.slice(at)));
  return (
    <bdi class="recorded">
      {out}
      {text.length > limit ? <em class="muted"> … {(text.length - limit).toLocaleString()} more characters</em> : null}
    </bdi>
  );
}

export function visible(text: string): string {
  return text.replace(HOSTILE, (c) => `\u27e8${(c.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}\u27e9`);
}
