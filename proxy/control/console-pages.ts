/** Headers of everything that the console server answers. */
export const CONSOLE_HEADERS: Record<string, string> = {
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; '),
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), microphone=(), geolocation=(), usb=(), payment=()',
  'cache-control': 'no-store',
};

/** The door page: takes the one-time code out of the address, or signs in by device flow, and goes on to the console. */
export const OPEN_PAGE = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Sallyport</title><meta name="viewport" content="width=device-width"></head>
<body><main><h1>Sallyport</h1><p id="say" role="status">Opening the console …</p><p><a id="link" hidden rel="noopener noreferrer" target="_blank"></a></p></main>
<script src="/open.js"></script></body>
</html>
`;

export const OPEN_SCRIPT = `'use strict';
(async () => {
  const say = (text) => { document.getElementById('say').textContent = text; };
  const post = async (path, body) => {
    const res = await fetch(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body || {}) });
    const answer = await res.json();
    if (!res.ok) throw new Error(answer.error ? answer.error.message : 'The console could not be opened.');
    return answer;
  };
  const enter = (answer) => { localStorage.setItem('sallyport-csrf', answer.csrf); location.replace('/'); };
  const code = location.hash.slice(1);
  try {
    history.replaceState(null, '', '/open');
    if (code) return enter(await post('/open', { code }));
    const attempt = await post('/open/sign-in').catch(() => undefined);
    if (!attempt || !attempt.url) return say('Open the console by the address that the terminal printed; "sallyport console" prints a new one.');
    const link = document.getElementById('link');
    const target = new URL(attempt.url);
    if (target.protocol === 'https:' || target.protocol === 'http:') {
      link.href = target.href; link.textContent = target.href; link.hidden = false;
    }
    say('Sign in at the address below' + (attempt.userCode ? ' and enter the code ' + attempt.userCode : '') + '. This page goes on by itself.');
    enter(await post('/open/wait', { id: attempt.id }));
  } catch (error) { say(error.message); }
})();
`;
