import { createHash, randomBytes } from 'node:crypto';

export interface ConsoleSession {
  /** The second secret: bound to the port by the page's localStorage, sent with every call. */
  csrf: string;
  capability?: string;
  seen: number;
}

const CODE_MS = 10 * 60_000;
const IDLE_MS = 12 * 3_600_000;
const MOST = 50;
const secret = () => randomBytes(24).toString('base64url');
const hash = (text: string) => createHash('sha256').update(text).digest('base64url');

/** Browsers that have opened the console, and the one-time codes that open it. In memory only. */
export class ConsoleSessions {
  private readonly codes = new Map<string, number>();
  private readonly sessions = new Map<string, ConsoleSession>();
  private readonly cookieName: string;

  constructor(private readonly options: { secure: boolean; now(): number }) {
    this.cookieName = options.secure ? '__Host-sallyport_console' : 'sallyport_console';
  }

  newCode(): string {
    const code = secret();
    this.codes.set(hash(code), this.options.now() + CODE_MS);
    if (this.codes.size > MOST) this.codes.delete(this.codes.keys().next().value!);
    return code;
  }

  /** True once for each code, until it expires. */
  takeCode(code: string): boolean {
    const key = hash(code);
    const expires = this.codes.get(key);
    this.codes.delete(key);
    return expires !== undefined && expires >= this.options.now();
  }

  open(capability?: string): { cookie: string; csrf: string } {
    const id = secret();
    const csrf = secret();
    this.sessions.set(hash(id), { csrf, seen: this.options.now(), ...(capability === undefined ? {} : { capability }) });
    if (this.sessions.size > MOST) this.sessions.delete(this.sessions.keys().next().value!);
    const secure = this.options.secure ? '; Secure' : '';
    return { cookie: `${this.cookieName}=${id}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${IDLE_MS / 1000}${secure}`, csrf };
  }

  find(cookies: string | undefined): ConsoleSession | undefined {
    for (const cookie of (cookies ?? '').split(';')) {
      const [name, value] = cookie.trim().split('=', 2);
      if (name !== this.cookieName || value === undefined) continue;
      const key = hash(value);
      const session = this.sessions.get(key);
      if (session === undefined) continue;
      if (this.options.now() - session.seen > IDLE_MS) {
        this.sessions.delete(key);
        continue;
      }
      session.seen = this.options.now();
      return session;
    }
    return undefined;
  }
}
