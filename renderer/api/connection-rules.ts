/** Lines `METHOD /path`; a line without a method means any. */
export function readRules(text: string): { method: string; path: string }[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean)
    .map((line) => {
      const [first = '', ...rest] = line.split(/\s+/);
      return rest.length === 0 ? { method: '*', path: first } : { method: first.toUpperCase(), path: rest.join(' ') };
    });
}
