import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

/** Signs what a real provider signs, and checks it when it comes back: a changed byte is a 400, as there. */
export interface Signer {
  sign(text: string): string;
  /** Text that only we can read, as a token. */
  seal(text: string): string;
  verifies(text: string, signature: unknown): boolean;
  opens(token: unknown): boolean;
}

export function createSigner(secret: Buffer = randomBytes(32)): Signer {
  const mac = (text: string) => createHmac('sha256', secret).update(text).digest('base64');
  const same = (a: string, b: unknown) => typeof b === 'string' && a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
  return {
    sign: mac,
    verifies: (text, signature) => same(mac(text), signature),
    seal: (text) => {
      const body = Buffer.from(text).toString('base64');
      return `${body}.${mac(body)}`;
    },
    opens: (token) => typeof token === 'string' && same(mac(token.split('.')[0] ?? ''), token.split('.')[1]),
  };
}
