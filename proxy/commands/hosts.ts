/** The host of an address or URL; undefined when there is none. */
export function hostOf(url: string): string | undefined {
  const m = /^(?:[a-z][a-z0-9+.-]*:\/\/)?(?:[^/@\s]*@)?(\[[0-9a-f:.]+\]|[^/:?#\s]+)(?::\d+)?(?:[/?#]|$)/i.exec(url.trim());
  const h = m?.[1]?.toLowerCase();
  return h && (h.includes('.') || h.startsWith('[') || h === 'localhost' || /^0x[0-9a-f]+$|^\d{8,10}$/.test(h) || /^[a-z]+:\/\//i.test(url))
    ? h
    : undefined;
}

/** An address written as numbers, in any spelling, that is not this machine or a private network. */
export function isRawAddress(host: string): boolean {
  const h = hostOf(host) ?? host;
  if (/^0x[0-9a-f]+$/i.test(h) || /^\d{8,10}$/.test(h)) return true;
  if (h.startsWith('[')) return h !== '[::1]';
  if (!/^(?:0x[0-9a-f]+|\d{1,4})(?:\.(?:0x[0-9a-f]+|\d{1,4})){3}$/i.test(h)) return false;
  return !/^127\.|^0\.0\.0\.0$/.test(h);
}

/** The services that hand credentials to whoever asks from inside a cloud machine. */
export function isMetadata(host: string): boolean {
  return /^(?:169\.254\.169\.254|169\.254\.170\.2|metadata\.google\.internal|metadata|100\.100\.100\.200|metadata\.azure\.\w+|instance-data|\[fd00:ec2::254\]|2852039166|0xa9fea9fe|192\.0\.0\.192)$/i.test(
    host,
  );
}

const DROPS =
  /(?:^|\.)(?:pastebin\.com|paste\.ee|hastebin\.com|termbin\.com|ix\.io|0x0\.st|transfer\.sh|file\.io|ghostbin\.\w+|dpaste\.\w+|sprunge\.us|rentry\.co|webhook\.site|requestbin\.\w+|requestcatcher\.com|pipedream\.net|beeceptor\.com|interact\.sh|oast\.\w+|oastify\.com|burpcollaborator\.net|dnslog\.cn|ngrok\.io|ngrok-free\.app|ngrok\.app|trycloudflare\.com|loca\.lt|serveo\.net|anonfiles\.com|gofile\.io|bashupload\.com|temp\.sh|catbox\.moe|hookbin\.com|canarytokens\.com|discord(?:app)?\.com\/api\/webhooks|api\.telegram\.org)$/i;

/** Places where anybody can drop or collect data. */
export function isPaste(host: string): boolean {
  return DROPS.test(hostOf(host) ?? host);
}

/** The address of a script or program. */
export function isExecutableUrl(url: string): boolean {
  return /\.(?:sh|bash|py|pl|rb|exe|msi|bat|cmd|ps1|elf|run|jar|apk|scr|vbs|hta|dll|bin)(?:[?#]|$)/i.test(url);
}
