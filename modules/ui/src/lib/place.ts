/** Where one is: all of it stands in the address, so that a link shows the same to whoever opens it. */
export interface Place {
  /** Parts of the path, unescaped; none at the overview. */
  path: string[];
  query: URLSearchParams;
}

/** @param hash of the address: {@code #/clients/berlin-1?range=6h} */
export function placeOf(hash: string): Place {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?', 2);
  return { path: path.split('/').filter(Boolean).map(unescaped), query: new URLSearchParams(query) };
}

export function hashOf(path: string[], query: URLSearchParams): string {
  const asked = query.toString();
  return '#/' + path.map(encodeURIComponent).join('/') + (asked ? '?' + asked : '');
}

/** By name, or where a name comes more than once as it will stand there. */
export type Asked = Record<string, string | null> | URLSearchParams;

/** What of an address goes along to every other screen: the time. */
const GOES_ALONG = ['range', 'from', 'to'];

/** A link from a place to another, over the same time; `more` is asked besides. */
export function linked(from: Place, path: string[], more: Asked = {}): string {
  const query = new URLSearchParams();
  GOES_ALONG.forEach((name) => {
    const value = from.query.get(name);
    if (value !== null) {
      query.set(name, value);
    }
  });
  if (more instanceof URLSearchParams) {
    more.forEach((value, name) => query.append(name, value));
    return hashOf(path, query);
  }
  return hashOf(path, changed(query, more));
}

/** The same with some members set, or with null left out. */
export function changed(query: URLSearchParams, more: Record<string, string | null>): URLSearchParams {
  const copy = new URLSearchParams(query);
  for (const [name, value] of Object.entries(more)) {
    if (value === null || value === '') {
      copy.delete(name);
    } else {
      copy.set(name, value);
    }
  }
  return copy;
}

function unescaped(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
