import { request } from 'node:http';

/**
 * A person's browser, reduced to what sign-in pages need: follows redirects, keeps cookies, fills the sign-in form and presses
 * its button. Stands in for the system browser in tests and in `demo --auto`, against the provider of idp.ts.
 * Returns the last page.
 */
export async function browseSignIn(address: string, login: string): Promise<{ status: number; html: string; url: string }> {
  const jar = new Map<string, string>();
  let url = new URL(address);
  let body: string | undefined;
  for (let step = 0; step < 15; step++) {
    const page = await load(url, [...jar].map(([name, value]) => `${name}=${value}`).join('; '), body);
    for (const cookie of page.cookies) {
      const pair = cookie.split(';', 1)[0] ?? '';
      const equals = pair.indexOf('=');
      jar.set(pair.slice(0, equals), pair.slice(equals + 1));
    }
    body = undefined;
    if (page.status >= 300 && page.status < 400) {
      url = new URL(page.location, url);
      continue;
    }
    const form = page.html.match(/<form[^>]*action="([^"]+)"[^>]*>([\s\S]*?)<\/form>/);
    if (!form) return { status: page.status, html: page.html, url: url.href };
    url = new URL(form[1]!.replaceAll('&amp;', '&'), url);
    body = filled(form[2]!, login);
  }
  throw new Error('the sign-in pages never end');
}

function filled(form: string, login: string): string {
  const attribute = (tag: string, name: string) => tag.match(new RegExp(`${name}="([^"]*)"`))?.[1];
  const fields = new URLSearchParams();
  for (const [tag] of form.matchAll(/<input[^>]*>/g)) {
    const name = attribute(tag, 'name');
    if (name !== undefined) fields.set(name, attribute(tag, 'value') ?? '');
  }
  if (fields.has('login')) {
    fields.set('login', login);
    fields.set('password', 'any');
  }
  for (const [, name, value] of form.matchAll(/<button[^>]*name="([^"]+)"[^>]*value="([^"]*)"/g)) {
    if (!/abort/.test(name!)) fields.set(name!, value!);
  }
  return fields.toString();
}

function load(url: URL, cookie: string, body?: string) {
  return new Promise<{ status: number; location: string; cookies: string[]; html: string }>((resolve, reject) => {
    const headers = body === undefined ? { cookie } : { cookie, 'content-type': 'application/x-www-form-urlencoded' };
    const outgoing = request(url, { method: body === undefined ? 'GET' : 'POST', headers }, (response) => {
      let html = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => (html += chunk));
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          location: response.headers.location ?? '',
          cookies: response.headers['set-cookie'] ?? [],
          html,
        }),
      );
      response.on('error', reject);
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}
