/** Asks again and again until there is something; fails after `ms` with a sentence that says what was waited for. */
export async function until<T>(ask: () => T | undefined | Promise<T | undefined>, what: string | (() => string), ms = 30_000): Promise<T> {
  let error: unknown;
  for (const began = Date.now(); Date.now() - began < ms; ) {
    try {
      const found = await ask();
      if (found !== undefined && found !== false) return found;
      error = undefined;
    } catch (e) {
      error = e;
    }
    await new Promise((resolve) => setTimeout(resolve, 40));
  }
  throw new Error(`waited ${ms / 1000} s in vain for ${typeof what === 'string' ? what : what()}`, { cause: error });
}
