/** The one origin of our pages. */
export const CONSOLE_ORIGIN = 'app://sallyport';

/** [7] and Trusted Types. `connect-src 'self'` is the control API at the page's own origin; there is no other network. */
export const CONTENT_SECURITY_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; object-src 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

/** Pages and files of ours, and what a page of ours made itself (a file to save). */
export function isOurs(url: string): boolean {
  return [CONSOLE_ORIGIN, `blob:${CONSOLE_ORIGIN}`].some((origin) => url === origin || url.startsWith(`${origin}/`));
}
