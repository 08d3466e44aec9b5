/** The time a screen is about. */
export interface Range {
  /** Epoch ms, inclusive. */
  from: number;
  /** Epoch ms, exclusive. */
  to: number;
  /** One of {@link NAMED}, or null for a time that was chosen by its ends. */
  name: RangeName | null;
}

export type RangeName = '1h' | '6h' | '24h' | '7d' | '30d';
export type Resolution = '1m' | '5m' | '1h' | '1d';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

export const NAMED: Record<RangeName, number> = {
  '1h': HOUR,
  '6h': 6 * HOUR,
  '24h': DAY,
  '7d': 7 * DAY,
  '30d': 30 * DAY,
};
export const LENGTH: Record<Resolution, number> = { '1m': MINUTE, '5m': 5 * MINUTE, '1h': HOUR, '1d': DAY };

/** What a link asks for; what cannot be read is the last hour. */
export function rangeOf(query: URLSearchParams, now: number): Range {
  const from = Date.parse(query.get('from') ?? '');
  const to = Date.parse(query.get('to') ?? '');
  if (from < to) {
    return { from, to, name: null };
  }
  const asked = query.get('range') ?? '1h';
  const name = Object.hasOwn(NAMED, asked) ? (asked as RangeName) : '1h';
  return { from: now - NAMED[name], to: now, name };
}

/** How a link says it; nothing of the last hour, which is what one gets anyway. */
export function rangeQuery(range: Range): Record<string, string | null> {
  return range.name
    ? { range: range.name === '1h' ? null : range.name, from: null, to: null }
    : { range: null, from: new Date(range.from).toISOString(), to: new Date(range.to).toISOString() };
}

/** The finest that has at most some seven hundred windows in it. */
export function resolutionOf(range: Range): Resolution {
  const length = range.to - range.from;
  if (length <= 12 * HOUR) {
    return '1m';
  }
  if (length <= 2 * DAY) {
    return '5m';
  }
  return length <= 31 * DAY ? '1h' : '1d';
}

/** A time with a name that moves on by the minute, once it is so long that fifteen seconds more say nothing. */
export function steady(now: number, range: Range): number {
  return range.to - range.from > 6 * HOUR ? Math.floor(now / MINUTE) * MINUTE : now;
}

/** The same length around another middle, or another length around the same one; never less than five minutes. */
export function zoomed(range: Range, factor: number, middle = (range.from + range.to) / 2): Range {
  const half = Math.max(((range.to - range.from) * factor) / 2, 2.5 * MINUTE);
  return { from: Math.round(middle - half), to: Math.round(middle + half), name: null };
}
