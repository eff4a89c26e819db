import { createHmac, timingSafeEqual } from 'node:crypto';

/** What the server answers to a client's nonce: only who knows the token can. */
export function serverProof(token: string, nonce: string): string {
  return createHmac('sha256', token).update(`sallyport control server\n${nonce}`).digest('base64url');
}

/** Constant-time comparison of two texts of any length. */
export function sameText(a: string, b: string): boolean {
  const key = 'compare';
  const digest = (text: string) => createHmac('sha256', key).update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
