/** Whom a program talks to, and what it sends. */
import { talksTo } from '../destination.js';
import { hostOf, isExecutableUrl } from '../hosts.js';
import type { ScriptRun } from './rules.js';
import { carried, type Taint, tainted, type Value } from './values.js';

/** Judges a request. */
export function network(name: string, args: Value[], run: ScriptRun): Value {
  const f = run.x.findings;
  run.seen.add('fetch');
  const options = args.find((a) => a.fields);
  const host = options?.fields?.get('hostname')?.text ?? options?.fields?.get('host')?.text;
  const url =
    args.map((a) => a.text).find((t) => t !== undefined && /^(?:https?|wss?):\/\//.test(t)) ??
    options?.fields?.get('url')?.text ??
    (host ? `https://${host}${options?.fields?.get('path')?.text ?? '/'}` : '');
  const to = hostOf(url) ?? 'another machine';
  talksTo(to, f);
  if (isExecutableUrl(url)) f.risk('download-run', 'network/download-program', 'risky', `Downloads a program from ${to}`, url);
  // Headers carry the key of the service itself; what counts is the address and the body.
  const body = args.map((a) =>
    a.fields ? { ...a, fields: new Map([...a.fields].filter(([k]) => !/^(?:headers|auth|httpsAgent|agent|signal)$/.test(k))) } : a,
  );
  const t = new Set<Taint>(body.flatMap((a) => [...carried(a)]));
  if (t.has('secret') || (t.has('env') && body.some((a) => whole(a))))
    f.risk('network-send', 'code/secret-send', 'catastrophic', `Sends credentials to ${to}`, to);
  else if (t.has('file')) f.risk('network-send', 'code/upload', 'risky', `Sends a file to ${to}`, to);
  else if (run.taints.has('secret')) f.risk('network-send', 'code/secret-send', 'risky', `Talks to ${to} after it read credentials`, to);
  else if (/post|put|patch|sendBeacon/i.test(name) || /^(?:POST|PUT|PATCH)$/i.test(options?.fields?.get('method')?.text ?? ''))
    f.risk('network-send', 'code/post', 'notable', `Sends data to ${to}`, to);
  else if (/^DELETE$/i.test(options?.fields?.get('method')?.text ?? '') || /\.delete$/.test(name))
    f.risk('delete', 'network/delete', /:9200|_all\b|\*|\/admin\b/.test(url) ? 'risky' : 'notable', `Asks ${to} to delete`, to);
  return { name: `${name}()`, taints: tainted('net') };
}

/** The whole environment, not one setting of it. */
function whole(v: Value): boolean {
  return (
    v.name === 'process.env' ||
    (v.taints.has('env') && v.taints.has('secret')) ||
    [...(v.fields?.values() ?? []), ...(v.items ?? [])].some(whole)
  );
}
