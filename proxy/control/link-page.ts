import type { Approval } from '../contract/index.js';

/** Headers of everything that the listener of links answers: nothing is loaded, kept, framed or told to others. */
export const LINK_HEADERS: Record<string, string> = {
  'content-security-policy':
    "default-src 'none'; style-src 'sha256-STYLE'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; require-trusted-types-for 'script'",
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'x-robots-tag': 'noindex, nofollow, noarchive',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'strict-transport-security': 'max-age=31536000',
  'cache-control': 'no-store',
};

export const STYLE =
  'body{font:16px/1.5 system-ui,sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem;color-scheme:light dark}' +
  'pre{white-space:pre-wrap;overflow-wrap:anywhere;border:1px solid;padding:.8rem;max-height:30rem;overflow:auto}' +
  'dt{font-weight:600}dd{margin:0 0 .5rem}button{font:inherit;padding:.5rem 1.2rem;margin-right:.8rem}input{font:inherit;width:100%;box-sizing:border-box}';

const plain = (text: string): string =>
  text
    .replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`)
    .replace(
      /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\u200b-\u200f\u202a-\u202e\u2066-\u2069]/g,
      (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
    );

const page = (title: string, body: string): string =>
  `<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${plain(title)}</title><style>${STYLE}</style></head><body><main><h1>${plain(title)}</h1>${body}</main></body></html>\n`;

/** A page that only says something. */
export const sayPage = (title: string, sentence: string): string => page(title, `<p role="status">${plain(sentence)}</p>`);

/** What a person must see before deciding, masked, and a form that carries the proof that this page was shown. */
export function approvalPage(a: Approval, person: string, form: { token: string; version: number } | undefined, now: number): string {
  const row = (name: string, value: string): string => `<dt>${plain(name)}</dt><dd>${plain(value)}</dd>`;
  const minutes = Math.max(0, Math.ceil((Date.parse(a.expiresAt) - now) / 60_000));
  const facts = [
    row('Agent', `${a.agent.name} (owner ${a.agent.owner})`),
    a.kind === 'tool-call'
      ? row('Wants to run', a.tool?.name ?? 'a tool')
      : row('Wants to send to', `${a.destination}${a.model === undefined ? '' : `, model ${a.model}`}`),
    ...a.verdicts.map((v) => row('Rule', `${v.rule}: ${v.sentence}`)),
    ...(a.tool?.risks ?? []).map((r) => row(`Risk (${r.level})`, r.sentence)),
    ...(a.tool?.facts ?? []).map((f) => row('Fact', [f.kind, f.target, f.detail].filter(Boolean).join(' · '))),
    row('Code', a.code),
    row('State', a.state === 'pending' ? `waits, ${minutes} minutes left` : a.state),
  ].join('');
  const shown = a.shown.map((s) => `<h2>${plain(s.title)}</h2><pre>${plain(s.text)}</pre>`).join('');
  const decide =
    form === undefined
      ? ''
      : `<form method="post"><input type="hidden" name="form" value="${plain(form.token)}"><input type="hidden" name="version" value="${form.version}">` +
        '<p><label>Reason (the agent reads it when you deny) <input name="reason" maxlength="500" autocomplete="off"></label></p>' +
        '<p><button name="decision" value="approve">Approve</button><button name="decision" value="deny">Deny</button></p>' +
        `<p>Decided as ${plain(person)}; this link works once.</p></form>`;
  return page('Approve?', `<dl>${facts}</dl>${shown}${decide}`);
}
