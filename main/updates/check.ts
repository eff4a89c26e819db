export interface UpdateChannel {
  /** `https://…/latest.json` with `{ "version": "1.2.3" }`. */
  url: string;
}

/** @returns the newer version, or undefined */
export async function checkForUpdate(
  channel: UpdateChannel | undefined,
  current: string,
  fetchJson: (url: string) => Promise<unknown>,
): Promise<string | undefined> {
  if (!channel?.url.startsWith('https://')) return undefined;
  const answer = (await fetchJson(channel.url)) as { version?: unknown } | null;
  return typeof answer?.version === 'string' && newer(answer.version, current) ? answer.version : undefined;
}

/** Semantic Versioning 2.0.0 §11, without pre-releases: those are never offered. */
export function newer(candidate: string, current: string): boolean {
  const parse = (v: string): number[] | undefined => /^(\d{1,9})\.(\d{1,9})\.(\d{1,9})$/.exec(v)?.slice(1).map(Number);
  const a = parse(candidate);
  const b = parse(current);
  if (!a || !b) return false;
  for (let i = 0; i < 3; i++) if (a[i] !== b[i]) return (a[i] as number) > (b[i] as number);
  return false;
}
