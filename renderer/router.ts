import { signal } from '@preact/signals';

/** Where the console is: the part after `#`, split at `/`. `/sessions/se_1?q=x` → ['sessions', 'se_1'] and its query. */
export interface Place {
  path: string[];
  query: URLSearchParams;
}

export const place = signal<Place>(read());

function read(): Place {
  const [path = '', query = ''] = (typeof location === 'undefined' ? '' : location.hash.slice(1)).split('?');
  return { path: path.split('/').filter(Boolean).map(decodeURIComponent), query: new URLSearchParams(query) };
}

if (typeof window !== 'undefined') window.addEventListener('hashchange', () => (place.value = read()));

/** Goes somewhere; `replace` leaves no step in the history (typing in a search box). */
export function go(path: string, replace = false): void {
  if (replace) {
    history.replaceState(null, '', `#${path}`);
    place.value = read();
  } else location.hash = path;
}

/** The address of a place, for links. */
export const to = (path: string): string => `#${path}`;
