/** Series that are looked at side by side, as an address has them: {@code berlin-1~https%3A%2F%2Fa%2F}, at most six. */
export interface Compared {
  client_id: string;
  target: string;
}

export const MOST = 6;
const BETWEEN = '~';

export function comparedOf(query: URLSearchParams): Compared[] {
  return query
    .getAll('s')
    .map((text) => text.split(BETWEEN, 2).map(decoded))
    .filter((parts): parts is [string, string] => parts.length === 2 && parts.every(Boolean))
    .slice(0, MOST)
    .map(([client_id, target]) => ({ client_id, target }));
}

export function comparisonQuery(compared: Compared[]): URLSearchParams {
  const query = new URLSearchParams();
  compared.slice(0, MOST).forEach((one) => query.append('s', [one.client_id, one.target].map(encoded).join(BETWEEN)));
  return query;
}

export const isSame = (a: Compared, b: Compared) => a.client_id === b.client_id && a.target === b.target;

/** encodeURIComponent leaves the sign between alone. */
const encoded = (text: string) => encodeURIComponent(text).replaceAll(BETWEEN, '%7E');

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return '';
  }
}
